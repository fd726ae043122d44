import { type Deferred, type Failure, reactor, TimeoutError } from 'txtrial/internet';
import { formatAddress, type ServerAddress } from './address.js';
import { getPoetryBytes } from './client.js';
import { formatElapsed } from './elapsed.js';
import { GibberishError, TransformProxy } from './transform_client.js';

/** How one poem is got. */
export interface GetTaskOptions {
  /** Whether the poems are got one after another. */
  readonly blocking?: boolean;
  /** Seconds that a poem may take, and again its transform. */
  readonly timeout?: number;
  /** The server that transforms the poem. */
  readonly transform?: ServerAddress;
  readonly transformName?: string;
  /** Is told how the work goes. */
  readonly say?: ((line: string) => void) | undefined;
}

/** Gets the poem of one server, and says how it goes. */
export class GetTask {
  readonly #number: number;
  readonly #server: ServerAddress;
  readonly #options: GetTaskOptions;

  constructor(number: number, server: ServerAddress, options: GetTaskOptions) {
    this.#number = number;
    this.#server = server;
    this.#options = options;
  }

  /** @returns A Deferred of the poem, transformed if that is wanted. */
  getPoem(): Deferred<Buffer> {
    const poem = this.#options.blocking ? this.#getSayingLittle() : this.#getSayingMuch();
    return poem.addCallback((original) => this.#transform(original));
  }

  /** A line for each piece that comes. */
  #getSayingMuch(): Deferred<Buffer> {
    return this.#download((piece) =>
      this.#say(`got ${piece.length} bytes of poetry from ${this.#address}`),
    ).addCallback((poem) => {
      this.#say(`${poem.length} bytes of poetry`);
      return poem;
    });
  }

  /** A line before and a line after. */
  #getSayingLittle(): Deferred<Buffer> {
    const started = reactor.seconds();
    this.#say(`get poetry from: ${this.#address}`);
    return this.#download().addCallback((poem) => {
      const elapsed = formatElapsed(reactor.seconds() - started);
      this.#say(`got ${poem.length} bytes of poetry from ${this.#address} in ${elapsed}`);
      return poem;
    });
  }

  #download(pieceReceived?: (piece: Buffer) => void): Deferred<Buffer> {
    return this.#inTime(getPoetryBytes(this.#server.host, this.#server.port, pieceReceived), 'poem');
  }

  #transform(original: Buffer): Buffer | Deferred<Buffer> {
    const { transform, transformName = 'cummingsify' } = this.#options;
    if (transform === undefined) return original;
    const transformed = new TransformProxy(transform).xform(transformName, original);
    return this.#inTime(transformed, 'answer of the transform server').addErrback((failure: Failure) => {
      // No transform is no harm: the poem is there. One that answers nonsense is not to be trusted.
      if (failure.check(GibberishError)) return failure;
      process.stderr.write('Cummingsify failed!\n');
      this.#say(
        `transform ${transformName} at ${formatAddress(transform.host, transform.port)}: ${failure.getErrorMessage()}`,
      );
      return original;
    });
  }

  #inTime(awaited: Deferred<Buffer>, what: string): Deferred<Buffer> {
    const { timeout } = this.#options;
    if (timeout === undefined) return awaited;
    return awaited.addTimeout(timeout, reactor, (): never => {
      throw new TimeoutError(`no ${what} within ${timeout} seconds`);
    });
  }

  get #address(): string {
    return formatAddress(this.#server.host, this.#server.port);
  }

  #say(text: string): void {
    this.#options.say?.(`Task ${this.#number}: ${text}`);
  }
}
