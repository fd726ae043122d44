import { ClientFactory, ConnectionDone, type Connector, Deferred, type Failure, reactor } from 'txtrial/internet';
import { NetstringReceiver } from 'txtrial/protocols';
import { formatAddress, type ServerAddress } from './address.js';

/** A transform server has answered, but not with a netstring. */
export class GibberishError extends Error {
  override readonly name = 'GibberishError';
}

/** Sends one request and takes one answer. */
class TransformClientProtocol extends NetstringReceiver {
  declare factory: TransformClientFactory;

  override connectionMade(): void {
    this.sendString(this.factory.request);
  }

  override dataReceived(data: Buffer): void {
    super.dataReceived(data);
    if (!this.brokenPeer) return;
    this.factory.fail(new GibberishError('The transform server answered gibberish.'));
    // Not loseConnection(): a peer that talks gibberish may never take the rest of the request.
    this.transport.abortConnection();
  }

  override stringReceived(poem: Buffer): void {
    this.factory.succeed(poem);
    this.transport.loseConnection();
  }
}

class TransformClientFactory extends ClientFactory {
  override protocol = TransformClientProtocol;
  readonly request: Buffer;
  #answer: Deferred<Buffer> | undefined;

  constructor(request: Buffer, answer: Deferred<Buffer>) {
    super();
    this.request = request;
    this.#answer = answer;
  }

  succeed(poem: Buffer): void {
    this.giveUp()?.callback(poem);
  }

  fail(error: Failure | Error): void {
    this.giveUp()?.errback(error);
  }

  /** From now on nobody waits for the answer. */
  giveUp(): Deferred<Buffer> | undefined {
    const answer = this.#answer;
    this.#answer = undefined;
    return answer;
  }

  override clientConnectionFailed(_connector: Connector, reason: Failure): void {
    this.fail(reason);
  }

  override clientConnectionLost(_connector: Connector, reason: Failure): void {
    const closed = reason.check(ConnectionDone) !== undefined;
    this.fail(closed ? new ConnectionDone('The transform server closed the connection without an answer.') : reason);
  }
}

/** Stands for a transform server: asks it, over a connection of its own for each poem. */
export class TransformProxy {
  readonly #server: ServerAddress;

  constructor(server: ServerAddress) {
    this.#server = server;
  }

  /**
   * Has a poem transformed.
   *
   * @param name - Of the transform, `cummingsify` for one; without a dot.
   * @returns A Deferred of the new poem. It fails with GibberishError when the answer is no netstring, or else with what
   * ended the connection: ConnectionRefusedError, ConnectionDone when the server has no answer, and so on. Cancelling it
   * closes the connection.
   */
  xform(name: string, poem: Buffer): Deferred<Buffer> {
    const answer = new Deferred<Buffer>(() => {
      factory.giveUp();
      connector.disconnect();
    });
    const factory = new TransformClientFactory(Buffer.concat([Buffer.from(`${name}.`), poem]), answer);
    const connector = reactor.connectTCP(this.#server.host, this.#server.port, factory);
    return answer;
  }

  toString(): string {
    return formatAddress(this.#server.host, this.#server.port);
  }
}
