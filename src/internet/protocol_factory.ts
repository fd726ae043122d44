/** What ports and connectors need of the factories that users write. Types only. */
import type { Address, InternetAddress } from './address.js';
import type { Failure } from './failure.js';
import type { StreamProtocol } from './stream_protocol.js';

/**
 * What a port needs of a factory. `Factory` is one.
 *
 * @see Twisted, IProtocolFactory
 */
export interface ProtocolFactory {
  /** A port or connector begins to use the factory. */
  doStart(): void;
  /** A port or connector no longer uses the factory. */
  doStop(): void;
  /** The protocol for a new connection; null or undefined closes the connection. */
  buildProtocol(address: Address): StreamProtocol | null | undefined;
}

/** Builds protocols of a kind that is known. */
export interface FactoryOf<P extends StreamProtocol> extends ProtocolFactory {
  buildProtocol(address: Address): P | null | undefined;
}

/**
 * What a connector needs of a factory. `ClientFactory` is one.
 *
 * @see Twisted, ClientFactory
 */
export interface ClientProtocolFactory extends ProtocolFactory {
  /** The connector has begun to connect. */
  startedConnecting(connector: ConnectorLike<Address>): void;
  /** No connection could be made; `reason.value` is a ConnectError, or a DNSLookupError. */
  clientConnectionFailed(connector: ConnectorLike<Address>, reason: Failure): void;
  /** The connection is over; `reason.value` is a ConnectionDone when it was closed cleanly. */
  clientConnectionLost(connector: ConnectorLike<Address>, reason: Failure): void;
}

/**
 * Drives the one connection of a ClientFactory.
 *
 * @see Twisted, IConnector
 */
export interface ConnectorLike<A extends Address = InternetAddress> {
  /** How far it is. */
  readonly state: 'disconnected' | 'connecting' | 'connected';
  /** Connects, again or for the first time. */
  connect(): void;
  /** Ends the connection, or the attempt to connect. */
  disconnect(): void;
  /** Ends the attempt to connect. */
  stopConnecting(): void;
  /** Where it connects to. */
  getDestination(): A;
}
