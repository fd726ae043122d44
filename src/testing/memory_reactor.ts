/** A reactor that writes down what it is asked for. */
import { type Address, type InternetAddress, internetAddress, UNIXAddress } from '../internet/address.js';
import { BACKLOG } from '../internet/backlog.js';
import { Clock } from '../internet/clock.js';
import type { Deferred } from '../internet/deferred.js';
import type { DelayedCall } from '../internet/delayed_call.js';
import type { ClientProtocolFactory, ConnectorLike, ProtocolFactory } from '../internet/protocol_factory.js';
import type {
  ConnectOptions,
  ConnectUNIXOptions,
  ListeningPort,
  ListenOptions,
  ListenSSLOptions,
  ListenUNIXOptions,
  ReactorSSL,
  ReactorTCP,
  ReactorUNIX,
} from '../internet/reactor_streams.js';
import type { ReactorTime } from '../internet/reactor_time.js';
import { succeed } from '../internet/succeed.js';
import type { ContextFactory, TLSOptions } from '../internet/tls_options.js';

/** A call of `listenTCP`, with every option. */
export interface TCPServerRequest extends Required<ListenOptions> {
  /** 0 to 65535; MemoryPorts keep a 0. */
  readonly port: number;
  /** What is to build the protocols. */
  readonly factory: ProtocolFactory;
}

/** A call of `connectTCP`, with every option. */
export interface TCPClientRequest {
  /** As it was given: a name or an IP number. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** What is to build the protocol; it was told that connecting has started. */
  readonly factory: ClientProtocolFactory;
  /** Seconds until connecting would be given up. */
  readonly timeout: number | null;
  /** The local end, if one was asked for. */
  readonly bindAddress: readonly [host: string, port: number] | undefined;
}

/** A call of `listenSSL`, with every option. */
export interface SSLServerRequest extends Required<ListenSSLOptions> {
  /** 0 to 65535; MemoryPorts keep a 0. */
  readonly port: number;
  /** What is to build the protocols. */
  readonly factory: ProtocolFactory;
  /** The key and the certificate, or what gives them. */
  readonly contextFactory: TLSOptions | ContextFactory;
}

/** A call of `connectSSL`, with every option. */
export interface SSLClientRequest extends TCPClientRequest {
  /** Whom to trust, or what says so. */
  readonly contextFactory: TLSOptions | ContextFactory;
}

/** A call of `listenUNIX`, with every option. */
export interface UNIXServerRequest extends Required<ListenUNIXOptions> {
  /** The socket's file, which is not made. */
  readonly path: string;
  /** What is to build the protocols. */
  readonly factory: ProtocolFactory;
}

/** A call of `connectUNIX`, with every option. */
export interface UNIXClientRequest extends Required<ConnectUNIXOptions> {
  /** The socket's file, which need not be there. */
  readonly path: string;
  /** What is to build the protocol; it was told that connecting has started. */
  readonly factory: ClientProtocolFactory;
}

/** A port that does not listen. */
export class MemoryPort<A extends Address = InternetAddress> implements ListeningPort<A> {
  /** Whether it would listen. */
  listening = true;
  readonly #host: A;

  constructor(host: A) {
    this.#host = host;
  }

  startListening(): void {
    this.listening = true;
  }

  stopListening(): Deferred<void> {
    this.listening = false;
    return succeed();
  }

  getHost(): A {
    return this.#host;
  }
}

/** A connector that does not connect. */
export class MemoryConnector<A extends Address = InternetAddress> implements ConnectorLike<A> {
  /** As of a real connector; a test may set it. */
  state: 'disconnected' | 'connecting' | 'connected' = 'connecting';
  /** How often `connect()` was called. */
  connectCalls = 0;
  /** Whether `stopConnecting()` was called. */
  stoppedConnecting = false;
  /** Whether `disconnect()` was called. */
  disconnected = false;
  readonly #destination: A;

  constructor(destination: A) {
    this.#destination = destination;
  }

  connect(): void {
    this.connectCalls++;
    this.state = 'connecting';
  }

  stopConnecting(): void {
    this.stoppedConnecting = true;
    this.state = 'disconnected';
  }

  disconnect(): void {
    this.disconnected = true;
    this.state = 'disconnected';
  }

  getDestination(): A {
    return this.#destination;
  }
}

/**
 * Writes down the ports and connections that it is asked for, and makes none of them.
 *
 * A test then plays the other side: it has the factory that was written down build a protocol, and gives that a
 * StringTransport.
 *
 * @see Twisted, MemoryReactor
 */
