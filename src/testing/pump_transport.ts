/** One end of a connection in memory. */
import { type InternetAddress, IPv4Address } from '../internet/address.js';
import type { Producer } from '../internet/consumer.js';
import { ConnectionAborted, ConnectionDone, ConnectionLost } from '../internet/errors.js';
import { Failure } from '../internet/failure.js';
import { isHalfCloseable, type StreamProtocol, type Transport } from '../internet/stream_protocol.js';
import { bytesOf } from './bytes.js';
import { TCPSettings } from './tcp_settings.js';

const BUFFER_SIZE = 64 * 1024;

const SERVER = new IPv4Address('TCP', '10.0.0.1', 80);
const CLIENT = new IPv4Address('TCP', '10.0.0.2', 50000);

/**
 * Holds what its protocol writes until an IOPump carries it to the other end.
 *
 * @see Twisted, iosim.FakeTransport
 */
export class PumpTransport extends TCPSettings implements Transport {
  readonly #protocol: StreamProtocol;
  readonly #isServer: boolean;
  #life: 'open' | 'losing' | 'aborted' | 'lost' = 'open';
  #writing: 'open' | 'ending' | 'ended' = 'open';
  #readEnded = false;
  #paused = false;
  #out: Buffer[] = [];
  #outLength = 0;
  #producer: Producer | undefined;
  #producerIs: 'push' | 'paused' | 'pull' = 'push';

  constructor(protocol: StreamProtocol, isServer: boolean) {
    super();
    this.#protocol = protocol;
    this.#isServer = isServer;
  }

  get connected(): boolean {
    return this.#life !== 'lost';
  }

  get disconnecting(): boolean {
    return this.#life !== 'open';
  }

  write(data: Uint8Array | string): void {
    const bytes = bytesOf(data);
    const takesData = this.#life === 'open' || (this.#life === 'losing' && this.#producer !== undefined);
    if (!takesData || this.#writing !== 'open' || bytes.length === 0) return;
    this.#out.push(bytes);
    this.#outLength += bytes.length;
    if (this.#producer !== undefined && this.#producerIs === 'push' && this.#outLength > BUFFER_SIZE) {
      this.#producerIs = 'paused';
      this.#producer.pauseProducing?.();
    }
  }

  writeSequence(pieces: Iterable<Uint8Array | string>): void {
    for (const piece of pieces) this.write(piece);
  }

  loseConnection(): void {
    if (this.#life === 'open') this.#life = 'losing';
  }

  abortConnection(): void {
    if (this.#life === 'lost') return;
    this.#life = 'aborted';
    this.#out = [];
    this.#outLength = 0;
  }

  loseWriteConnection(): void {
    if (this.#writing === 'open') this.#writing = 'ending';
  }

  getHost(): InternetAddress {
    return this.#isServer ? SERVER : CLIENT;
  }

  getPeer(): InternetAddress {
    return this.#isServer ? CLIENT : SERVER;
  }

  pauseProducing(): void {
    this.#paused = true;
  }

  resumeProducing(): void {
    this.#paused = false;
  }

  stopProducing(): void {
    this.loseConnection();
  }

  registerProducer(producer: Producer, streaming: boolean): void {
    if (this.#producer !== undefined) throw new Error('Cannot register a second producer.');
    if (this.#life === 'lost') {
      producer.stopProducing();
      return;
    }
    this.#producer = producer;
    this.#producerIs = streaming ? 'push' : 'pull';
    if (!streaming) producer.resumeProducing();
  }

  unregisterProducer(): void {
    this.#producer = undefined;
  }

  startTLS(): never {
    throw new Error('Cannot start TLS: there is none in memory. Use listenTCP and connectTCP on 127.0.0.1.');
  }

  getPeerCertificate(): undefined {}

  get negotiatedProtocol(): undefined {
    return undefined;
  }

  /** @internal Takes what was written, unless the other end is not reading. */
  take(other: PumpTransport): Buffer | undefined {
    if (this.#outLength === 0 || (other.#paused && other.#life === 'open')) return undefined;
    const data = Buffer.concat(this.#out);
    this.#out = [];
    this.#outLength = 0;
    return data;
  }

  /** @internal What was taken is with the other end: a producer that waits for room may go on. */
  taken(): void {
    if (this.#producer === undefined || this.#producerIs === 'push') return;
    if (this.#producerIs === 'paused') this.#producerIs = 'push';
    this.#producer.resumeProducing();
  }

  /** @internal */
  deliver(data: Buffer): void {
    if (this.#life === 'open') this.#protocol.dataReceived(data);
  }

  /**
   * @internal When all that was written is with the other end, tells both what has become of this end.
   * @returns Whether there was something to tell.
   */
  settle(other: PumpTransport): boolean {
    if (this.#life === 'aborted') {
      this.#lose(new ConnectionAborted('The connection was aborted by this end.'));
      other.#lose(new ConnectionLost('The connection was lost: the other end has aborted it.'));
      return true;
    }
    if (this.#producer !== undefined || this.#outLength > 0) return false;
    if (this.#life === 'losing') {
      this.#loseBoth(other);
      return true;
    }
    if (this.#writing !== 'ending' || this.#life === 'lost') return false;
    this.#writing = 'ended';
    if (isHalfCloseable(this.#protocol)) this.#protocol.writeConnectionLost();
    other.#endReading(this);
    return true;
  }

  #endReading(other: PumpTransport): void {
    if (this.#readEnded || this.#life === 'lost') return;
    this.#readEnded = true;
    if (isHalfCloseable(this.#protocol)) {
      this.#protocol.readConnectionLost();
      return;
    }
    this.#loseBoth(other);
  }

  #loseBoth(other: PumpTransport): void {
    for (const end of [this, other]) end.#lose(new ConnectionDone('The connection was closed cleanly.'));
  }

  #lose(reason: Error): void {
    if (this.#life === 'lost') return;
    this.#life = 'lost';
    const producer = this.#producer;
    this.#producer = undefined;
    producer?.stopProducing();
    this.#protocol.connectionLost(new Failure(reason));
  }
}
