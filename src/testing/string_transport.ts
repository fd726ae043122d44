/** Transports that keep what is written to them, for tests of protocols without a network. */
import { type Address, type InternetAddress, IPv4Address } from '../internet/address.js';
import type { Producer } from '../internet/consumer.js';
import { ConnectionDone } from '../internet/errors.js';
import { Failure } from '../internet/failure.js';
import type { StreamProtocol, Transport } from '../internet/stream_protocol.js';
import type { ContextFactory, TLSOptions } from '../internet/tls_options.js';
import { bytesOf } from './bytes.js';
import { TCPSettings } from './tcp_settings.js';

/** What a StringTransport says of its ends, and how strict it is. */
export interface StringTransportOptions<A extends Address = InternetAddress> {
  /** What `getHost()` returns; 10.0.0.1:12345 by default. */
  readonly hostAddress?: A;
  /** What `getPeer()` returns; 192.168.1.1:54321 by default. */
  readonly peerAddress?: A;
  /** Whether `pauseProducing()` and `resumeProducing()` are accepted after `loseConnection()`; false by default. */
  readonly lenient?: boolean;
}

/**
 * Keeps what a protocol writes, and does nothing else.
 *
 * @example
 * const transport = new StringTransport();
 * protocol.makeConnection(transport);
 * protocol.dataReceived(Buffer.from('hello'));
 * this.assertEqual(transport.value().toString(), 'HELLO');
 * @see Twisted, StringTransport
 */
export class StringTransport<A extends Address = InternetAddress> extends TCPSettings implements Transport<A> {
  /** Whether the connection stands. */
  connected = true;
  /** Whether `loseConnection()` was called. */
  disconnecting = false;
  /** Whether `abortConnection()` was called. */
  disconnected = false;
  /** Whether `loseWriteConnection()` was called. */
  writeDisconnecting = false;
  /** The producer that is registered. */
  producer: Producer | undefined;
  /** How it was registered. */
  streaming: boolean | undefined;
  /** What the protocol has made of the transport as a producer. */
  producerState: 'producing' | 'paused' | 'stopped' = 'producing';

  /** What `startTLS()` was called with. */
  tls: TLSOptions | ContextFactory | undefined;
  /** What a protocol is to find that was agreed on. */
  negotiatedProtocol: string | undefined;

  readonly #host: Address;
  readonly #peer: Address;
  readonly #lenient: boolean;
  #written: Buffer[] = [];

  constructor(options: StringTransportOptions<A> = {}) {
    super();
    this.#host = options.hostAddress ?? new IPv4Address('TCP', '10.0.0.1', 12345);
    this.#peer = options.peerAddress ?? new IPv4Address('TCP', '192.168.1.1', 54321);
    this.#lenient = options.lenient ?? false;
  }

  /** All that was written since the beginning or the last `clear()`. */
  value(): Buffer {
    return Buffer.concat(this.#written);
  }

  /** Forgets what was written so far. */
  clear(): void {
    this.#written = [];
  }

  write(data: Uint8Array | string): void {
    this.#written.push(bytesOf(data));
  }

  writeSequence(pieces: Iterable<Uint8Array | string>): void {
    for (const piece of pieces) this.write(piece);
  }

  loseConnection(): void {
    this.disconnecting = true;
  }

  abortConnection(): void {
    this.disconnected = true;
    this.loseConnection();
  }

  loseWriteConnection(): void {
    this.writeDisconnecting = true;
  }

  getHost(): A {
    return this.#host as A;
  }

  getPeer(): A {
    return this.#peer as A;
  }

  registerProducer(producer: Producer, streaming: boolean): void {
    if (this.producer !== undefined) throw new Error('Cannot register a second producer.');
    this.producer = producer;
    this.streaming = streaming;
  }

  unregisterProducer(): void {
    if (this.producer === undefined) throw new Error('Cannot unregister a producer: none is registered.');
    this.producer = undefined;
    this.streaming = undefined;
  }

  pauseProducing(): void {
    this.#requireProducing('pause');
    this.producerState = 'paused';
  }

  resumeProducing(): void {
    this.#requireProducing('resume');
    this.producerState = 'producing';
  }

  stopProducing(): void {
    this.producerState = 'stopped';
  }

  startTLS(contextFactory: TLSOptions | ContextFactory): void {
    this.tls = contextFactory;
  }

  getPeerCertificate(): undefined {}

  #requireProducing(what: string): void {
    if (this.disconnecting && !this.#lenient) throw new Error(`Cannot ${what} producing after loseConnection().`);
    if (this.producerState === 'stopped') throw new Error(`Cannot ${what} a producer that was stopped.`);
  }
}

/**
 * A StringTransport that tells its protocol when the connection is lost: with ConnectionDone, when it is aborted too.
 *
 * @example
 * const transport = new StringTransportWithDisconnection();
 * transport.protocol = protocol;
 * protocol.makeConnection(transport);
 * @see Twisted, StringTransportWithDisconnection
 */
export class StringTransportWithDisconnection<A extends Address = InternetAddress> extends StringTransport<A> {
  /** Whose `connectionLost` is called. To be set before the connection is lost. */
  protocol: Pick<StreamProtocol, 'connectionLost'> | undefined;

  /** Tells the protocol; `disconnecting` stays false, for nothing is left to be sent. */
  override loseConnection(): void {
    if (!this.connected) return;
    if (this.protocol === undefined) {
      throw new Error('Cannot tell that the connection is lost: set the protocol of this transport before.');
    }
    this.connected = false;
    this.protocol.connectionLost(new Failure(new ConnectionDone('The connection was closed cleanly.')));
  }
}
