/** Sockets, servers, processes, threads, ports and watchers on a maker's books. */
import { unwatchFile } from 'node:fs';
import { type Handle, isOpen, ownerOf, socketHandleOf, whenStarted, whenTold } from './handle.js';
import { listenedAt } from './listen_watch.js';
import type { LeakKind, Made, State, Traffic } from './made.js';
import type { Place } from './place.js';

/** What the objects of the public API have in common, as far as it is used here. */
interface Owner {
  readonly destroyed?: boolean;
  readonly _handle?: object | null;
  readonly closed?: boolean;
  readonly writableEnded?: boolean;
  readonly listening?: boolean;
  readonly killed?: boolean;
  readonly exitCode?: number | null;
  readonly signalCode?: string | null;
  readonly pid?: number;
  readonly spawnargs?: readonly string[];
  readonly remoteAddress?: string;
  readonly remotePort?: number;
  readonly localAddress?: string;
  readonly localPort?: number;
  readonly connecting?: boolean;
  readonly bytesRead?: number;
  readonly bytesWritten?: number;
  readonly stdout?: Output | null;
  readonly stderr?: Output | null;
  readonly constructor: { readonly name: string };
  address?(): unknown;
  on?(event: string, listener: () => void): unknown;
  close?(): unknown;
  closeAllConnections?(): void;
  closeIdleConnections?(): void;
  destroy?(): unknown;
  kill?(signal: NodeJS.Signals): boolean;
  stop?(): void;
}

interface Output {
  readonly readableFlowing?: boolean | null;
  readonly readableEnded?: boolean;
}

/** Something over a handle of Node's. */
export abstract class HandleMade implements Made {
  abstract readonly kind: LeakKind;
  protected readonly handle: Handle;
  readonly #place: Place;

  constructor(handle: object, place: Place) {
    this.handle = handle as Handle;
    this.#place = place;
  }

  get place(): Place {
    return this.#place;
  }

  state(): State {
    return isOpen(this.handle) ? 'left' : 'gone';
  }

  abstract describe(): string;

  close(): void {
    this.handle.close?.();
  }

  /** Whether it keeps the process alive. */
  get hasRef(): boolean {
    return this.handle.hasRef?.() === true;
  }

  protected get owner(): Owner | undefined {
    return ownerOf<Owner>(this.handle);
  }
}

export class ServerMade extends HandleMade {
  readonly kind = 'server';

  /** A server asked to listen at a host has its handle later, with nothing of the caller on the stack. */
  override get place(): Place {
    const { owner } = this;
    return (owner === undefined ? undefined : listenedAt(owner)) ?? super.place;
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

  override close(): void {
    const { owner } = this;
    if (owner === undefined) {
      super.close();
      return;
    }
    owner.on?.('error', ignore);
    owner.close?.();
    owner.closeAllConnections?.();
  }
}

export class SocketMade extends HandleMade {
  readonly kind = 'socket';
  readonly partOf: Made | undefined;
  #connect: { readonly address?: string } | undefined;

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
    if (owner?.destroyed === true || owner?.writableEnded === true) return 'closing';
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
    const name = this.partOf === undefined ? nameOf(owner, 'socket') : 'accepted socket';
    if (owner?.remotePort === undefined) {
      const { address } = this.#connect ?? {};
      const to = address === undefined ? (this.partOf?.describe().replace(/^.* on /, ' of ') ?? '') : ` to ${address}`;
      return owner?.connecting === true ? `${name}${to}, still connecting` : `${name}${to}`;
    }
    const here = owner.localPort === undefined ? '' : `, from port ${owner.localPort}`;
    return `${name} to ${owner.remoteAddress}:${owner.remotePort}${here}`;
  }

