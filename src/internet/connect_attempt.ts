/** One attempt to connect: the name's lookup, the socket, and what can go wrong with either. */
import type { AsyncResource } from 'node:async_hooks';
import type { Socket } from 'node:net';
import { type Address, type InternetAddress, internetAddress } from './address.js';
import { ConnectBindError, ConnectError, ConnectionRefusedError, UnknownHostError } from './errors.js';
import { Failure } from './failure.js';
import { nodeNet } from './late_builtins.js';
import { connectError, handshakeError, lookupError, type SystemError } from './node_errors.js';
import { soon } from './node_timers.js';
import type { Origin } from './origin.js';
import type { Selectable, SelectableRegister } from './reactor_host.js';
import { preferred } from './resolve.js';
import { watchSocket } from './stream_listener.js';
import { TLSLayer } from './tls_layer.js';
import type { TLSOptions } from './tls_options.js';

/** Where to connect to, and from where. */
export interface Destination<A extends Address = Address> {
  /** What users see of it. */
  readonly address: A;
  /** Why it can not be connected to at all, if so. */
  readonly unusable: ConnectError | undefined;
  /** The name to look up; undefined when there is nothing to look up. */
  readonly name: string | undefined;
  /**
   * Makes a socket that begins to connect.
   *
   * @param ip - What the name stands for; undefined when there was nothing to look up.
   */
  open(ip?: string): Socket;
  /**
   * Where the other end is.
   *
   * @param ip - As it was given to `open`.
   */
  peer(ip?: string): A;
  /** Begins to speak TLS on a socket that has connected; undefined where none is spoken. */
  readonly secure?: (socket: Socket) => TLSLayer;
  /** This end of a socket; undefined when it is not connected any more. */
  host(socket: Socket): A | undefined;
}

/** What an attempt comes to: exactly one of these is called, in a later turn than the one it began in. */
export interface AttemptResult {
  connected(socket: Socket, ip: string | undefined, layer: TLSLayer | undefined): void;
  failed(reason: Failure): void;
}

/** Sends connections to a TCP port. */
export function tcpDestination(
  host: string,
  port: number,
  bindAddress: readonly [host: string, port: number] | undefined,
): Destination<InternetAddress> {
  const { isIP, connect } = nodeNet();
  const address = internetAddress('TCP', host === '' ? '127.0.0.1' : String(host), port);
  let unusable: ConnectError | undefined;
  if (typeof host !== 'string') unusable = new UnknownHostError(`Cannot connect to ${address}: a host is a string.`);
  else if (!isPort(port) || port === 0) {
    unusable = new ConnectionRefusedError(`Cannot connect to ${address}: there is no port ${port}.`);
  } else if (bindAddress !== undefined && !isPort(bindAddress[1])) {
    unusable = new ConnectBindError(`Cannot connect to ${address} from the bindAddress: no port ${bindAddress[1]}.`);
  }
  return {
    address,
    unusable,
    name: isIP(address.host) === 0 ? address.host : undefined,
    open: (ip = address.host) =>
      connect({
        host: ip,
        port,
        allowHalfOpen: true,
        autoSelectFamily: false,
        ...(bindAddress === undefined ? undefined : { localAddress: bindAddress[0], localPort: bindAddress[1] }),
      }),
    peer: (ip) => (ip === undefined ? address : internetAddress('TCP', ip, port)),
    host: ({ localAddress, localPort }) =>
      localAddress === undefined ? undefined : internetAddress('TCP', localAddress, localPort ?? 0),
  };
}

/** Sends connections to a TCP port that speaks TLS. */
export function tlsDestination(tcp: Destination<InternetAddress>, options: TLSOptions): Destination<InternetAddress> {
  const { host: hostname } = tcp.address;
  return { ...tcp, secure: (socket) => new TLSLayer(socket, { side: 'client', options, hostname }) };
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65535;
}

/** Is open, as far as the reactor's register is concerned, from its start until its socket is connected or closed. */
export class ConnectAttempt implements Selectable {
  readonly origin: Origin | undefined;
  /** @internal */
  place = -1;
  readonly #destination: Destination;
  readonly #result: AttemptResult;
  readonly #scope: AsyncResource;
  readonly #selectables: SelectableRegister;
  #socket: Socket | undefined;
  /** What the name stands for. */
  #ip: string | undefined;
  #layer: TLSLayer | undefined;
  /** Why it fails. */
  #problem: Error | undefined;
  #state: 'connecting' | 'closing' | 'over' = 'connecting';

