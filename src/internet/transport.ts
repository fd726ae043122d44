/** A connection over one of Node's sockets, as a protocol sees it. What is written goes out by outgoing.ts. */
import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Address } from './address.js';
import { CONNECTION_DONE } from './connection_done.js';
import { ConnectionEnds } from './connection_ends.js';
import type { ConnectionParts } from './connection_parts.js';
import type { Producer } from './consumer.js';
import { ConnectionAborted, ConnectionLost } from './errors.js';
import { Failure } from './failure.js';
import { closeAfterLingering } from './linger.js';
import { logPrefix } from './log_prefix.js';
import { connectionError, handshakeError, type SystemError } from './node_errors.js';
import { Outgoing, requireData } from './outgoing.js';
import { ProtocolCaller } from './protocol_caller.js';
import { introduce, part, passData } from './protocol_calls.js';
import type { Selectable, SelectableRegister } from './reactor_host.js';
import { listenTo, unlisten, watchSocket } from './stream_listener.js';
import { isHalfCloseable, type Transport } from './stream_protocol.js';
import { TLSLayer } from './tls_layer.js';
import { type ContextFactory, type TLSOptions, tlsOptionsOf } from './tls_options.js';
import { closeAfterThisTurn } from './turn_end.js';

/**
 * The transport of TCP and UNIX connections.
 *
 * Its life: open; losing, when `loseConnection()` waits for what is still to be sent; closing, when the socket is being
 * closed; closed, when the protocol has heard of it.
 */
export class StreamTransport extends ConnectionEnds implements Transport<Address>, Selectable {
  readonly #hostname: string | undefined;
  readonly #selectables: SelectableRegister;
  readonly #lost: ((reason: Failure) => void) | undefined;
  /** What data goes through: the socket, or TLS over it. */
  #stream: Socket;
  #layer: TLSLayer | undefined;
  readonly #out: Outgoing;
  readonly #caller: ProtocolCaller;
  #life: 'open' | 'losing' | 'closing' | 'closed' = 'open';
  #readHasEnded = false;
  /** The peer has sent something since `loseConnection()`, and may be at it still. */
  #unwanted = false;
  #stopLingering: (() => void) | undefined;
  #reason: Failure | undefined;

  /** @internal Made by ports and connectors. */
  constructor(parts: ConnectionParts) {
    super(parts);
    const { socket, layer } = parts;
    this.#hostname = parts.hostname;
    this.#selectables = parts.selectables;
    this.#lost = parts.lost;
    this.#layer = layer;
    this.#stream = layer?.stream ?? socket;
    this.#out = new Outgoing(this.#stream, layer);
    this.#caller = new ProtocolCaller(parts.scope, `${logPrefix(parts.protocol)},${parts.logSuffix}`);
    parts.selectables.add(this);
    this.#listen();
    watchSocket(socket, this);
  }

  get closing(): boolean {
    return this.#life !== 'open';
  }

  get disconnecting(): boolean {
    return this.#life !== 'open';
  }

  /** Whether the connection stands; until the protocol has heard that it does not. */
  get connected(): boolean {
    return this.#life !== 'closed';
  }

