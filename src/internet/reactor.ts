/** The reactor: ports and connections over Node's event loop. Here the parts are joined. */
import type { Address, UNIXAddress } from './address.js';
import { BACKLOG } from './backlog.js';
import { type Destination, tcpDestination, tlsDestination } from './connect_attempt.js';
import type { DatagramReceiver, ListenUDPOptions } from './datagram_transport.js';
import type { Deferred } from './deferred.js';
import type { Origin } from './origin.js';
import type { ProcessProtocol } from './process_protocol.js';
import { ProcessTransport, type SpawnOptions } from './process_transport.js';
import type { ClientProtocolFactory, ProtocolFactory } from './protocol_factory.js';
import { ReactorCore } from './reactor_core.js';
import type { Selectable } from './reactor_host.js';
import type {
  ConnectOptions,
  ConnectUNIXOptions,
  ListenOptions,
  ListenSSLOptions,
  ListenUNIXOptions,
  ReactorSSL,
  ReactorTCP,
  ReactorUNIX,
} from './reactor_streams.js';
import { type Reader, ReaderWatch, Watches, type Writer, WriterWatch } from './readers.js';
import { resolve } from './resolve.js';
import { Connector } from './stream_client.js';
import { Port, type PortBinding, tcpBinding, tlsBinding } from './stream_port.js';
import { type ContextFactory, secureContextOf, type TLSOptions, tlsOptionsOf } from './tls_options.js';
import { UDPPort } from './udp_port.js';
import { unixBinding, unixDestination } from './unix_sockets.js';

/**
 * A reactor over Node's event loop.
 *
 * @see Twisted, IReactorCore, IReactorTime, IReactorTCP, IReactorSSL, IReactorUNIX
 */
export class NodeReactor extends ReactorCore implements ReactorTCP, ReactorSSL, ReactorUNIX {
  readonly #readers = new Watches<Reader>(this, (reader, parts) => new ReaderWatch(reader, parts));
  readonly #writers = new Watches<Writer>(this, (writer, parts) => new WriterWatch(writer, parts));

  /**
   * Listens on a TCP port.
   *
   * @param port - 0 to 65535; 0 for a free one of the system's choice, which `getHost().port` tells at once.
   * @param factory - Builds a protocol for each connection.
   * @returns The port, which is bound. Its `stopListening()` closes it.
   * @throws CannotListenError when the port is in use, or is none.
   * @example
   * const port = reactor.listenTCP(0, Factory.forProtocol(Echo), { interface: '127.0.0.1' });
   * console.log(port.getHost().port);
   * @see Twisted, IReactorTCP.listenTCP
   */
  listenTCP(port: number, factory: ProtocolFactory, options: ListenOptions = {}): Port {
    const { backlog = BACKLOG, interface: iface = '' } = options;
    return this.#listen(tcpBinding(port, iface, backlog), factory, this.originOf(this.listenTCP));
  }

  /**
   * Connects to a TCP port.
   *
   * It never throws for a host or a port that can not be connected to: that the factory's `clientConnectionFailed` hears,
   * in a later turn.
   *
   * @param host - An IP number or a name; of a name's addresses the first IPv4 one is taken, or else the first one.
   * @param port - 1 to 65535; with another number the connection is refused.
   * @param factory - Hears how it goes, and builds the protocol.
   * @returns What drives the connection; it may be told to stop, or to connect again.
   * @see Twisted, IReactorTCP.connectTCP
   */
  connectTCP(host: string, port: number, factory: ClientProtocolFactory, options: ConnectOptions = {}): Connector {
    const { timeout = 30, bindAddress } = options;
    const destination = tcpDestination(host, port, bindAddress);
    return this.#connect(destination, factory, timeout, this.originOf(this.connectTCP));
  }

