/** What users write for datagrams: one object for each port. */
import type { InternetAddress } from './address.js';
import type { DatagramTransport } from './datagram_transport.js';

/**
 * Receives and sends datagrams. Subclasses override what they need.
 *
 * @example
 * class Echo extends DatagramProtocol {
 *   override datagramReceived(data: Buffer, address: InternetAddress) { this.transport.write(data, address); }
 * }
 * @see Twisted, protocol.DatagramProtocol
 */
export class DatagramProtocol {
  /** The port; there from `startProtocol` to `stopProtocol`. */
  declare transport: DatagramTransport;

  /** How many ports use the protocol. */
  numPorts = 0;

  /** Whether its start and stop are logged. */
  noisy = true;

  /** Gives the protocol its port. */
  makeConnection(transport: DatagramTransport): void {
    this.transport = transport;
    this.doStart();
  }

  /** A port begins to use the protocol: calls `startProtocol` for the first one. */
  doStart(): void {
    this.numPorts++;
    if (this.numPorts === 1) this.startProtocol();
  }

  /** A port no longer uses the protocol: calls `stopProtocol` for the last one. */
  doStop(): void {
    if (this.numPorts === 0) return;
    this.numPorts--;
    if (this.numPorts === 0) this.stopProtocol();
  }

  /** The port is open: the place to write the first datagram. */
  startProtocol(): void {}

  /** The port is closed. */
  stopProtocol(): void {}

  /**
   * A datagram has come.
   *
   * @param _data - All of it; the bytes are the protocol's own and may be kept.
   * @param _address - Who sent it.
   */
  datagramReceived(_data: Buffer, _address: InternetAddress): void {}

  /** Nobody listens where the port is connected to. Is called only after `transport.connect()`. */
  connectionRefused(): void {}

  /** The name of the system that a line in the log comes from; the class's name. */
  logPrefix(): string {
    return this.constructor.name;
  }
}
