import { type Failure, type PendingCall, Protocol, type ReactorTime, ServerFactory } from 'txtrial/internet';
import { msg } from 'txtrial/log';

/** Sends the poem a few bytes at a time, with a pause after each. */
export class SlowPoetryProtocol extends Protocol {
  declare factory: SlowPoetryFactory;
  #sent = 0;
  #pause: PendingCall | undefined;

  override connectionMade(): void {
    msg(`sending ${this.factory.poem.length} bytes of poetry to ${this.transport.getPeer()}`);
    this.#sendSome();
  }

  override connectionLost(_reason: Failure): void {
    if (this.#pause?.active()) this.#pause.cancel();
  }

  #sendSome(): void {
    const { poem, numBytes, delay, clock } = this.factory;
    const end = this.#sent + numBytes;
    this.transport.write(poem.subarray(this.#sent, end));
    this.#sent = end;
    if (end >= poem.length) this.transport.loseConnection();
    else this.#pause = clock.callLater(delay, () => this.#sendSome());
  }
}

/** How slow a slow server is. */
export interface SlowPoetryOptions {
  /** Bytes sent at a time. */
  readonly numBytes?: number;
  /** Seconds between two sendings. */
  readonly delay?: number;
  /** What measures the pauses: the reactor, or a Clock in a test. */
  readonly clock: ReactorTime;
}

/** Serves one poem slowly to everyone who connects, each at a pace of its own. */
export class SlowPoetryFactory extends ServerFactory {
  override protocol = SlowPoetryProtocol;
  readonly poem: Buffer;
  readonly numBytes: number;
  readonly delay: number;
  readonly clock: ReactorTime;

  constructor(poem: Buffer | string, { numBytes = 10, delay = 0.1, clock }: SlowPoetryOptions) {
    super();
    this.poem = Buffer.from(poem);
    this.numBytes = numBytes;
    this.delay = delay;
    this.clock = clock;
  }
}