export class MemoryReactor implements ReactorTCP, ReactorSSL, ReactorUNIX {
  /** What `listenTCP` was called with. */
  readonly tcpServers: TCPServerRequest[] = [];
  /** What `connectTCP` was called with. */
  readonly tcpClients: TCPClientRequest[] = [];
  /** What `listenSSL` was called with. */
  readonly sslServers: SSLServerRequest[] = [];
  /** What `connectSSL` was called with. */
  readonly sslClients: SSLClientRequest[] = [];
  /** What `listenUNIX` was called with. */
  readonly unixServers: UNIXServerRequest[] = [];
  /** What `connectUNIX` was called with. */
  readonly unixClients: UNIXClientRequest[] = [];
  /** What `listenTCP`, `listenSSL` and `listenUNIX` have returned. */
  readonly ports: MemoryPort<Address>[] = [];
  /** What `connectTCP`, `connectSSL` and `connectUNIX` have returned. */
  readonly connectors: MemoryConnector<Address>[] = [];
  /** What `callWhenRunning` was given; `run()` calls them. */
  readonly whenRunningHooks: (() => void)[] = [];
  /** Whether `run()` is calling its hooks. */
  running = false;
  /** Whether `run()` was called. */
  hasRun = false;
  /** Whether `stop()` was called. */
  hasStopped = false;

  listenTCP(port: number, factory: ProtocolFactory, options: ListenOptions = {}): MemoryPort {
    const { backlog = BACKLOG, interface: iface = '' } = options;
    this.tcpServers.push({ port, factory, backlog, interface: iface });
    return this.#internetPort(iface, port);
  }

  connectTCP(
    host: string,
    port: number,
    factory: ClientProtocolFactory,
    options: ConnectOptions = {},
  ): MemoryConnector {
    const { timeout = 30, bindAddress } = options;
    this.tcpClients.push({ host, port, factory, timeout, bindAddress });
    return this.#connector(internetAddress('TCP', host, port), factory);
  }

  listenSSL(
    port: number,
    factory: ProtocolFactory,
    contextFactory: TLSOptions | ContextFactory,
    options: ListenSSLOptions = {},
  ): MemoryPort {
    const { backlog = BACKLOG, interface: iface = '', handshakeTimeout = 30 } = options;
    this.sslServers.push({ port, factory, contextFactory, backlog, interface: iface, handshakeTimeout });
    return this.#internetPort(iface, port);
  }

  connectSSL(
    host: string,
    port: number,
    factory: ClientProtocolFactory,
    contextFactory: TLSOptions | ContextFactory = {},
    options: ConnectOptions = {},
  ): MemoryConnector {
    const { timeout = 30, bindAddress } = options;
    this.sslClients.push({ host, port, factory, contextFactory, timeout, bindAddress });
    return this.#connector(internetAddress('TCP', host, port), factory);
  }

  listenUNIX(path: string, factory: ProtocolFactory, options: ListenUNIXOptions = {}): MemoryPort<UNIXAddress> {
    const { backlog = BACKLOG, mode = 0o666 } = options;
    this.unixServers.push({ path, factory, backlog, mode });
    return this.#port(new UNIXAddress(path));
  }

  connectUNIX(
    path: string,
    factory: ClientProtocolFactory,
    options: ConnectUNIXOptions = {},
  ): MemoryConnector<UNIXAddress> {
    const { timeout = 30 } = options;
    this.unixClients.push({ path, factory, timeout });
    return this.#connector(new UNIXAddress(path), factory);
  }

  /** Writes `f(...args)` down for `run()`. */
  callWhenRunning<A extends readonly unknown[]>(f: (...args: A) => void, ...args: A): void {
    this.whenRunningHooks.push(() => f(...args));
  }

  /** Calls what `callWhenRunning` was given, then stops. */
  run(): void {
    this.running = true;
    this.hasRun = true;
    for (const hook of this.whenRunningHooks) hook();
    this.stop();
  }

  /** Writes down that it was called. */
  stop(): void {
    this.running = false;
    this.hasStopped = true;
  }

  #internetPort(iface: string, port: number): MemoryPort {
    return this.#port(internetAddress('TCP', iface === '' ? '0.0.0.0' : iface, port));
  }

  #port<A extends Address>(host: A): MemoryPort<A> {
    const port = new MemoryPort(host);
    this.ports.push(port);
    return port;
  }

  #connector<A extends Address>(destination: A, factory: ClientProtocolFactory): MemoryConnector<A> {
    const connector = new MemoryConnector(destination);
    this.connectors.push(connector);
    factory.startedConnecting(connector);
    return connector;
  }
}

/**
 * A MemoryReactor whose time stands still until `advance` is called.
 *
 * @see Twisted, MemoryReactorClock
 */
export class MemoryReactorClock extends MemoryReactor implements ReactorTime {
  readonly #clock = new Clock();

  seconds(): number {
    return this.#clock.seconds();
  }

  callLater<A extends readonly unknown[]>(seconds: number, f: (...args: A) => void, ...args: A): DelayedCall {
    return this.#clock.callLater(seconds, f, ...args);
  }

  /** The calls that are still to come, in the order in which they are due. */
  getDelayedCalls(): DelayedCall[] {
    return this.#clock.getDelayedCalls();
  }

  /** Moves time on, and makes the calls that are due. */
  advance(seconds: number): void {
    this.#clock.advance(seconds);
  }

  /** Advances several times, by so many seconds each time. */
  pump(timings: Iterable<number>): void {
    this.#clock.pump(timings);
  }
}
