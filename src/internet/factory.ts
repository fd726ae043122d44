/** What users write: one object that builds a protocol for each connection and holds what they share. */
import { msg } from '../log/publisher.js';
import type { Address } from './address.js';
import type { Failure } from './failure.js';
import type { ClientProtocolFactory, ConnectorLike, FactoryOf, ProtocolFactory } from './protocol_factory.js';
import type { StreamProtocol } from './stream_protocol.js';

/** A class of protocols, or a function that makes one. */
export type ProtocolMaker<P extends StreamProtocol = StreamProtocol> = (new () => P) | (() => P);

/**
 * Builds the protocols of a port or a connector.
 *
 * @see Twisted, protocol.Factory
 */
export class Factory implements ProtocolFactory {
  /** What `buildProtocol` makes, unless a subclass overrides that. */
  declare protocol: ProtocolMaker | undefined;

  /** How many ports and connectors use the factory. */
  numPorts = 0;

  /** Whether its start and stop are logged. */
  noisy = true;

  /**
   * A factory of this class that builds such protocols.
   *
   * @param protocol - A class, or a function that makes a protocol.
   * @param args - For the constructor of the factory.
   */
  static forProtocol<F extends Factory, P extends StreamProtocol, A extends readonly unknown[]>(
    this: new (
      ...args: A
    ) => F,
    protocol: ProtocolMaker<P>,
    ...args: A
  ): F & FactoryOf<P> {
    const factory = new this(...args);
    factory.protocol = protocol;
    return factory as F & FactoryOf<P>;
  }

  /** A port or connector begins to use the factory: calls `startFactory` for the first one. */
  doStart(): void {
    if (this.numPorts === 0) {
      if (this.noisy) msg(`Starting factory ${this.logPrefix()}`);
      this.startFactory();
    }
    this.numPorts++;
  }

  /** A port or connector no longer uses the factory: calls `stopFactory` for the last one. */
  doStop(): void {
    // As in Twisted, one that was never started need not be stopped.
    if (this.numPorts === 0) return;
    this.numPorts--;
    if (this.numPorts === 0) {
      if (this.noisy) msg(`Stopping factory ${this.logPrefix()}`);
      this.stopFactory();
    }
  }

  /** Is called before the first port or connector uses the factory. */
  startFactory(): void {}

  /** Is called when no port or connector uses the factory any more. */
  stopFactory(): void {}

  /**
   * The protocol for a new connection.
   *
   * @param _address - The other end.
   * @returns A `protocol` with `factory` set; null or undefined to close the connection.
   */
  buildProtocol(_address: Address): StreamProtocol | null | undefined {
    const { protocol } = this;
    if (protocol === undefined) {
      throw new TypeError(`${this.logPrefix()} has no protocol: set its protocol, or override buildProtocol.`);
    }
    const built: StreamProtocol & { factory?: unknown } = isClass(protocol) ? new protocol() : protocol();
    built.factory = this;
    return built;
  }

  /** The name of the system that a line in the log comes from; the class's name. */
  logPrefix(): string {
    return this.constructor.name;
  }
}

/**
 * Builds the protocols of a port.
 *
 * @see Twisted, protocol.ServerFactory
 */
export class ServerFactory extends Factory {}

/**
 * Builds the protocols of a connector, and hears how connecting goes.
 *
 * @see Twisted, protocol.ClientFactory
 */
export class ClientFactory extends Factory implements ClientProtocolFactory {
  /** The connector has begun to connect. `connector.stopConnecting()` ends the attempt. */
  startedConnecting(_connector: ConnectorLike<Address>): void {}

  /** No connection could be made. The connector may be told to try again: `connector.connect()`. */
  clientConnectionFailed(_connector: ConnectorLike<Address>, _reason: Failure): void {}

  /** The connection is over. The connector may be told to connect again: `connector.connect()`. */
  clientConnectionLost(_connector: ConnectorLike<Address>, _reason: Failure): void {}
}

function isClass(maker: ProtocolMaker): maker is new () => StreamProtocol {
  // Arrow functions and methods have no prototype, and can not be called with `new`.
  return maker.prototype !== undefined;
}