  constructor(
    destination: Destination,
    result: AttemptResult,
    where: { scope: AsyncResource; selectables: SelectableRegister; origin: Origin | undefined },
  ) {
    this.#destination = destination;
    this.#result = result;
    this.#scope = where.scope;
    this.#selectables = where.selectables;
    this.origin = where.origin;
    this.#selectables.add(this);
  }

  get closing(): boolean {
    return this.#state !== 'connecting';
  }

  /** Begins: looks the name up if there is one. */
  begin(): void {
    this.#scope.runInAsyncScope(this.#begin, this);
  }

  #begin(): void {
    if (this.#state !== 'connecting') return;
    const { unusable, name } = this.#destination;
    if (unusable !== undefined) this.#failSoon(unusable);
    else if (name === undefined) this.#open();
    else this.#lookUp(name);
  }

  /** Ends the attempt at once, with this error. */
  stop(error: Error): void {
    this.#fail(new Failure(error));
  }

  discard(): void {
    this.#state = 'over';
    this.#socket?.destroy();
    this.#selectables.delete(this);
  }

  disconnect(reason: Failure): void {
    this.stop(new ConnectError(`Connecting to ${this.#destination.address} was given up.`, { cause: reason.value }));
  }

  toString(): string {
    return `<Connector to ${this.#destination.address} (connecting)>`;
  }

  #lookUp(name: string): void {
    const found = (error: SystemError | null, addresses?: readonly { address: string; family: number }[]): void => {
      if (this.#state !== 'connecting') return;
      const address = preferred(addresses);
      if (address === undefined) this.#fail(new Failure(lookupError(error ?? new Error('no address'), name)));
      else this.#open(address);
    };
    try {
      process.getBuiltinModule('node:dns').lookup(name, { all: true }, found);
    } catch (error) {
      // Newer Nodes throw for a name that can be none.
      this.#failSoon(lookupError(error as SystemError, name));
    }
  }

  #open(ip?: string): void {
    let socket: Socket;
    try {
      socket = this.#destination.open(ip);
    } catch (error) {
      // Node throws for a local address that is none.
      const message = `Cannot connect to ${this.#destination.address}: ${(error as Error).message}.`;
      this.#failSoon(new ConnectBindError(message, { cause: error }));
      return;
    }
    this.#socket = socket;
    this.#ip = ip;
    watchSocket(socket, this);
    socket.on('connect', this.#stands);
  }

  readonly #stands = (): void => {
    if (this.#state !== 'connecting' || this.#socket === undefined) return;
    const { secure } = this.#destination;
    if (secure === undefined) {
      this.#done();
      return;
    }
    try {
      this.#layer = secure(this.#socket);
    } catch (error) {
      // Node refuses some options only here.
      this.#problem = handshakeError(error as SystemError, String(this.#destination.address));
      this.#socket.destroy();
      return;
    }
    this.#layer.failed = (error) => this.failed(error);
    this.#layer.whenSecured(() => this.#done());
  };

  #done(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'over';
    this.#selectables.delete(this);
    this.#scope.runInAsyncScope(this.#result.connected, this.#result, this.#socket, this.#ip, this.#layer);
  }

  /** @internal */
  failed(error: SystemError): void {
    const address = String(this.#destination.address);
    this.#problem ??= this.#layer === undefined ? connectError(error, address) : handshakeError(error, address);
  }

  /** @internal */
  closed(): void {
    this.#selectables.delete(this);
    if (this.#problem === undefined) this.failed(new Error('the peer has closed the connection'));
    this.#fail(new Failure(this.#problem));
  }

  #failSoon(error: Error): void {
    soon(() => this.#fail(new Failure(error)));
  }

  #fail(reason: Failure): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'closing';
    if (this.#socket === undefined) this.#selectables.delete(this);
    else this.#socket.destroy();
    this.#scope.runInAsyncScope(this.#result.failed, this.#result, reason);
  }
}
