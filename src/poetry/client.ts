import {
  ClientFactory,
  ConnectionDone,
  type Connector,
  Deferred,
  type Failure,
  Protocol,
  reactor,
} from 'txtrial/internet';

/** Collects a poem until the server closes the connection. */
export class PoetryClientProtocol extends Protocol {
  declare factory: PoetryClientFactory;
  readonly #pieces: Buffer[] = [];

  override dataReceived(data: Buffer): void {
    this.#pieces.push(data);
    this.factory.pieceReceived(data);
  }

  override connectionLost(reason: Failure): void {
    // Of a connection that is reset what has come is no poem. A server that is killed is another matter: the system
    // closes its connections in order, and nothing in a poem says where it ends.
    if (reason.check(ConnectionDone)) this.factory.poemFinished(Buffer.concat(this.#pieces));
    else this.factory.poemFailed(reason);
  }
}

/** Gets one poem and hands it, or what went wrong, to its Deferred. */
export class PoetryClientFactory extends ClientFactory {
  override protocol = PoetryClientProtocol;
  #deferred: Deferred<Buffer> | undefined;
  readonly #pieceReceived: ((piece: Buffer) => void) | undefined;

  /** @param pieceReceived - Is called with each piece of the poem when it comes. */
  constructor(deferred: Deferred<Buffer>, pieceReceived?: (piece: Buffer) => void) {
    super();
    this.#deferred = deferred;
    this.#pieceReceived = pieceReceived;
  }

  /** From now on nobody waits for the poem: what still comes, an error too, is of no interest. */
  giveUp(): void {
    this.#deferred = undefined;
  }

  pieceReceived(piece: Buffer): void {
    this.#pieceReceived?.(piece);
  }

  poemFinished(poem: Buffer): void {
    this.#deferred?.callback(poem);
  }

  poemFailed(reason: Failure): void {
    this.#deferred?.errback(reason);
  }

  override clientConnectionFailed(_connector: Connector, reason: Failure): void {
    this.poemFailed(reason);
  }
}

/**
 * Gets a poem from a poetry server.
 *
 * @param host - Name or address of the server.
 * @param port - Its TCP port; one outside 1..65535 fails as a refused connection.
 * @param pieceReceived - Is called with each piece of the poem when it comes.
 * @returns A Deferred of the bytes as they came, up to the end of the connection: a server that is killed half-way leaves a
 * poem that is too short, since the system closes its connections in order. It fails with what else ended the connection:
 * ConnectionRefusedError, ConnectionLost when it was reset, and so on. Cancelling it closes the connection.
 */
export function getPoetryBytes(host: string, port: number, pieceReceived?: (piece: Buffer) => void): Deferred<Buffer> {
  const deferred = new Deferred<Buffer>(() => {
    factory.giveUp();
    connector.disconnect();
  });
  const factory = new PoetryClientFactory(deferred, pieceReceived);
  const connector = reactor.connectTCP(host, port, factory);
  return deferred;
}

/**
 * Gets a poem from a poetry server, as text in UTF-8.
 *
 * @param host - Name or address of the server.
 * @param port - Its TCP port; one outside 1..65535 fails as a refused connection.
 * @returns A Deferred of the text; as {@link getPoetryBytes} otherwise.
 */
export function getPoetry(host: string, port: number): Deferred<string> {
  return getPoetryBytes(host, port).addCallback((poem) => poem.toString('utf8'));
}
