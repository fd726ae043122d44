/** Where TLS servers listen and TLS clients connect. */
import type { InternetAddress } from './address.js';
import type { Deferred } from './deferred.js';
import { connectionToProtocol } from './endpoint_factory.js';
import type { ClientEndpoint, ServerEndpoint } from './endpoints.js';
import type { FactoryOf, ProtocolFactory } from './protocol_factory.js';
import type { ConnectOptions, ListeningPort, ListenSSLOptions, ReactorSSL } from './reactor_streams.js';
import type { StreamProtocol } from './stream_protocol.js';
import { execute } from './succeed.js';
import type { ContextFactory, TLSOptions } from './tls_options.js';

/**
 * A TCP port to listen on for TLS.
 *
 * @see Twisted, SSL4ServerEndpoint
 */
export class SSL4ServerEndpoint implements ServerEndpoint<InternetAddress> {
  readonly #reactor: ReactorSSL;
  readonly #port: number;
  readonly #contextFactory: TLSOptions | ContextFactory;
  readonly #options: ListenSSLOptions;

  constructor(
    reactor: ReactorSSL,
    port: number,
    contextFactory: TLSOptions | ContextFactory,
    options: ListenSSLOptions = {},
  ) {
    this.#reactor = reactor;
    this.#port = port;
    this.#contextFactory = contextFactory;
    this.#options = options;
  }

  listen(factory: ProtocolFactory): Deferred<ListeningPort> {
    return execute(() => this.#reactor.listenSSL(this.#port, factory, this.#contextFactory, this.#options));
  }
}

/**
 * A TCP port to connect to and speak TLS.
 *
 * @see Twisted, SSL4ClientEndpoint
 */
export class SSL4ClientEndpoint implements ClientEndpoint {
  readonly #reactor: ReactorSSL;
  readonly #host: string;
  readonly #port: number;
  readonly #contextFactory: TLSOptions | ContextFactory;
  readonly #options: ConnectOptions;

  constructor(
    reactor: ReactorSSL,
    host: string,
    port: number,
    contextFactory: TLSOptions | ContextFactory = {},
    options: ConnectOptions = {},
  ) {
    this.#reactor = reactor;
    this.#host = host;
    this.#port = port;
    this.#contextFactory = contextFactory;
    this.#options = options;
  }

  connect<P extends StreamProtocol>(factory: FactoryOf<P>): Deferred<P> {
    return connectionToProtocol(factory, (wrapping) =>
      this.#reactor.connectSSL(this.#host, this.#port, wrapping, this.#contextFactory, this.#options),
    );
  }
}
