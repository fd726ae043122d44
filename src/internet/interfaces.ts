/** What the parts of the core expect of each other and of what users write. Types only. */
import type { AsyncResource } from 'node:async_hooks';
import type { X509Certificate } from 'node:crypto';
import type { Address, InternetAddress, UNIXAddress } from './address.js';
import type { Deferred } from './deferred.js';
import type { Failure } from './failure.js';
import type { Origin } from './origin.js';
import type { PendingCall } from './reactor_time.js';
import type { ContextFactory, TLSOptions } from './tls_options.js';

/**
 * Makes data for a consumer that says when it wants some.
 *
 * A push producer (registered with `streaming` true) writes by itself until it is paused and again when it is resumed;
 * a pull producer writes once for each `resumeProducing()`, and needs no `pauseProducing`.
 *
 * @see Twisted, IPushProducer, IPullProducer
 */
export interface Producer {
  /** The consumer has room. */
  resumeProducing(): void;
  /** The consumer is full: write no more until `resumeProducing()`. */
  pauseProducing?(): void;
  /** The consumer is gone: make nothing any more. */
  stopProducing(): void;
}

/**
 * Takes data, and steers a producer that makes it.
 *
 * @see Twisted, IConsumer
 */
export interface Consumer {
  /** Takes a piece of data. */
  write(data: Uint8Array | string): void;
  /**
   * Has `producer` paused while the consumer is full, and resumed when there is room.
   *
   * @param producer - One at a time.
   * @param streaming - True for a push producer, false for a pull producer.
   * @throws Error when another one is registered.
   */
  registerProducer(producer: Producer, streaming: boolean): void;
  /** The producer has made all that it had to. */
  unregisterProducer(): void;
}

/**
 * A protocol's way to the other end of its connection.
 *
 * @typeParam A - What its addresses are; `UNIXAddress` for UNIX sockets.
 * @see Twisted, ITransport, ITCPTransport
 */
export interface Transport<A extends Address = InternetAddress> extends Consumer {
  /** Whether the connection stands. */
  readonly connected: boolean;
  /** Whether `loseConnection()` was called. */
  readonly disconnecting: boolean;
  /**
   * Sends data, in order and without waiting. What is written in one turn goes out together.
   *
   * @param data - Bytes, which must not be changed afterwards, or text, which is sent as UTF-8. Ignored when the
   * connection is over or `loseConnection()` was called.
   */
  write(data: Uint8Array | string): void;
  /** Sends several pieces, as `write` of each of them. */
  writeSequence(pieces: Iterable<Uint8Array | string>): void;
  /** Closes the connection when all that was written is sent, and a registered producer has finished. Data that comes
   * in from now on is dropped. */
  loseConnection(): void;
  /** Closes the connection at once; what is not sent yet is lost. The peer sees a reset. */
  abortConnection(): void;
  /** Closes the half of the connection that writes, when all that was written is sent. */
  loseWriteConnection(): void;
  /** This end of the connection. */
  getHost(): A;
  /** The other end of the connection. */
  getPeer(): A;
  /** Stops reading: `dataReceived` is not called until `resumeProducing()`. */
  pauseProducing(): void;
  /** Reads again. */
  resumeProducing(): void;
  /** The same as `loseConnection()`. */
  stopProducing(): void;
  /** Whether small writes are sent without waiting for an answer to the ones before. */
  setTcpNoDelay(enabled: boolean): void;
  /** What `setTcpNoDelay` has set. */
  getTcpNoDelay(): boolean;
  /** Whether the system looks from time to time if a silent peer is still there. */
  setTcpKeepAlive(enabled: boolean): void;
  /** What `setTcpKeepAlive` has set. */
  getTcpKeepAlive(): boolean;
  /**
   * Speaks TLS from here on: what is written after it is sent when both ends have agreed, and what comes in after the
   * data that was delivered already is TLS. When the ends can not agree the connection is lost.
   *
   * @param contextFactory - The options: for a client none are needed, a server needs its key and certificate.
   * @param normal - Whether the end that connected is the client of TLS; true by default.
   * @see Twisted, ITLSTransport.startTLS
   */
  startTLS(contextFactory: TLSOptions | ContextFactory, normal?: boolean): void;
  /**
   * What the other end has shown; undefined when it has shown none, or TLS is not spoken.
   *
   * @see Twisted, ISSLTransport.getPeerCertificate
   */
  getPeerCertificate(): X509Certificate | undefined;
  /** The protocol that both ends have agreed on (ALPN), if any. */
  readonly negotiatedProtocol: string | undefined;
}

/**
 * What a connection needs of a protocol. `Protocol` is one.
 *
 * @see Twisted, IProtocol
 */
export interface StreamProtocol {
  /** The connection stands. */
  makeConnection(transport: Transport<Address>): void;
  /** A piece of data has come, of any size. */
  dataReceived(data: Buffer): void;
  /** The connection is over; `reason.value` is a ConnectionDone when it was closed cleanly. */
  connectionLost(reason: Failure): void;
}

/**
 * A protocol that goes on when one half of its connection is closed. Without these two methods the connection is lost as
 * soon as the peer has finished sending.
 *
 * @see Twisted, IHalfCloseableProtocol
 */