  override close(): void {
    const { owner } = this;
    if (owner === undefined) {
      super.close();
      return;
    }
    owner.on?.('error', ignore);
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

  override close(): void {
    if (this.owner?.close === undefined) super.close();
    else this.owner.close();
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

  override close(): void {
    this.owner?.on?.('error', ignore);
    this.owner?.destroy?.();
  }
}

export class ProcessMade extends HandleMade {
  readonly kind = 'process';

  override state(): State {
    const { owner } = this;
    if (owner?.pid === undefined || owner.exitCode !== null || owner.signalCode !== null) return 'gone';
    return owner.killed === true || isAtEnd(owner) ? 'closing' : 'left';
  }

  describe(): string {
    const { pid, spawnargs } = this.owner ?? {};
    return `child process ${pid}, ${shortened((spawnargs ?? []).join(' '))}`;
  }

  override close(): void {
    const { owner } = this;
    owner?.on?.('error', ignore);
    owner?.kill?.('SIGKILL');
  }
}

/** The inner object of a Worker. */
interface ThreadHandle extends Handle {
  readonly threadId?: number;
  stopThread?(): void;
}

export class WorkerMade extends HandleMade {
  readonly kind = 'worker';
  #state: State = 'left';

  constructor(handle: object, place: Place) {
    super(handle, place);
    whenTold(handle, 'onexit', () => {
      this.#state = 'gone';
    });
    const thread = handle as ThreadHandle;
    const { stopThread } = thread;
    thread.stopThread = () => {
      if (this.#state === 'left') this.#state = 'closing';
      stopThread?.call(thread);
    };
  }

  override state(): State {
    return this.#state;
  }

  describe(): string {
    return `worker thread ${(this.handle as ThreadHandle).threadId ?? ''}`.trimEnd();
  }

  override close(): void {
    (this.handle as ThreadHandle).stopThread?.();
  }
}

export class PortMade extends HandleMade {
  readonly kind = 'port';

  describe(): string {
    return this.place.includes('BroadcastChannel') ? 'BroadcastChannel' : 'MessagePort of a MessageChannel';
  }
}

export class WatcherMade extends HandleMade {
  readonly kind = 'watcher';
  /** Of fs.watchFile. */
  #file: string | undefined;

  constructor(handle: object, place: Place) {
    super(handle, place);
    if (handle.constructor.name !== 'StatWatcher') return;
    whenStarted(handle, (file) => {
      this.#file = file;
    });
  }

  override state(): State {
    if (!isOpen(this.handle)) return 'gone';
    // One that asks for the state of a file waits for the answer first.
    return this.owner?._handle === null ? 'closing' : 'left';
  }

  describe(): string {
    return this.owner?.constructor.name === 'StatWatcher' ? 'fs.watchFile' : 'fs.watch';
  }

  override close(): void {
    const { owner } = this;
    // Node finds it by its file: one that is just stopped is what the next one who asks for that file is given.
    if (this.#file !== undefined) unwatchFile(this.#file);
    else if (owner?.close !== undefined) owner.close();
    else if (owner?.stop !== undefined) owner.stop();
    else super.close();
  }
}

/** Whether all of a process's output that anybody reads has ended: the process is ending. */
function isAtEnd({ stdout, stderr }: Owner): boolean {
  const read = [stdout, stderr].filter((output) => output?.readableFlowing != null || output?.readableEnded);
  return read.length > 0 && read.every((output) => output?.readableEnded);
}

function nameOf(owner: Owner | undefined, fallback: string): string {
  const name = owner?.constructor.name;
  if (name === undefined) return fallback;
  if (name === 'Server') return owner !== undefined && 'requestTimeout' in owner ? 'HTTP server' : 'server';
  return name === 'Socket' ? 'socket' : name;
}

function addressText(address: unknown): string {
  if (typeof address === 'string') return address;
  if (typeof address !== 'object' || address === null) return 'an unknown address';
  const { address: host, port } = address as { readonly address?: string; readonly port?: number };
  return `${host?.includes(':') ? `[${host}]` : host}:${port}`;
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

function ignore(): undefined {
  return undefined;
}