  /**
   * Listens on a TCP port for connections that speak TLS.
   *
   * A protocol is built when both ends have agreed: its transport's `getPeerCertificate()` then tells who the client is,
   * if it was asked. That they could not agree is logged.
   *
   * @param port - As of `listenTCP`.
   * @param factory - Builds a protocol for each connection.
   * @param contextFactory - The key and the certificate, and Node's other options for TLS, or what gives them.
   * @throws CannotListenError as `listenTCP`; SSLError when the key or the certificate can not be read.
   * @example
   * const options = { key: readFileSync('key.pem'), cert: readFileSync('cert.pem') };
   * const port = reactor.listenSSL(443, factory, options);
   * @see Twisted, IReactorSSL.listenSSL: there the protocol is built before.
   */
  listenSSL(
    port: number,
    factory: ProtocolFactory,
    contextFactory: TLSOptions | ContextFactory,
    options: ListenSSLOptions = {},
  ): Port {
    const { backlog = BACKLOG, interface: iface = '', handshakeTimeout = 30 } = options;
    const context = (): TLSOptions => tlsOptionsOf(contextFactory);
    // A key that can not be read is told now, and not when the first client comes.
    secureContextOf(context());
    const binding = tlsBinding(tcpBinding(port, iface, backlog), context, handshakeTimeout);
    return this.#listen(binding, factory, this.originOf(this.listenSSL));
  }

  /**
   * Connects to a TCP port that speaks TLS.
   *
   * The factory builds a protocol when both ends have agreed; until then, its `clientConnectionFailed` hears what goes
   * wrong: SSLError when the server's certificate is not to be trusted, for one.
   *
   * @param host - As of `connectTCP`; the server's certificate has to name it.
   * @param port - 1 to 65535; with another number the connection is refused.
   * @param factory - Hears how it goes, and builds the protocol.
   * @param contextFactory - Whom to trust (`ca`), and Node's other options for TLS, or what gives them; by default the
   * well-known authorities are trusted.
   * @param options - The timeout is for connecting and agreeing together.
   * @throws SSLError when a key or a certificate in the options can not be read.
   * @see Twisted, IReactorSSL.connectSSL: there the protocol is built before the ends have agreed.
   */
  connectSSL(
    host: string,
    port: number,
    factory: ClientProtocolFactory,
    contextFactory: TLSOptions | ContextFactory = {},
    options: ConnectOptions = {},
  ): Connector {
    const { timeout = 30, bindAddress } = options;
    const tlsOptions = tlsOptionsOf(contextFactory);
    secureContextOf(tlsOptions);
    const destination = tlsDestination(tcpDestination(host, port, bindAddress), tlsOptions);
    return this.#connect(destination, factory, timeout, this.originOf(this.connectSSL));
  }

  /**
   * Listens on a UNIX socket. Its file is made, and taken away when the port is closed.
   *
   * @param path - At most 107 bytes (103 on macOS); with a zero character first, a name in Linux' abstract namespace.
   * @param factory - Builds a protocol for each connection.
   * @throws CannotListenError when the path is in use, or can not be used.
   * @see Twisted, IReactorUNIX.listenUNIX
   */
  listenUNIX(path: string, factory: ProtocolFactory, options: ListenUNIXOptions = {}): Port<UNIXAddress> {
    const { backlog = BACKLOG, mode = 0o666 } = options;
    return this.#listen(unixBinding(path, mode, backlog), factory, this.originOf(this.listenUNIX));
  }

  /**
   * Connects to a UNIX socket. What comes of it the factory hears, in a later turn.
   *
   * @param path - As of `listenUNIX`.
   * @param factory - Hears how it goes, and builds the protocol.
   * @see Twisted, IReactorUNIX.connectUNIX
   */
  connectUNIX(path: string, factory: ClientProtocolFactory, options: ConnectUNIXOptions = {}): Connector<UNIXAddress> {
    const { timeout = 30 } = options;
    return this.#connect(unixDestination(path), factory, timeout, this.originOf(this.connectUNIX));
  }