  /** Whether something can still be sent. */
  get #alive(): boolean {
    return this.#life === 'open' || this.#life === 'losing';
  }

  /** @internal Introduces protocol and transport to each other. */
  start(): void {
    this.#tell(introduce, this.protocol, this);
  }

  write(data: Uint8Array | string): void {
    requireData(data);
    // After loseConnection() a producer that is registered may go on: until it has finished, writing does not end.
    if (this.#alive) this.#out.write(data);
  }

  writeSequence(pieces: Iterable<Uint8Array | string>): void {
    for (const piece of pieces) this.write(piece);
  }

  loseConnection(): void {
    if (this.#life !== 'open') return;
    // Reading goes on, to no one: what the system holds unread when a socket is closed makes it send a reset, and the
    // peer lose what was sent to it last.
    this.#life = 'losing';
    if (this.#stream.isPaused()) {
      this.#unwanted = true;
      this.#stream.resume();
    }
    if (this.#out.state === 'ended') this.#finish();
    // Closing it tells the peer that this is the end: nothing else has to.
    else if (this.#layer === undefined && this.#out.endIfSent()) closeAfterThisTurn(this);
    else this.#out.end();
  }

  /** @internal */
  closeNow(): void {
    if (this.#unwanted && this.#out.state !== 'ended') this.#stream.end();
    else this.#close(done());
  }

  loseWriteConnection(): void {
    if (this.#life === 'open') this.#out.end();
  }

  abortConnection(): void {
    if (!this.#alive) return;
    this.#life = 'closing';
    this.#reason = new Failure(new ConnectionAborted(`The connection to ${this.getPeer()} was aborted by this end.`));
    // Node can not reset a socket whose writing half is being closed: it would fail with EINVAL and spin for ever.
    if ('port' in this.peer && this.#out.state !== 'ending') this.socket.resetAndDestroy();
    else this.socket.destroy();
  }

  /**
   * @throws Error when TLS is spoken already; SSLError when the key or the certificate can not be read.
   */
  startTLS(contextFactory: TLSOptions | ContextFactory, normal = true): void {
    if (this.#layer !== undefined) throw new Error(`Cannot start TLS: ${this} speaks it already.`);
    if (!this.#alive || this.#out.state !== 'open') return;
    const options = tlsOptionsOf(contextFactory);
    const side = (this.side === 'client') === normal ? 'client' : 'server';
    // What was written so far goes out in the clear.
    this.#out.flush();
    const socket = this.socket;
    const paused = socket.isPaused();
    const layer = new TLSLayer(socket, { side, options, hostname: this.#hostname });
    unlisten(this.#stream);
    this.#layer = layer;
    this.#stream = layer.stream;
    this.#out.goThrough(layer);
    this.#listen();
    if (paused) layer.stream.pause();
    socket.resume();
  }

  getPeerCertificate(): X509Certificate | undefined {
    return this.#layer?.stream.getPeerX509Certificate();
  }

  get negotiatedProtocol(): string | undefined {
    return this.#layer?.stream.alpnProtocol || undefined;
  }

  pauseProducing(): void {
    this.#stream.pause();
  }

  resumeProducing(): void {
    if (this.#life === 'open') this.#stream.resume();
  }

  stopProducing(): void {
    this.loseConnection();
  }

  registerProducer(producer: Producer, streaming: boolean): void {
    this.#out.register(producer, streaming, { alive: () => this.#alive, call: (f) => this.#tell(f) });
  }

  unregisterProducer(): void {
    this.#out.unregister();
  }

  discard(): void {
    // A list of what was left open says where it was.
    this.askHost();
    this.#life = 'closed';
    this.#stopLingering?.();
    this.#out.release();
    this.socket.destroy();
  }

  disconnect(reason: Failure): void {
    if (this.#life === 'closed') return;
    this.#reason ??= reason;
    this.socket.destroy();
    this.#over();
  }

  #listen(): void {
    listenTo(this.#stream, this);
    if (this.#layer !== undefined) this.#layer.failed = (error) => this.#tlsFailed(error);
  }

  /** @internal */
  dataReceived(data: Buffer): void {
    if (this.#life !== 'open') {
      this.#unwanted = true;
      return;
    }
    this.#tell(passData, this.protocol, data);
  }

  /** @internal */
  readEnded(): void {
    this.#readHasEnded = true;
    if (this.#layer?.truncated && this.#life === 'open') {
      const message = `The connection to ${this.getPeer()} was cut: the peer has not ended TLS, and data may be missing.`;
      this.#close(new Failure(new ConnectionLost(message)));
      return;
    }
    if (this.#life === 'losing' && this.#out.state === 'ended') this.#finish();
    if (this.#life !== 'open') return;
    const protocol = this.protocol;
    if (isHalfCloseable(protocol)) {
      this.#tell(() => protocol.readConnectionLost());
      return;
    }
    // What was written in answer to the last data goes out as far as the system takes it.
    this.#out.flush();
    if (this.#layer === undefined || this.#out.state === 'ended') {
      this.#close(done());
      return;
    }
    // Over TLS each end says that it has finished.
    this.#life = 'losing';
    this.#out.endNow();
  }

  /** All that was written is sent. */
  #finish(): void {
    // A socket that is closed while the peer is still sending makes the system tell the peer that something was lost; and
    // over TLS the peer always has something to send: at least its own end, which it sends in answer to ours.
    if (this.#readHasEnded || (this.#layer === undefined && !this.#unwanted)) this.#close(done());
    else if (this.#layer === undefined) this.#stopLingering ??= closeAfterLingering(this);
  }

  /** @internal */
  writeEnded(): void {
    this.#out.ended();
    if (this.#life === 'losing') {
      this.#finish();
    } else if (this.#life === 'open') {
      const protocol = this.protocol;
      if (isHalfCloseable(protocol)) this.#tell(() => protocol.writeConnectionLost());
    }
  }

  /** @internal */
  failed(error: SystemError): void {
    this.#reason ??= new Failure(connectionError(error, String(this.getPeer())));
  }

  #tlsFailed(error: SystemError): void {
    const peer = String(this.getPeer());
    const problem = this.#layer?.secured ? undefined : handshakeError(error, peer);
    const lost =
      problem === undefined ? connectionError(error, peer) : new ConnectionLost(problem.message, { cause: problem });
    this.#reason ??= new Failure(lost);
    // TLS closes the socket when it has told the peer.
    if (this.#alive) this.#life = 'closing';
  }

  /** Calls the user's code; what it throws ends the connection. */
  #tell<A extends readonly unknown[]>(f: (...args: A) => void, ...args: A): void {
    const failure = this.#caller.tell(f, ...args);
    if (failure !== undefined) this.#close(failure);
  }

  #close(reason: Failure): void {
    if (!this.#alive) return;
    this.#life = 'closing';
    this.#reason ??= reason;
    this.socket.destroy();
  }

  /** @internal */
  closed(): void {
    // Nothing comes any more. Node's table of listeners is old, for V8, before long: what stands in it would outlive the
    // connection by many collections, and all that it knows too.
    if (this.#layer !== undefined) unlisten(this.#stream);
    this.socket.removeAllListeners();
    this.#selectables.delete(this);
    this.#over();
  }

  /** Tells everybody concerned that the connection is over, once. */
  #over(): void {
    if (this.#life === 'closed') return;
    this.#life = 'closed';
    this.#stopLingering?.();
    const protocol = this.protocol;
    const lost = this.#lost;
    const reason = this.#reason ?? done();
    const caller = this.#caller;
    const producer = this.#out.release();
    // Nothing is left to be closed.
    if (producer !== undefined) caller.tell(() => producer.stopProducing());
    caller.tell(part, protocol, reason);
    if (lost !== undefined) caller.tell(lost, reason);
  }
}

function done(): Failure {
  return new Failure(CONNECTION_DONE);
}
