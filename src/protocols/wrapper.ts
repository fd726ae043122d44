/** Protocols around protocols: they see, count, limit or log what passes between a protocol and its transport. */
import type { X509Certificate } from 'node:crypto';
import type { Address } from '../internet/address.js';
import type { Producer } from '../internet/consumer.js';
import { ClientFactory } from '../internet/factory.js';
import type { Failure } from '../internet/failure.js';
import { logPrefix } from '../internet/log_prefix.js';
import { Protocol } from '../internet/protocol.js';
import type { ClientProtocolFactory, ConnectorLike, ProtocolFactory } from '../internet/protocol_factory.js';
import { isHalfCloseable, type StreamProtocol, type Transport } from '../internet/stream_protocol.js';
import type { ContextFactory, TLSOptions } from '../internet/tls_options.js';

/**
 * Stands between a transport and a protocol, which takes it for its transport. Hands everything on; subclasses change
 * what they like.
 *
 * @see Twisted, policies.ProtocolWrapper
 */
export class ProtocolWrapper extends Protocol<WrappingFactory, Address> implements Transport<Address> {
  /** The protocol inside. */
  readonly wrappedProtocol: StreamProtocol;

  /** Whether `loseConnection()` was called, here and not on the transport. */
  disconnecting = false;

  constructor(factory: WrappingFactory, wrappedProtocol: StreamProtocol) {
    super();
    this.factory = factory;
    this.wrappedProtocol = wrappedProtocol;
    if (isHalfCloseable(wrappedProtocol)) {
      // A transport looks for these two; a wrapper has them if the protocol inside has.
      Object.assign(this, {
        readConnectionLost: () => wrappedProtocol.readConnectionLost(),
        writeConnectionLost: () => wrappedProtocol.writeConnectionLost(),
      });
    }
  }

  override makeConnection(transport: Transport<Address>): void {
    super.makeConnection(transport);
    this.factory.registerProtocol(this);
    this.wrappedProtocol.makeConnection(this);
  }

  override dataReceived(data: Buffer): void {
    this.wrappedProtocol.dataReceived(data);
  }

  override connectionLost(reason: Failure): void {
    this.factory.unregisterProtocol(this);
    if ('connected' in this.wrappedProtocol) this.wrappedProtocol.connected = false;
    this.wrappedProtocol.connectionLost(reason);
  }

  override logPrefix(): string {
    return `${logPrefix(this.wrappedProtocol)} (${super.logPrefix()})`;
  }

  write(data: Uint8Array | string): void {
    this.transport.write(data);
  }

  writeSequence(pieces: Iterable<Uint8Array | string>): void {
    this.transport.writeSequence(pieces);
  }

  loseConnection(): void {
    this.disconnecting = true;
    this.transport.loseConnection();
  }

  abortConnection(): void {
    this.transport.abortConnection();
  }

  loseWriteConnection(): void {
    this.transport.loseWriteConnection();
  }

  getHost(): Address {
    return this.transport.getHost();
  }

  getPeer(): Address {
    return this.transport.getPeer();
  }

  registerProducer(producer: Producer, streaming: boolean): void {
    this.transport.registerProducer(producer, streaming);
  }

  unregisterProducer(): void {
    this.transport.unregisterProducer();
  }

  pauseProducing(): void {
    this.transport.pauseProducing();
  }

  resumeProducing(): void {
    this.transport.resumeProducing();
  }

  stopProducing(): void {
    this.transport.stopProducing();
  }

  setTcpNoDelay(enabled: boolean): void {
    this.transport.setTcpNoDelay(enabled);
  }

  getTcpNoDelay(): boolean {
    return this.transport.getTcpNoDelay();
  }

  setTcpKeepAlive(enabled: boolean): void {
    this.transport.setTcpKeepAlive(enabled);
  }

  getTcpKeepAlive(): boolean {
    return this.transport.getTcpKeepAlive();
  }

  startTLS(contextFactory: TLSOptions | ContextFactory, normal = true): void {
    this.transport.startTLS(contextFactory, normal);
  }

  getPeerCertificate(): X509Certificate | undefined {
    return this.transport.getPeerCertificate();
  }

  get negotiatedProtocol(): string | undefined {
    return this.transport.negotiatedProtocol;
  }
}

/** A class of wrappers. */
export type WrapperClass = new (factory: WrappingFactory, wrappedProtocol: StreamProtocol) => ProtocolWrapper;

/** A ClientFactory whose `protocol` is another kind of class. */
interface FactoryOfWrappers extends ClientProtocolFactory {
  numPorts: number;
  noisy: boolean;
  startFactory(): void;
  stopFactory(): void;
  logPrefix(): string;
}

const FactoryOfWrappers: new () => FactoryOfWrappers = ClientFactory;

/**
 * Wraps each protocol that another factory builds. Takes the place of that factory, of a server or of a client.
 *
 * @example
 * class Counter extends ProtocolWrapper {
 *   override dataReceived(data: Buffer) { count += data.length; super.dataReceived(data); }
 * }
 * const factory = new WrappingFactory(new PoetryFactory(poem));
 * factory.protocol = Counter;
 * reactor.listenTCP(0, factory);
 * @see Twisted, policies.WrappingFactory
 */
export class WrappingFactory extends FactoryOfWrappers {
  /** The class of the wrappers. */
  protocol: WrapperClass = ProtocolWrapper;

  /** The factory of the protocols inside. */
  readonly wrappedFactory: ProtocolFactory & Partial<ClientProtocolFactory>;

  /** The wrappers whose connections stand. */
  readonly protocols = new Set<ProtocolWrapper>();

  constructor(wrappedFactory: ProtocolFactory & Partial<ClientProtocolFactory>) {
    super();
    this.wrappedFactory = wrappedFactory;
  }

  override doStart(): void {
    this.wrappedFactory.doStart();
    super.doStart();
  }

  override doStop(): void {
    this.wrappedFactory.doStop();
    super.doStop();
  }

  override startedConnecting(connector: ConnectorLike<Address>): void {
    this.wrappedFactory.startedConnecting?.(connector);
  }

  override clientConnectionFailed(connector: ConnectorLike<Address>, reason: Failure): void {
    this.wrappedFactory.clientConnectionFailed?.(connector, reason);
  }

  override clientConnectionLost(connector: ConnectorLike<Address>, reason: Failure): void {
    this.wrappedFactory.clientConnectionLost?.(connector, reason);
  }

  override buildProtocol(address: Address): StreamProtocol | null | undefined {
    const wrapped = this.wrappedFactory.buildProtocol(address);
    return wrapped ? new this.protocol(this, wrapped) : wrapped;
  }

  override logPrefix(): string {
    return `${logPrefix(this.wrappedFactory)} (${super.logPrefix()})`;
  }

  /** The connection of a wrapper stands. */
  registerProtocol(protocol: ProtocolWrapper): void {
    this.protocols.add(protocol);
  }

  /** The connection of a wrapper is over. */
  unregisterProtocol(protocol: ProtocolWrapper): void {
    this.protocols.delete(protocol);
  }
}
