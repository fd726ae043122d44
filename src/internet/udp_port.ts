/** A port for datagrams. */
import { AsyncResource } from 'node:async_hooks';
import type { RemoteInfo, Socket } from 'node:dgram';
import { inspect } from 'node:util';
import { callWithContext } from '../log/context.js';
import { err, msg } from '../log/publisher.js';
import { type InternetAddress, internetAddress } from './address.js';
import { lookupInterface, requirePort } from './bind_now.js';
import type { DatagramReceiver, DatagramTransport } from './datagram_transport.js';
import { Deferred } from './deferred.js';
import { CannotListenError } from './errors.js';
import { Failure } from './failure.js';
import { nodeNet } from './late_builtins.js';
import { logPrefix } from './log_prefix.js';
import type { SystemError } from './node_errors.js';
import { soon } from './node_timers.js';
import type { Origin } from './origin.js';
import type { ReactorHost, Selectable } from './reactor_host.js';
import type { ListeningPort } from './reactor_streams.js';
import { succeed } from './succeed.js';

// What fits into a UDP datagram over IPv4.
const MOST_BYTES = 65507;

/** How a UDP port is bound. */
export interface UDPBinding {
  readonly port: number;
  readonly interface: string;
  readonly maxPacketSize: number;
}

/**
 * Sends and receives datagrams for a protocol.
 *
 * @see Twisted, IUDPTransport, IListeningPort
 */
export class UDPPort implements DatagramTransport, ListeningPort, Selectable {
  readonly origin: Origin | undefined;
  readonly #reactor: ReactorHost;
  readonly #protocol: DatagramReceiver;
  readonly #binding: UDPBinding;
  readonly #scope = new AsyncResource('UDPPort', { requireManualDestroy: true });
  #state: 'idle' | 'listening' | 'closing' = 'idle';
  #socket: Socket | undefined;
  #host: InternetAddress | undefined;
  #peer: InternetAddress | undefined;
  #waiting: Deferred<void>[] = [];

  /** @internal Made by `listenUDP`. */
  constructor(reactor: ReactorHost, binding: UDPBinding, protocol: DatagramReceiver, origin: Origin | undefined) {
    this.#reactor = reactor;
    this.#binding = binding;
    this.#protocol = protocol;
    this.origin = origin;
  }

  get closing(): boolean {
    return this.#state !== 'listening';
  }

