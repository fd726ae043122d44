/** Plain callbacks: one for the poem, one for the failure, and a count of what is still to come. */
import { ClientFactory, ConnectionDone, type Connector, type Failure, Protocol, reactor } from 'txtrial/internet';
import type { ServerAddress } from '../address.js';
import { cummingsify } from '../transform_service.js';
import type { Poems } from './result.js';

class CallbackProtocol extends Protocol {
  declare factory: CallbackFactory;
  readonly #pieces: Buffer[] = [];

  override dataReceived(data: Buffer): void {
    this.#pieces.push(data);
  }

  override connectionLost(reason: Failure): void {
    if (reason.check(ConnectionDone)) this.factory.callback(Buffer.concat(this.#pieces));
    else this.factory.errback(reason);
  }
}

class CallbackFactory extends ClientFactory {
  override protocol = CallbackProtocol;
  readonly callback: (poem: Buffer) => void;
  readonly errback: (reason: Failure) => void;

  constructor(callback: (poem: Buffer) => void, errback: (reason: Failure) => void) {
    super();
    this.callback = callback;
    this.errback = errback;
  }

  override clientConnectionFailed(_connector: Connector, reason: Failure): void {
    this.errback(reason);
  }
}

/** Calls `finished` with the poems, once. */
export function getPoems(servers: readonly ServerAddress[], finished: (poems: Poems) => void): void {
  const poems: (string | undefined)[] = servers.map(() => undefined);
  let missing = servers.length;
  const oneIsDone = () => {
    missing--;
    if (missing === 0) finished(poems);
  };

  for (const [i, { host, port }] of servers.entries()) {
    const gotPoem = (poem: Buffer) => {
      poems[i] = String(cummingsify(poem));
      oneIsDone();
    };
    reactor.connectTCP(host, port, new CallbackFactory(gotPoem, oneIsDone));
  }
}
