/** Connections for code that needs no factory. */
import type { Address } from './address.js';
import type { Deferred } from './deferred.js';
import { connectionToProtocol } from './endpoint_factory.js';
import { ClientFactory } from './factory.js';
import type { ClientProtocolFactory, FactoryOf } from './protocol_factory.js';
import type { ConnectOptions, ConnectUNIXOptions, ReactorTCP, ReactorUNIX } from './reactor_streams.js';
import type { StreamProtocol } from './stream_protocol.js';

/**
 * Connects once and hands over the protocol, for clients that have nothing to share between connections.
 *
 * @example
 * const creator = new ClientCreator(reactor, PoetryProtocol);
 * const protocol = await creator.connectTCP('127.0.0.1', 10000);
 * @see Twisted, protocol.ClientCreator
 */
export class ClientCreator<P extends StreamProtocol, A extends readonly unknown[] = readonly unknown[]> {
  readonly #reactor: ReactorTCP & ReactorUNIX;
  readonly #protocolClass: new (
    ...args: A
  ) => P;
  readonly #args: A;

  /**
   * @param reactor - Makes the connections.
   * @param protocolClass - What is made for each connection.
   * @param args - For its constructor.
   */
  constructor(reactor: ReactorTCP & ReactorUNIX, protocolClass: new (...args: A) => P, ...args: A) {
    this.#reactor = reactor;
    this.#protocolClass = protocolClass;
    this.#args = args;
  }

  /**
   * Connects to a TCP port.
   *
   * @returns A Deferred that fires with the protocol when its `connectionMade` has been called, or fails with a
   * ConnectError. To cancel it ends the attempt; it then fails with ConnectingCancelledError.
   */
  connectTCP(host: string, port: number, options: ConnectOptions = {}): Deferred<P> {
    return this.#connect((factory) => this.#reactor.connectTCP(host, port, factory, options));
  }

  /** Connects to a UNIX socket; the rest is as of `connectTCP`. */
  connectUNIX(path: string, options: ConnectUNIXOptions = {}): Deferred<P> {
    return this.#connect((factory) => this.#reactor.connectUNIX(path, factory, options));
  }

  #connect(begin: (factory: ClientProtocolFactory) => unknown): Deferred<P> {
    return connectionToProtocol(new InstanceFactory(this.#protocolClass, this.#args), begin);
  }
}

class InstanceFactory<P extends StreamProtocol, A extends readonly unknown[]>
  extends ClientFactory
  implements FactoryOf<P>
{
  override noisy = false;
  readonly #protocolClass: new (
    ...args: A
  ) => P;
  readonly #args: A;

  constructor(protocolClass: new (...args: A) => P, args: A) {
    super();
    this.#protocolClass = protocolClass;
    this.#args = args;
  }

  override buildProtocol(_address: Address): P {
    return new this.#protocolClass(...this.#args);
  }

  override logPrefix(): string {
    return this.#protocolClass.name;
  }
}