  /**
   * Binds the port, again after it was closed. `listenUDP` has done so already.
   *
   * @throws CannotListenError; Error when it is open already.
   */
  startListening(): void {
    if (this.#state !== 'idle') throw new Error(`Cannot start listening: ${this} is open.`);
    this.#scope.runInAsyncScope(this.#open, this);
    msg(`${logPrefix(this.#protocol)} starting on ${this.#host}`);
    this.#protocol.makeConnection(this);
  }

  /**
   * Closes the port.
   *
   * @returns A Deferred that fires when the port is closed; it has fired already when the port was not open.
   */
  stopListening(): Deferred<void> {
    if (this.#state === 'idle') return succeed(undefined);
    const closed = new Deferred<void>();
    this.#waiting.push(closed);
    if (this.#state === 'listening') {
      this.#close();
      this.#scope.runInAsyncScope(soon, undefined, () => this.#closed());
    }
    return closed;
  }

  /** The same as `stopListening()`. */
  loseConnection(): Deferred<void> {
    return this.stopListening();
  }

  getHost(): InternetAddress {
    if (this.#host === undefined) throw new Error(`Cannot tell where ${this} listens: it has been closed.`);
    return this.#host;
  }

  write(data: Uint8Array | string, address?: { readonly host: string; readonly port: number }): void {
    const socket = this.#opened();
    const length = Buffer.byteLength(data);
    if (length > MOST_BYTES) {
      throw new RangeError(`Cannot write a datagram of ${length} bytes: ${MOST_BYTES} are the most.`);
    }
    const to = address ?? this.#peer;
    if (to === undefined) throw new TypeError('Cannot write without an address: pass one, or call connect() before.');
    if (this.#peer !== undefined) {
      if (to.host !== this.#peer.host || to.port !== this.#peer.port) {
        throw new Error(`Cannot write to ${to.host}:${to.port}: the port is connected to ${this.#peer}.`);
      }
      socket.send(data, this.#sent);
      return;
    }
    this.#requireNumber(to.host);
    socket.send(data, to.port, to.host, this.#sent);
  }

  writeSequence(
    pieces: Iterable<Uint8Array | string>,
    address?: { readonly host: string; readonly port: number },
  ): void {
    this.write(Buffer.concat([...pieces].map((piece) => Buffer.from(piece as Uint8Array))), address);
  }

  connect(host: string, port: number): void {
    const socket = this.#opened();
    if (this.#peer !== undefined) throw new Error(`Cannot connect: the port is connected to ${this.#peer} already.`);
    this.#requireNumber(host);
    socket.connect(port, host);
    this.#peer = internetAddress('UDP', host, port);
  }

  setBroadcastAllowed(enabled: boolean): void {
    this.#opened().setBroadcast(enabled);
  }

  joinGroup(group: string, iface?: string): void {
    this.#opened().addMembership(group, iface);
  }

  leaveGroup(group: string, iface?: string): void {
    this.#opened().dropMembership(group, iface);
  }

  setTTL(hops: number): void {
    this.#opened().setMulticastTTL(hops);
  }

  setLoopbackMode(enabled: boolean): void {
    this.#opened().setMulticastLoopback(enabled);
  }

  setOutgoingInterface(iface: string): void {
    this.#opened().setMulticastInterface(iface);
  }

  discard(): void {
    if (this.#state === 'listening') this.#close();
    this.#state = 'idle';
    this.#reactor.selectables.delete(this);
  }

  disconnect(): void {
    if (this.#state === 'listening') this.#close();
    this.#scope.runInAsyncScope(this.#closed, this);
  }

  /** `<UDP port of PoetryProtocol on 127.0.0.1:10000>` */
  toString(): string {
    const where = this.#host === undefined ? '(not listening)' : `on ${this.#host}`;
    return `<UDP port of ${logPrefix(this.#protocol)} ${where}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  #open(): void {
    const { port, interface: iface } = this.#binding;
    let problem: SystemError | undefined;
    const onError = (error: SystemError): void => {
      problem = error;
    };
    let socket: Socket;
    try {
      requirePort(port);
      const address = lookupInterface(iface);
      const { createSocket } = process.getBuiltinModule('node:dgram');
      // Addresses are numbers here, so the lookup answers at once; with that, Node binds before it returns.
      socket = createSocket({
        type: address.includes(':') ? 'udp6' : 'udp4',
        lookup: (host, _options, found) => found(null, host, host.includes(':') ? 6 : 4),
      });
      socket.on('error', onError);
      socket.bind({ port, address, exclusive: true });
      if (problem !== undefined) {
        socket.close();
        throw problem;
      }
    } catch (error) {
      throw new CannotListenError(iface, port, error as SystemError);
    }
    socket.off('error', onError);
    this.#socket = socket;
    const bound = socket.address();
    this.#host = internetAddress('UDP', bound.address, bound.port);
    this.#state = 'listening';
    this.#reactor.selectables.add(this);
    this.#listenTo(socket);
  }

  #listenTo(socket: Socket): void {
    // Until the reactor runs, datagrams wait, and the port alone keeps no process alive.
    let held: [Buffer, RemoteInfo][] | undefined = [];
    socket.on('message', (data, from) => {
      if (held === undefined) this.#received(data, from);
      else held.push([data, from]);
    });
    socket.on('error', (error) => this.#failed(error));
    socket.unref();
    this.#reactor.whenRunning(() => {
      socket.ref();
      const first = held ?? [];
      held = undefined;
      for (const [data, from] of first) this.#received(data, from);
    });
  }

  #received(data: Buffer, from: RemoteInfo): void {
    if (this.#state !== 'listening') return;
    const datagram = data.length > this.#binding.maxPacketSize ? data.subarray(0, this.#binding.maxPacketSize) : data;
    const address = internetAddress('UDP', from.address, from.port);
    this.#tell(() => this.#protocol.datagramReceived(datagram, address));
  }

  readonly #sent = (error: Error | null): void => {
    if (error !== null) this.#failed(error);
  };

  #failed(error: SystemError): void {
    if (this.#state !== 'listening') return;
    if (error.code !== 'ECONNREFUSED') this.#tell(() => err(new Failure(error), `${this}:`));
    // An answer to a datagram of a port that is not connected does not say whose datagram it was.
    else if (this.#peer !== undefined) this.#tell(() => this.#protocol.connectionRefused());
  }

  /** Calls the user's code; what it throws is logged, and the port goes on. */
  #tell(f: () => void): void {
    this.#scope.runInAsyncScope(() =>
      callWithContext({ system: `${logPrefix(this.#protocol)} (UDP)` }, () => {
        try {
          f();
        } catch (error) {
          err(new Failure(error));
        }
      }),
    );
  }

  #opened(): Socket {
    if (this.#socket === undefined) throw new Error(`Cannot use ${this}: it is not open.`);
    return this.#socket;
  }

  #requireNumber(host: string): void {
    const family = nodeNet().isIP(host);
    if (family === 0) throw new TypeError(`Cannot send to '${host}': pass an IP number, not a name.`);
    const ours = this.getHost().host.includes(':') ? 6 : 4;
    if (family !== ours) throw new TypeError(`Cannot send to '${host}': this is a port for IPv${ours}.`);
  }

  #close(): void {
    this.#state = 'closing';
    this.#socket?.close();
    this.#socket = undefined;
  }

  #closed(): void {
    if (this.#state !== 'closing') return;
    msg(`(UDP port ${this.#host} closed)`);
    this.#state = 'idle';
    this.#host = undefined;
    this.#peer = undefined;
    this.#reactor.selectables.delete(this);
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      this.#protocol.doStop();
    } catch (error) {
      for (const closed of waiting) closed.errback(new Failure(error));
      if (waiting.length === 0) err(new Failure(error));
      return;
    }
    for (const closed of waiting) closed.callback();
  }
}
