/** What code that listens and connects needs of a reactor. Types only. */
import type { InternetAddress, UNIXAddress } from './address.js';
import type { Deferred } from './deferred.js';
import type { ClientProtocolFactory, ConnectorLike, ProtocolFactory } from './protocol_factory.js';
import type { ContextFactory, TLSOptions } from './tls_options.js';

/**
 * A port that listens.
 *
 * @see Twisted, IListeningPort
 */
export interface ListeningPort<A = InternetAddress> {
  /** Listens again after it was closed. */
  startListening(): void;
  /** Closes the port; the Deferred fires when it is closed. */
  stopListening(): Deferred<void>;
  /** Where it listens. */
  getHost(): A;
}

/** How a port listens. */
export interface ListenOptions {
  /** How many connections may wait to be accepted, as far as the system allows it; 4096 by default. */
  readonly backlog?: number;
  /** An IP number or a name of this machine; `''`, the default, for every IPv4 interface, `'::'` for IPv6 as well. */
  readonly interface?: string;
}

/** How a port listens for TLS. */
export interface ListenSSLOptions extends ListenOptions {
  /** Seconds that a client may take to agree on TLS; 30 by default. */
  readonly handshakeTimeout?: number;
}

/** How a connection is made. */
export interface ConnectOptions {
  /** Seconds until connecting is given up; 30 by default, null for as long as the system tries. */
  readonly timeout?: number | null;
  /** The local end: an IP number, and a port or 0 for any. */
  readonly bindAddress?: readonly [host: string, port: number];
}

/** How a UNIX socket listens. */
export interface ListenUNIXOptions {
  /** How many connections may wait to be accepted, as far as the system allows it; 4096 by default. */
  readonly backlog?: number;
  /** The permissions of the socket's file; 0o666, for everybody, by default. */
  readonly mode?: number;
}

/** How a connection to a UNIX socket is made. */
export interface ConnectUNIXOptions {
  /** Seconds until connecting is given up; 30 by default, null for as long as the system tries. */
  readonly timeout?: number | null;
}

/**
 * What code that listens and connects needs of a reactor, so that a test may hand it a MemoryReactor.
 *
 * @see Twisted, IReactorTCP
 */
export interface ReactorTCP {
  /** Listens on a TCP port; 0 is a free one of the system's choice. */
  listenTCP(port: number, factory: ProtocolFactory, options?: ListenOptions): ListeningPort;
  /** Connects to a TCP port. What comes of it the factory hears. */
  connectTCP(host: string, port: number, factory: ClientProtocolFactory, options?: ConnectOptions): ConnectorLike;
}

/**
 * What code that listens and connects over TLS needs of a reactor.
 *
 * @see Twisted, IReactorSSL
 */
export interface ReactorSSL {
  /** Listens on a TCP port for connections that speak TLS. */
  listenSSL(
    port: number,
    factory: ProtocolFactory,
    contextFactory: TLSOptions | ContextFactory,
    options?: ListenSSLOptions,
  ): ListeningPort;
  /** Connects to a TCP port that speaks TLS. What comes of it the factory hears. */
  connectSSL(
    host: string,
    port: number,
    factory: ClientProtocolFactory,
    contextFactory?: TLSOptions | ContextFactory,
    options?: ConnectOptions,
  ): ConnectorLike;
}

/**
 * What code that listens and connects over UNIX sockets needs of a reactor.
 *
 * @see Twisted, IReactorUNIX
 */
export interface ReactorUNIX {
  /** Listens on a UNIX socket, whose file is made. */
  listenUNIX(path: string, factory: ProtocolFactory, options?: ListenUNIXOptions): ListeningPort<UNIXAddress>;
  /** Connects to a UNIX socket. What comes of it the factory hears. */
  connectUNIX(path: string, factory: ClientProtocolFactory, options?: ConnectUNIXOptions): ConnectorLike<UNIXAddress>;
}
