/** Where servers listen and clients connect, as objects: code that is given one need not know what kind it is. */
import type { Address, InternetAddress, UNIXAddress } from './address.js';
import type { Deferred } from './deferred.js';
import { connectionToProtocol } from './endpoint_factory.js';
import type { FactoryOf, ProtocolFactory } from './protocol_factory.js';
import type {
  ConnectOptions,
  ConnectUNIXOptions,
  ListeningPort,
  ListenOptions,
  ListenUNIXOptions,
  ReactorTCP,
  ReactorUNIX,
} from './reactor_streams.js';
import type { StreamProtocol } from './stream_protocol.js';
import { execute } from './succeed.js';

/**
 * Where a server can listen.
 *
 * @see Twisted, IStreamServerEndpoint
 */
export interface ServerEndpoint<A extends Address = Address> {
  /** Listens; the Deferred fires with the port, or fails with CannotListenError. */
  listen(factory: ProtocolFactory): Deferred<ListeningPort<A>>;
}

/**
 * Where a client can connect to.
 *
 * @see Twisted, IStreamClientEndpoint
 */
export interface ClientEndpoint {
  /**
   * Connects once.
   *
   * @returns A Deferred that fires with the protocol when its `connectionMade` has been called, or fails with a
   * ConnectError. To cancel it ends the attempt; it then fails with ConnectingCancelledError.
   */
  connect<P extends StreamProtocol>(factory: FactoryOf<P>): Deferred<P>;
}

/**
 * A TCP port to listen on.
 *
 * @example
 * const endpoint = new TCP4ServerEndpoint(reactor, 10000, { interface: '127.0.0.1' });
 * const port = await endpoint.listen(factory);
 * @see Twisted, TCP4ServerEndpoint
 */
export class TCP4ServerEndpoint implements ServerEndpoint<InternetAddress> {
  readonly #reactor: ReactorTCP;
  readonly #port: number;
  readonly #options: ListenOptions;

  constructor(reactor: ReactorTCP, port: number, options: ListenOptions = {}) {
    this.#reactor = reactor;
    this.#port = port;
    this.#options = options;
  }

  listen(factory: ProtocolFactory): Deferred<ListeningPort> {
    return execute(() => this.#reactor.listenTCP(this.#port, factory, this.#options));
  }
}

/**
 * A TCP port to connect to.
 *
 * @see Twisted, TCP4ClientEndpoint
 */
export class TCP4ClientEndpoint implements ClientEndpoint {
  readonly #reactor: ReactorTCP;
  readonly #host: string;
  readonly #port: number;
  readonly #options: ConnectOptions;

  constructor(reactor: ReactorTCP, host: string, port: number, options: ConnectOptions = {}) {
    this.#reactor = reactor;
    this.#host = host;
    this.#port = port;
    this.#options = options;
  }

  connect<P extends StreamProtocol>(factory: FactoryOf<P>): Deferred<P> {
    return connectionToProtocol(factory, (wrapping) =>
      this.#reactor.connectTCP(this.#host, this.#port, wrapping, this.#options),
    );
  }
}

/**
 * A UNIX socket to listen on.
 *
 * @see Twisted, UNIXServerEndpoint
 */
export class UNIXServerEndpoint implements ServerEndpoint<UNIXAddress> {
  readonly #reactor: ReactorUNIX;
  readonly #path: string;
  readonly #options: ListenUNIXOptions;

  constructor(reactor: ReactorUNIX, path: string, options: ListenUNIXOptions = {}) {
    this.#reactor = reactor;
    this.#path = path;
    this.#options = options;
  }

  listen(factory: ProtocolFactory): Deferred<ListeningPort<UNIXAddress>> {
    return execute(() => this.#reactor.listenUNIX(this.#path, factory, this.#options));
  }
}

/**
 * A UNIX socket to connect to.
 *
 * @see Twisted, UNIXClientEndpoint
 */
export class UNIXClientEndpoint implements ClientEndpoint {
  readonly #reactor: ReactorUNIX;
  readonly #path: string;
  readonly #options: ConnectUNIXOptions;

  constructor(reactor: ReactorUNIX, path: string, options: ConnectUNIXOptions = {}) {
    this.#reactor = reactor;
    this.#path = path;
    this.#options = options;
  }

  connect<P extends StreamProtocol>(factory: FactoryOf<P>): Deferred<P> {
    return connectionToProtocol(factory, (wrapping) => this.#reactor.connectUNIX(this.#path, wrapping, this.#options));
  }
}

/**
 * Connects a protocol that is there already.
 *
 * @returns A Deferred that fires with the protocol when it is connected.
 * @see Twisted, connectProtocol
 */
export function connectProtocol<P extends StreamProtocol>(endpoint: ClientEndpoint, protocol: P): Deferred<P> {
  return endpoint.connect({ doStart() {}, doStop() {}, buildProtocol: () => protocol });
}
