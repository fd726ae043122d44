import { type Deferred, type Failure, Protocol, ServerFactory } from 'txtrial/internet';
import type { ProxyService } from './proxy_service.js';
import { sendPoem } from './send_poem.js';

/** Sends the poem as soon as the service has it. */
export class PoetryProxyProtocol extends Protocol {
  declare factory: PoetryProxyFactory;
  #waiting: Deferred<void> | undefined;

  override connectionMade(): void {
    this.#waiting = this.factory.service.getPoem().addCallbacks(
      (poem) => sendPoem(poem, this.transport),
      // A clean close would pass for an empty poem. Of a client that has gone nothing is left to abort.
      () => this.transport.abortConnection(),
    );
  }

  override connectionLost(_reason: Failure): void {
    this.#waiting?.cancel();
  }
}

/** Serves the poem of another server. */
export class PoetryProxyFactory extends ServerFactory {
  override protocol = PoetryProxyProtocol;
  readonly service: ProxyService;

  constructor(service: ProxyService) {
    super();
    this.service = service;
  }
}
