/** What users write: one object for each connection. */

import type { Address, InternetAddress } from './address.js';
import type { Failure } from './failure.js';
import type { ProtocolFactory } from './protocol_factory.js';
import type { StreamProtocol, Transport } from './stream_protocol.js';

/**
 * Speaks over one connection. Subclasses override what they need.
 *
 * The life of one: `makeConnection`, which calls `connectionMade`; `dataReceived` for each piece of data; at the end
 * `connectionLost`, exactly once. What one of these throws is logged and ends the connection with that error as reason.
 *
 * @typeParam F - What `factory` is: `class PoemProtocol extends Protocol<PoemFactory>`.
 * @typeParam A - What the transport's addresses are; `UNIXAddress` for UNIX sockets.
 * @example
 * class Echo extends Protocol {
 *   override dataReceived(data: Buffer) { this.transport.write(data); }
 * }
 * @see Twisted, protocol.Protocol
 */
export class Protocol<F = ProtocolFactory, A extends Address = InternetAddress> implements StreamProtocol {
  /** The factory that built it; undefined as long as none did. */
  declare factory: F;

  /** The way to the other end; there from `makeConnection` on. */
  declare transport: Transport<A>;

  /** Whether the connection stands. */
  connected = false;

  /** Gives the protocol its transport and calls `connectionMade`. Tests call it with a StringTransport. */
  makeConnection(transport: Transport<A>): void {
    this.connected = true;
    this.transport = transport;
    this.connectionMade();
  }

  /** The connection stands: the place to say hello. */
  connectionMade(): void {}

  /**
   * Data has come. Pieces are of any size, whatever pieces the other end wrote.
   *
   * @param _data - The bytes; they are the protocol's own and may be kept.
   */
  dataReceived(_data: Buffer): void {}

  /**
   * The connection is over, and the transport is of no use any more.
   *
   * @param _reason - `_reason.check(ConnectionDone)` tells whether it was closed cleanly.
   */
  connectionLost(_reason: Failure): void {}

  /** The name of the system that a line in the log comes from; the class's name. */
  logPrefix(): string {
    return this.constructor.name;
  }
}
