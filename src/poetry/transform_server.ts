import { CancelledError, type Deferred, type Failure, ServerFactory } from 'txtrial/internet';
import { err, msg } from 'txtrial/log';
import { NetstringReceiver } from 'txtrial/protocols';
import { type TransformService, UnknownTransformError } from './transform_service.js';

const DOT = '.'.charCodeAt(0);

/**
 * Answers one request, a netstring `NAME.TEXT`, with the transformed text as a netstring. What cannot be answered closes
 * the connection without an answer.
 */
export class TransformProtocol extends NetstringReceiver {
  declare factory: TransformFactory;
  #answering: Deferred<unknown> | undefined;

  override stringReceived(request: Buffer): void {
    if (this.#answering !== undefined) return;
    const dot = request.indexOf(DOT);
    if (dot < 0) {
      msg(`closing ${this.transport.getPeer()}: a request is NAME.TEXT, this one has no dot`);
      this.transport.loseConnection();
      return;
    }
    const name = request.toString('utf8', 0, dot);
    const text = request.subarray(dot + 1);
    msg(`transforming ${text.length} bytes for ${this.transport.getPeer()}: ${name}`);
    this.#answering = this.factory.service
      .transform(name, text)
      .addCallbacks(
        (poem) => this.sendString(poem),
        (failure) => this.#failed(name, failure),
      )
      .addBoth(() => this.transport.loseConnection());
  }

  override connectionLost(_reason: Failure): void {
    this.#answering?.cancel();
  }

  #failed(name: string, failure: Failure): void {
    // The client has gone; nobody is to blame.
    if (failure.check(CancelledError)) return;
    if (failure.check(UnknownTransformError)) msg(failure.getErrorMessage());
    else err(failure, `The transform '${name}' failed.`);
  }
}

/** Serves the transforms of one service. */
export class TransformFactory extends ServerFactory {
  override protocol = TransformProtocol;
  readonly service: TransformService;

  constructor(service: TransformService) {
    super();
    this.service = service;
  }
}
