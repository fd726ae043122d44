import { type Failure, type PendingCall, Protocol, type ReactorTime, ServerFactory } from 'txtrial/internet';
import { logSending } from './send_poem.js';

/** Sends the poem a few bytes at a time, with a pause after each. */
export class SlowPoetryProtocol extends Protocol {
  declare factory: SlowPoetryFactory;
  #sent = 0;
  #pause: PendingCall | undefined;

  override connectionMade(): void {
    this.factory.clientCame(this);
  }

  /** It is this client's turn. */
  begin(): void {
    logSending(this.factory.poem, this.transport);
    this.#sendSome();
  }

  override connectionLost(_reason: Failure): void {
    if (this.#pause?.active()) this.#pause.cancel();
    this.factory.clientLeft(this);
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
  /** Whether each client waits until the ones before it have left, as with a server that blocks. */
  readonly blocking?: boolean;
  /** What measures the pauses: the reactor, or a Clock in a test. */
  readonly clock: ReactorTime;
}

/** Serves one poem slowly to everyone who connects: to each at a pace of its own, or to one client after another. */
export class SlowPoetryFactory extends ServerFactory {
  override protocol = SlowPoetryProtocol;
  readonly poem: Buffer;
  readonly numBytes: number;
  readonly delay: number;
  readonly blocking: boolean;
  readonly clock: ReactorTime;
  // In the order they came; when blocking, the first one is being served.
  readonly #clients = new Set<SlowPoetryProtocol>();

  constructor(poem: Buffer | string, { numBytes = 10, delay = 0.1, blocking = false, clock }: SlowPoetryOptions) {
    super();
    this.poem = Buffer.from(poem);
    this.numBytes = numBytes;
    this.delay = delay;
    this.blocking = blocking;
    this.clock = clock;
  }

  /** A client has connected. */
  clientCame(client: SlowPoetryProtocol): void {
    this.#clients.add(client);
    if (!this.blocking || this.#clients.size === 1) client.begin();
  }

  /** A client has its poem, or has gone without. */
  clientLeft(client: SlowPoetryProtocol): void {
    const [served] = this.#clients;
    this.#clients.delete(client);
    const [next] = this.#clients;
    if (this.blocking && client === served) next?.begin();
  }
}
