/** A port for datagrams. */
import type { RemoteInfo, Socket } from 'node:dgram';
import { err } from '../log/publisher.js';
import { type InternetAddress, internetAddress } from './address.js';
import { BasePort } from './base_port.js';
import { lookupInterface, requirePort } from './bind_now.js';
import type { DatagramReceiver, DatagramTransport } from './datagram_transport.js';
import { CannotListenError } from './errors.js';
import { Failure } from './failure.js';
import { nodeNet } from './late_builtins.js';
import { logPrefix } from './log_prefix.js';
import type { SystemError } from './node_errors.js';
import type { Origin } from './origin.js';
import { ProtocolCaller } from './protocol_caller.js';
import type { ReactorHost } from './reactor_host.js';

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
export class UDPPort extends BasePort<InternetAddress> implements DatagramTransport {
  readonly #protocol: DatagramReceiver;
  readonly #binding: UDPBinding;
  readonly #caller: ProtocolCaller;
  #socket: Socket | undefined;
  #peer: InternetAddress | undefined;

  /** @internal Made by `listenUDP`. */
  constructor(reactor: ReactorHost, binding: UDPBinding, protocol: DatagramReceiver, origin: Origin | undefined) {
    super({ kind: 'UDP port', reactor, user: protocol, origin });
    this.#protocol = protocol;
    this.#binding = binding;
    this.#caller = new ProtocolCaller(this.scope, `${logPrefix(protocol)} (UDP)`);
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

  /** @internal */
  protected override open(): InternetAddress {
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
    this.#listenTo(socket);
    const bound = socket.address();
    return internetAddress('UDP', bound.address, bound.port);
  }

  /** @internal */
  protected override shut(): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#peer = undefined;
  }

  /** @internal */
  protected override started(): void {
    this.#protocol.makeConnection(this);
  }

  /** @internal */
  protected override stopped(): void {
    this.#protocol.doStop();
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
    this.reactor.whenRunning(() => {
      socket.ref();
      const first = held ?? [];
      held = undefined;
      for (const [data, from] of first) this.#received(data, from);
    });
  }

  #received(data: Buffer, from: RemoteInfo): void {
    if (this.host === undefined) return;
    const datagram = data.length > this.#binding.maxPacketSize ? data.subarray(0, this.#binding.maxPacketSize) : data;
    const address = internetAddress('UDP', from.address, from.port);
    this.#caller.tell(() => this.#protocol.datagramReceived(datagram, address));
  }

  readonly #sent = (error: Error | null): void => {
    if (error !== null) this.#failed(error);
  };

  #failed(error: SystemError): void {
    if (this.host === undefined) return;
    if (error.code !== 'ECONNREFUSED') this.#caller.tell(() => err(new Failure(error), `${this}:`));
    // An answer to a datagram of a port that is not connected does not say whose datagram it was.
    else if (this.#peer !== undefined) this.#caller.tell(() => this.#protocol.connectionRefused());
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
}
