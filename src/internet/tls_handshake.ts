/** A connection that came in and has not agreed on TLS yet. */
import type { Socket } from 'node:net';
import type { Address } from './address.js';
import type { SSLError } from './errors.js';
import { handshakeError, type SystemError } from './node_errors.js';
import type { Origin } from './origin.js';
import type { ReactorHost, Selectable } from './reactor_host.js';
import type { PendingCall } from './reactor_time.js';
import type { TLSLayer } from './tls_layer.js';

/** What is to agree. */
export interface HandshakeParts {
  readonly socket: Socket;
  readonly layer: TLSLayer;
  readonly peer: Address;
  readonly reactor: ReactorHost;
  readonly origin: Origin | undefined;
  /** Seconds. */
  readonly timeout: number;
  /** Is called once; not when it was discarded. Without an error the layer is ready. */
  readonly done: (error: SSLError | undefined) => void;
}

/** Is open, as far as the reactor's register is concerned, until both ends have agreed or the socket is closed. */
export class TLSHandshake implements Selectable {
  /** @internal */
  place = -1;
  readonly #parts: HandshakeParts;
  readonly #timeout: PendingCall;
  #state: 'going' | 'closing' | 'over' = 'going';
  #problem: SSLError | undefined;

  constructor(parts: HandshakeParts) {
    const { socket, layer, reactor, origin, timeout } = parts;
    this.#parts = parts;
    reactor.selectables.add(this);
    const handshakeTimedOut = (): void => this.stop(`it took longer than ${timeout} seconds`);
    this.#timeout = reactor.callLaterFrom(origin, timeout, handshakeTimedOut);
    socket.on('error', this.#failed);
    layer.failed = this.#failed;
    socket.on('close', this.#closed);
    layer.whenSecured(() => this.#secured());
  }

  get origin(): Origin | undefined {
    return this.#parts.origin;
  }

  get closing(): boolean {
    return this.#state !== 'going';
  }

  /** Closes the connection. */
  stop(why: string): void {
    this.#failed(new Error(why));
    this.#parts.socket.destroy();
  }

  discard(): void {
    this.#end();
    this.#parts.socket.destroy();
  }

  disconnect(): void {
    this.stop('the reactor has stopped');
  }

  /** `<TLS handshake with 127.0.0.1:43210>` */
  toString(): string {
    return `<TLS handshake with ${this.#parts.peer}>`;
  }

  #secured(): void {
    if (this.#state !== 'going') return;
    this.#end();
    const { socket, done } = this.#parts;
    socket.off('error', this.#failed);
    socket.off('close', this.#closed);
    done(undefined);
  }

  readonly #failed = (error: SystemError): void => {
    if (this.#state === 'going') this.#state = 'closing';
    this.#problem ??= handshakeError(error, String(this.#parts.peer));
  };

  readonly #closed = (): void => {
    if (this.#state === 'over') return;
    this.#failed(new Error('the peer has closed the connection'));
    this.#end();
    this.#parts.done(this.#problem);
  };

  #end(): void {
    this.#state = 'over';
    if (this.#timeout.active()) this.#timeout.cancel();
    this.#parts.reactor.selectables.delete(this);
  }
}