export interface HalfCloseableProtocol extends StreamProtocol {
  /** The peer sends no more. Writing goes on. */
  readConnectionLost(): void;
  /** What was written before `loseWriteConnection()` is sent, and no more can be. Reading goes on. */
  writeConnectionLost(): void;
}

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
  startedConnecting(connector: ConnectorLike<Address>): void;
  clientConnectionFailed(connector: ConnectorLike<Address>, reason: Failure): void;
  clientConnectionLost(connector: ConnectorLike<Address>, reason: Failure): void;
}

/**
 * Drives the one connection of a ClientFactory.
 *
 * @see Twisted, IConnector
 */
export interface ConnectorLike<A extends Address = InternetAddress> {
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
  /** How many connections may wait to be accepted; 50 by default. */
  readonly backlog?: number;
  /** An IP number or a name of this machine; `''`, the default, for every IPv4 interface, `'::'` for IPv6 as well. */
  readonly interface?: string;
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
  /** How many connections may wait to be accepted; 50 by default. */
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
 * What code that listens and connects over UNIX sockets needs of a reactor.
 *
 * @see Twisted, IReactorUNIX
 */
export interface ReactorUNIX {
  listenUNIX(path: string, factory: ProtocolFactory, options?: ListenUNIXOptions): ListeningPort<UNIXAddress>;
  connectUNIX(path: string, factory: ClientProtocolFactory, options?: ConnectUNIXOptions): ConnectorLike<UNIXAddress>;
}

/**
 * What code that listens and connects needs of a reactor, so that a test may hand it a MemoryReactor.
 *
 * @see Twisted, IReactorTCP
 */
export interface ReactorTCP {
  listenTCP(port: number, factory: ProtocolFactory, options?: ListenOptions): ListeningPort;
  connectTCP(host: string, port: number, factory: ClientProtocolFactory, options?: ConnectOptions): ConnectorLike;
}

/** How a UDP port is bound. */
export interface ListenUDPOptions {
  /** An IP number or a name of this machine; `''`, the default, for every IPv4 interface. */
  readonly interface?: string;
  /** How many bytes of a datagram are delivered at most; 8192 by default. */
  readonly maxPacketSize?: number;
}

/**
 * What a UDP port needs of a protocol. `DatagramProtocol` is one.
 *
 * @see Twisted, IProtocol for datagrams
 */
export interface DatagramReceiver {
  makeConnection(transport: DatagramTransport): void;
  doStop(): void;
  datagramReceived(data: Buffer, address: InternetAddress): void;
  connectionRefused(): void;
}

/**
 * A protocol's way to send datagrams.
 *
 * @see Twisted, IUDPTransport, IMulticastTransport
 */
export interface DatagramTransport {
  /**
   * Sends a datagram.
   *
   * @param data - At most 65507 bytes.
   * @param address - Where to, by IP number; to be left out after `connect()`.
   * @throws RangeError when it is too long; TypeError for a host that is no IP number of this port's family.
   */
  write(data: Uint8Array | string, address?: { readonly host: string; readonly port: number }): void;
  /** Sends several pieces as one datagram. */
  writeSequence(
    pieces: Iterable<Uint8Array | string>,
    address?: { readonly host: string; readonly port: number },
  ): void;
  /** Talks to this one address from now on, and hears from it alone. */
  connect(host: string, port: number): void;
  /** Where the port is bound. */
  getHost(): InternetAddress;
  /** Closes the port; the Deferred fires when it is closed. */
  stopListening(): Deferred<void>;
  /** Whether datagrams may go to broadcast addresses. */
  setBroadcastAllowed(enabled: boolean): void;
  /** Joins a multicast group, on one interface or on the system's choice. */
  joinGroup(group: string, iface?: string): void;
  /** Leaves a multicast group. */
  leaveGroup(group: string, iface?: string): void;
  /** How many hops multicast datagrams go. */
  setTTL(hops: number): void;
  /** Whether this machine hears its own multicast datagrams. */
  setLoopbackMode(enabled: boolean): void;
  /** The interface that multicast datagrams go out by. */
  setOutgoingInterface(iface: string): void;
}

/** Something open that the reactor owns: a port, a connection, an attempt to connect. */
export interface Selectable {
  /** Where the user's code asked for it. */
  readonly origin: Origin | undefined;
  /** Whether it was asked to close, and only has to get there. */
  readonly closing: boolean;
  /** Of a connection: bytes received and sent so far. */
  readonly traffic?: { readonly in: number; readonly out: number };
  /** Closes it at once, and tells nobody. */
  discard(): void;
  /** Closes it at once, and tells its protocol or factory that this was why. */
  disconnect(reason: Failure): void;
  /** What it is, with its address. */
  toString(): string;
}

/** What ports, connectors and connections need of the reactor they live on. */
export interface ReactorHost {
  readonly running: boolean;
  readonly selectables: SelectableRegister;
  /**
   * `callLater` for a part of the reactor: the call's origin is what the user's code asked of that part.
   *
   * @param scope - The async context of the call; by default the one in which this is called.
   */
  callLaterFrom(origin: Origin | undefined, seconds: number, f: () => void, scope?: AsyncResource): PendingCall;
  /** Calls `f` at once when the reactor runs, else when it starts. */
  whenRunning(f: () => void): void;
}

/** All that is open. */
export interface SelectableRegister {
  add(selectable: Selectable): void;
  /** It is closed. */
  delete(selectable: Selectable): void;
}