  /**
   * Opens a port for datagrams.
   *
   * @param port - 0 to 65535; 0 for a free one of the system's choice, which `getHost().port` tells at once.
   * @param protocol - Hears of what comes in, and sends by `this.transport`.
   * @returns The port, which is bound.
   * @throws CannotListenError when the port is in use, or is none.
   * @see Twisted, IReactorUDP.listenUDP
   */
  listenUDP(port: number, protocol: DatagramReceiver, options: ListenUDPOptions = {}): UDPPort {
    const { interface: iface = '', maxPacketSize = 8192 } = options;
    const origin = this.originOf(this.listenUDP);
    const udpPort = new UDPPort(this, { port, interface: iface, maxPacketSize }, protocol, origin);
    udpPort.startListening();
    return udpPort;
  }

  /**
   * Starts a process. One that can not be started tells why on its standard error and ends with exit code 1.
   *
   * @param protocol - Hears of it; its `connectionMade` is called before this returns.
   * @param executable - A path, or a name that is looked up in PATH.
   * @param args - Begin with argv[0], the name by which the process knows itself.
   * @returns The process.
   * @throws Error when a terminal is asked for (`usePTY`).
   * @see Twisted, IReactorProcess.spawnProcess
   */
  spawnProcess(
    protocol: ProcessProtocol,
    executable: string,
    args: readonly string[] = [],
    options: SpawnOptions = {},
  ): ProcessTransport {
    if (options.usePTY) {
      throw new Error(`Cannot run ${executable} with usePTY: Node opens no terminals. Leave usePTY out to use pipes.`);
    }
    const child = new ProcessTransport(this, protocol, executable, this.originOf(this.spawnProcess));
    child.start(args, options);
    return child;
  }

  /**
   * Looks a host up.
   *
   * @param host - A name; an IP number is its own answer, and the empty string is '0.0.0.0'.
   * @returns A Deferred of an IP number: of several addresses the first IPv4 one, or else the first one. It fails with
   * DNSLookupError. Cancelling it has the answer ignored.
   * @see Twisted, IReactorCore.resolve
   */
  resolve(host: string): Deferred<string> {
    return resolve(host);
  }

  // What the user's code reads and writes itself

  /**
   * Has `reader.doRead()` called whenever something can be read, and at the end.
   *
   * @param reader - Its `fileno()` says what is read: a stream, or the number of a pipe, a terminal or a socket.
   * @throws TypeError for another kind of file.
   * @see Twisted, IReactorFDSet.addReader
   */
  addReader(reader: Reader): void {
    this.#readers.add(reader, this.originOf(this.addReader));
  }

  /** Takes a reader back. Its stream stays open. */
  removeReader(reader: Reader): void {
    this.#readers.remove(reader);
  }

  /** The readers that were added. */
  getReaders(): Reader[] {
    return this.#readers.all();
  }

  /**
   * Has `writer.doWrite()` called whenever there is room to write.
   *
   * @param writer - Its `fileno()` says what is written: a stream, or the number of a pipe, a terminal or a socket.
   * @throws TypeError for another kind of file.
   * @see Twisted, IReactorFDSet.addWriter
   */
  addWriter(writer: Writer): void {
    this.#writers.add(writer, this.originOf(this.addWriter));
  }

  /** Takes a writer back. Its stream stays open. */
  removeWriter(writer: Writer): void {
    this.#writers.remove(writer);
  }

  /** The writers that were added. */
  getWriters(): Writer[] {
    return this.#writers.all();
  }

  /**
   * Closes every port and every connection at once, without telling their protocols and factories.
   *
   * @returns Those that were open; `String()` of each says what it was, `origin` where it was made.
   * @see Twisted, IReactorFDSet.removeAll: there they are only forgotten.
   */
  removeAll(): Selectable[] {
    return this.selectables.removeAll();
  }

  #listen<A extends Address>(binding: PortBinding<A>, factory: ProtocolFactory, origin: Origin | undefined): Port<A> {
    const port = new Port(this, binding, factory, origin);
    port.startListening();
    return port;
  }

  #connect<A extends Address>(
    destination: Destination<A>,
    factory: ClientProtocolFactory,
    timeout: number | null,
    origin: Origin | undefined,
  ): Connector<A> {
    const connector = new Connector({ reactor: this, destination, factory, timeout, origin });
    connector.connect();
    return connector;
  }
}

/** The reactor of this process. */
export const reactor = new NodeReactor();
