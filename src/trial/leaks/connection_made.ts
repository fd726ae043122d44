/** Servers, sockets and sessions on a maker's books. */
import { isOpen, socketHandleOf } from './handle.js';
import { addressText, HandleMade, nameOf, type Owner } from './handle_made.js';
import { listenedAt } from './listen_watch.js';
import type { Made, State, Traffic } from './made.js';
import type { Place } from './place.js';
import { isClosing, type WebSocketLike, webSocketOn } from './web_socket.js';

export class ServerMade extends HandleMade {
  readonly kind = 'server';

  /** A server asked to listen at a host has its handle later, with nothing of the caller on the stack. */
  override get place(): Place {
    const { owner } = this;
    return (owner === undefined ? undefined : listenedAt(owner)?.place) ?? super.place;
  }

  override state(): State {
    if (!isOpen(this.handle)) return 'gone';
    return this.isAskedToClose ? 'closing' : 'left';
  }

  get isAskedToClose(): boolean {
    return this.owner?.listening === false;
  }

  describe(): string {
    const { owner } = this;
    return `${nameOf(owner, 'server')} on ${addressText(owner?.address?.())}`;
  }

  /** Closes the connections that wait for a next request. */
  closeIdle(): void {
    this.owner?.closeIdleConnections?.();
  }

  protected override end(owner: Owner): void {
    super.end(owner);
    owner.closeAllConnections?.();
  }
}

export class SocketMade extends HandleMade {
  readonly kind = 'socket';
  readonly partOf: Made | undefined;
  #connect: { readonly address?: string } | undefined;
  #webSocket: WebSocketLike | undefined;

  constructor(handle: object, place: Place, partOf?: Made) {
    super(handle, place);
    this.partOf = partOf;
  }

  /** Node has no better one for what a server accepts. */
  override get place(): Place {
    return this.partOf?.place ?? super.place;
  }

  override state(): State {
    if (!isOpen(this.handle)) return 'gone';
    const { owner } = this;
    if (owner?.destroyed === true || owner?.writableEnded === true || isClosing(this.#over)) return 'closing';
    return !this.hasRef && this.#isKept ? 'idle' : 'left';
  }

  /** Of a server that was asked to close while it answered: nothing closes the connection when it has. */
  goOn(): void {
    const { partOf } = this;
    if (partOf instanceof ServerMade && partOf.isAskedToClose) partOf.closeIdle();
  }

  /** Node's number of it. */
  get asyncId(): number | undefined {
    return this.handle.getAsyncId?.();
  }

  /** @param connect - The request for it, which is told the address later; the socket of a path forgets it. */
  connectsBy(connect: { readonly address?: string }): void {
    this.#connect = connect;
  }

  /** A WebSocket is over it now. */
  carries(webSocket: WebSocketLike): void {
    this.#webSocket = webSocket;
  }

  get #over(): WebSocketLike | undefined {
    const { owner } = this;
    return this.#webSocket ?? (owner === undefined ? undefined : webSocketOn(owner));
  }

  ends(): readonly [number, number] | undefined {
    const { localPort, remotePort } = this.owner ?? {};
    return localPort === undefined || remotePort === undefined ? undefined : [localPort, remotePort];
  }

  traffic(): Traffic | undefined {
    const { bytesRead, bytesWritten } = this.owner ?? {};
    return bytesRead === undefined || bytesWritten === undefined ? undefined : { in: bytesRead, out: bytesWritten };
  }

  describe(): string {
    const { owner } = this;
    const outer = this.#over === undefined ? nameOf(owner, 'socket') : 'WebSocket';
    const name = this.partOf === undefined ? outer : 'accepted socket';
    if (owner?.remotePort === undefined) {
      const { address } = this.#connect ?? {};
      const to = address === undefined ? (this.partOf?.describe().replace(/^.* on /, ' of ') ?? '') : ` to ${address}`;
      return owner?.connecting === true ? `${name}${to}, still connecting` : `${name}${to}`;
    }
    const here = owner.localPort === undefined ? '' : `, from port ${owner.localPort}`;
    return `${name} to ${owner.remoteAddress}:${owner.remotePort}${here}`;
  }

  protected override end(owner: Owner): void {
    owner.destroy?.();
  }

  /** By the agent of node:http or by undici, for the next request to the same server. */
  get #isKept(): boolean {
    return KEEPERS.some((name) => this.place.includes(name));
  }
}

const KEEPERS = ['node:_http_agent', 'node:internal/deps/undici', '/node_modules/undici/'];

export class DatagramSocketMade extends HandleMade {
  readonly kind = 'udp';

  describe(): string {
    let address: unknown;
    try {
      address = this.owner?.address?.();
    } catch {
      // It is not bound.
    }
    return address === undefined ? 'UDP socket, not bound' : `UDP socket on ${addressText(address)}`;
  }
}

export class Http2SessionMade extends HandleMade {
  readonly kind = 'http2';
  readonly #placeOf: (handle: object) => Place | undefined;

  /** @param placeOf - Where the handle of its socket was made: the session is made later, in a callback. */
  constructor(handle: object, place: Place, placeOf: (handle: object) => Place | undefined) {
    super(handle, place);
    this.#placeOf = placeOf;
  }

  override get place(): Place {
    const { owner } = this;
    const socket = owner === undefined ? undefined : socketHandleOf(owner);
    return (socket === undefined ? undefined : this.#placeOf(socket)) ?? super.place;
  }

  /** A server's end: the socket that it came by is told of. */
  get isServers(): boolean {
    return this.owner?.constructor.name !== 'ClientHttp2Session';
  }

  override state(): State {
    const { owner } = this;
    if (owner === undefined || owner.destroyed === true) return 'gone';
    return owner.closed === true ? 'closing' : 'left';
  }

  describe(): string {
    const { socket } = (this.owner ?? {}) as { readonly socket?: Owner };
    return socket?.remotePort === undefined ? 'session' : `session with ${socket.remoteAddress}:${socket.remotePort}`;
  }

  protected override end(owner: Owner): void {
    owner.destroy?.();
  }
}
