/** Makes a Deferred of what a connector tells its factory. */
import type { Address } from './address.js';
import { Deferred } from './deferred.js';
import { ConnectError, ConnectingCancelledError } from './errors.js';
import { Failure } from './failure.js';
import { logPrefix } from './log_prefix.js';
import type { ClientProtocolFactory, ConnectorLike, FactoryOf } from './protocol_factory.js';
import type { HalfCloseableProtocol, StreamProtocol, Transport } from './stream_protocol.js';

/**
 * Begins a connection and hands over its protocol.
 *
 * @param factory - Builds the protocol.
 * @param begin - Is given a factory around it to connect with.
 */
export function connectionToProtocol<P extends StreamProtocol>(
  factory: FactoryOf<P>,
  begin: (wrapping: ClientProtocolFactory) => unknown,
): Deferred<P> {
  let connector: ConnectorLike<Address> | undefined;
  const connected = new Deferred<P>((deferred) => {
    const where = connector === undefined ? '' : ` to ${connector.getDestination()}`;
    deferred.errback(new ConnectingCancelledError(`Connecting${where} was cancelled.`));
    connector?.stopConnecting();
  });
  const fail = (error: unknown): void => {
    if (!connected.called) connected.errback(new Failure(error));
  };
  const wrapping: ClientProtocolFactory & { logPrefix(): string } = {
    doStart: () => factory.doStart(),
    doStop: () => factory.doStop(),
    logPrefix: () => logPrefix(factory),
    startedConnecting: (started) => {
      connector = started;
    },
    clientConnectionFailed: (_connector, reason) => fail(reason),
    clientConnectionLost: () => {},
    buildProtocol: (address) => {
      let protocol: P | null | undefined;
      try {
        protocol = factory.buildProtocol(address);
      } catch (error) {
        fail(error);
        return null;
      }
      if (protocol === null || protocol === undefined) {
        fail(
          new ConnectError(`Connecting to ${address} was of no use: ${logPrefix(factory)} built no protocol for it.`),
        );
        return null;
      }
      const built = protocol;
      return wrap(built, (error) => {
        if (error !== undefined) fail(error.value);
        else if (!connected.called) connected.callback(built as never);
      });
    },
  };
  try {
    begin(wrapping);
  } catch (error) {
    fail(error);
  }
  return connected;
}

/** A protocol that passes everything on, and says when the connection was made or what went wrong then. */
function wrap(protocol: StreamProtocol, made: (error?: Failure) => void): StreamProtocol {
  return isHalfCloseable(protocol) ? new HalfCloseableWrapper(protocol, made) : new Wrapper(protocol, made);
}

class Wrapper<P extends StreamProtocol> implements StreamProtocol {
  protected readonly wrapped: P;
  readonly #made: (error?: Failure) => void;

  constructor(wrapped: P, made: (error?: Failure) => void) {
    this.wrapped = wrapped;
    this.#made = made;
  }

  makeConnection(transport: Transport<Address>): void {
    try {
      this.wrapped.makeConnection(transport);
    } catch (error) {
      this.#made(new Failure(error));
      transport.abortConnection();
      return;
    }
    this.#made();
  }

  dataReceived(data: Buffer): void {
    this.wrapped.dataReceived(data);
  }

  connectionLost(reason: Failure): void {
    if ('connected' in this.wrapped) this.wrapped.connected = false;
    this.wrapped.connectionLost(reason);
  }

  logPrefix(): string {
    return logPrefix(this.wrapped);
  }
}

class HalfCloseableWrapper extends Wrapper<HalfCloseableProtocol> implements HalfCloseableProtocol {
  readConnectionLost(): void {
    this.wrapped.readConnectionLost();
  }

  writeConnectionLost(): void {
    this.wrapped.writeConnectionLost();
  }
}

function isHalfCloseable(protocol: StreamProtocol): protocol is HalfCloseableProtocol {
  return 'readConnectionLost' in protocol && 'writeConnectionLost' in protocol;
}
