import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import type { Address } from './address.js';
import type { ConnectionParts } from './connection_parts.js';
import { logPrefix } from './log_prefix.js';
import type { Origin } from './origin.js';
import type { StreamProtocol } from './stream_protocol.js';

/** The two ends of a connection: where they are, which one is ours, and what the system is told of it. */
export class ConnectionEnds {
  readonly origin: Origin | undefined;
  /** @internal */
  place = -1;
  // What it is made of, one by one: the literal that it is handed would soon be one of V8's old space, as of a place where
  // most live on, and from there keep the young ones that it knows after the connection is over.
  /** @internal */
  protected readonly protocol: StreamProtocol;
  /** @internal */
  protected readonly socket: Socket;
  /** @internal */
  protected readonly peer: Address;
  /** @internal */
  protected readonly side: 'client' | 'server';
  readonly #findHost: () => Address | undefined;
  #host: Address | undefined;
  #noDelay = false;
  #keepAlive = false;

  /** @internal */
  constructor({ origin, protocol, socket, peer, side, host }: ConnectionParts) {
    this.origin = origin;
    this.protocol = protocol;
    this.socket = socket;
    this.peer = peer;
    this.side = side;
    this.#findHost = host;
  }

  /** @throws Error when the connection is over and nobody had asked before. */
  getHost(): Address {
    const host = this.askHost();
    if (host === undefined) throw new Error(`Cannot tell this end of ${this}: the connection is over.`);
    return host;
  }

  getPeer(): Address {
    return this.peer;
  }

  setTcpNoDelay(enabled: boolean): void {
    this.#noDelay = enabled;
    this.socket.setNoDelay(enabled);
  }

  getTcpNoDelay(): boolean {
    return this.#noDelay;
  }

  setTcpKeepAlive(enabled: boolean): void {
    this.#keepAlive = enabled;
    this.socket.setKeepAlive(enabled);
  }

  getTcpKeepAlive(): boolean {
    return this.#keepAlive;
  }

  /** @internal */
  get traffic(): { readonly in: number; readonly out: number } {
    return { in: this.socket.bytesRead, out: this.socket.bytesWritten };
  }

  /** `<PoetryProtocol server connection from 127.0.0.1:43210 on 127.0.0.1:10000>` */
  toString(): string {
    const host = this.askHost();
    const [here, there] = this.side === 'server' ? ['on', 'from'] : ['from', 'to'];
    const ends = [`${there} ${this.peer}`, ...(host === undefined ? [] : [`${here} ${host}`])];
    return `<${logPrefix(this.protocol)} ${this.side} connection ${ends.join(' ')}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** @internal Where this end is; undefined when the connection is over and nobody had asked before. */
  protected askHost(): Address | undefined {
    this.#host ??= this.#findHost();
    return this.#host;
  }
}
