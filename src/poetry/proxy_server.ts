import { CancelledError, type Deferred, type Failure, Protocol, ServerFactory } from 'txtrial/internet';
import type { ProxyService } from './proxy_service.js';
import { sendPoem } from './send_poem.js';

/** Sends the poem as soon as the service has it. */
export class PoetryProxyProtocol extends Protocol {
  declare factory: PoetryProxyFactory;
  #waiting: Deferred<void> | undefined;

  override connectionMade(): void {
    this.#waiting = this.factory.service.getPoem().addCallbacks(
      (poem) => sendPoem(poem, this.transport),
      (failure) => this.#failed(failure),
    );
  }

  override connectionLost(_reason: Failure): void {
    this.#waiting?.cancel();
  }

  #failed(failure: Failure): void {
    // A clean close would pass for an empty poem.
    if (!failure.check(CancelledError)) this.transport.abortConnection();
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
