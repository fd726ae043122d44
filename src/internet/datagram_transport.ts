/** A UDP port and its protocol, as each sees the other. Types only. */
import type { InternetAddress } from './address.js';
import type { Deferred } from './deferred.js';

/** How a UDP port is bound. */
export interface ListenUDPOptions {
  /** An IP number or a name of this machine; `''`, the default, for every IPv4 interface. */
  readonly interface?: string;
  /** How many bytes of a datagram are delivered at most; 8192 by default. */
  readonly maxPacketSize?: number;
}

/**
 * What a UDP port needs of a protocol. `DatagramProtocol` is one.
 *
 * @see Twisted, IProtocol for datagrams
 */
export interface DatagramReceiver {
  /** The port is open. */
  makeConnection(transport: DatagramTransport): void;
  /** The port is closed. */
  doStop(): void;
  /** A datagram has come from `address`. */
  datagramReceived(data: Buffer, address: InternetAddress): void;
  /** Nobody listens where the port is connected to. */
  connectionRefused(): void;
}

/**
 * A protocol's way to send datagrams.
 *
 * @see Twisted, IUDPTransport, IMulticastTransport
 */
export interface DatagramTransport {
  /**
   * Sends a datagram.
   *
   * @param data - At most 65507 bytes.
   * @param address - Where to, by IP number; to be left out after `connect()`.
   * @throws RangeError when it is too long; TypeError for a host that is no IP number of this port's family.
   */
  write(data: Uint8Array | string, address?: { readonly host: string; readonly port: number }): void;
  /** Sends several pieces as one datagram. */
  writeSequence(
    pieces: Iterable<Uint8Array | string>,
    address?: { readonly host: string; readonly port: number },
  ): void;
  /** Talks to this one address from now on, and hears from it alone. */
  connect(host: string, port: number): void;
  /** Where the port is bound. */
  getHost(): InternetAddress;
  /** Closes the port; the Deferred fires when it is closed. */
  stopListening(): Deferred<void>;
  /** Whether datagrams may go to broadcast addresses. */
  setBroadcastAllowed(enabled: boolean): void;
  /** Joins a multicast group, on one interface or on the system's choice. */
  joinGroup(group: string, iface?: string): void;
  /** Leaves a multicast group. */
  leaveGroup(group: string, iface?: string): void;
  /** How many hops multicast datagrams go. */
  setTTL(hops: number): void;
  /** Whether this machine hears its own multicast datagrams. */
  setLoopbackMode(enabled: boolean): void;
  /** The interface that multicast datagrams go out by. */
  setOutgoingInterface(iface: string): void;
}
