/** What makes connections for a ClientFactory, over TCP and over UNIX sockets. */
import { AsyncResource } from 'node:async_hooks';
import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { err } from '../log/publisher.js';
import type { Address, InternetAddress } from './address.js';
import { ConnectAttempt, type Destination } from './connect_attempt.js';
import { beginInTurn } from './connect_pace.js';
import { ConnectError, ConnectingCancelledError, ConnectTimeoutError, NotConnectingError } from './errors.js';
import { Failure } from './failure.js';
import { logPrefix } from './log_prefix.js';
import { logged } from './logged.js';
import type { Origin } from './origin.js';
import { Protocol } from './protocol.js';
import type { ClientProtocolFactory, ConnectorLike } from './protocol_factory.js';
import type { ReactorHost } from './reactor_host.js';
import type { PendingCall } from './reactor_time.js';
import type { StreamProtocol } from './stream_protocol.js';
import type { TLSLayer } from './tls_layer.js';
import { StreamTransport } from './transport.js';

/** What a Connector connects, and how long it may take. */
export interface ConnectorParts<A extends Address> {
  readonly reactor: ReactorHost;
  readonly destination: Destination<A>;
  readonly factory: ClientProtocolFactory;
  /** Seconds; null for as long as the system tries. */
  readonly timeout: number | null;
  readonly origin: Origin | undefined;
}

/**
 * Drives the one connection of a ClientFactory, which may have it connect again and again.
 *
 * @see Twisted, IConnector
 */
export class Connector<A extends Address = InternetAddress> implements ConnectorLike<A> {
  readonly #parts: ConnectorParts<A>;
  readonly #scope = new AsyncResource('Connector', { requireManualDestroy: true });
  #state: 'disconnected' | 'connecting' | 'connected' = 'disconnected';
  #factoryStarted = false;
  #attempt: ConnectAttempt | undefined;
  #transport: StreamTransport | undefined;
  #timeout: PendingCall | undefined;

  /** @internal Made by `connectTCP` and its like. */
  constructor(parts: ConnectorParts<A>) {
    this.#parts = parts;
  }

  get state(): 'disconnected' | 'connecting' | 'connected' {
    return this.#state;
  }

  /**
   * Begins to connect, again or for the first time. What comes of it the factory hears.
   *
   * @throws Error when it is connecting or connected.
   */
  connect(): void {
    if (this.#state !== 'disconnected') throw new Error(`Cannot connect: ${this} is ${this.#state} already.`);
    const { reactor, destination, factory, timeout, origin } = this.#parts;
    this.#state = 'connecting';
    if (!this.#factoryStarted) {
      factory.doStart();
      this.#factoryStarted = true;
    }
    const attempt = new ConnectAttempt(
      destination,
      {
        connected: (socket, ip, layer) => this.#connected(socket, ip, layer),
        failed: (reason) => this.#failed(reason),
      },
      { scope: this.#scope, selectables: reactor.selectables, origin },
    );
    this.#attempt = attempt;
    if (timeout !== null) {
      // The function's name is what a list of delayed calls shows.
      const connectTimedOut = (): void => this.#giveUp();
      this.#timeout = reactor.callLaterFrom(origin, timeout, connectTimedOut, this.#scope);
    }
    reactor.whenRunning(() => beginInTurn(attempt));
    factory.startedConnecting(this);
  }

  /** Ends the connection as `loseConnection()` does, or the attempt to connect. */
  disconnect(): void {
    if (this.#state === 'connecting') this.stopConnecting();
    else this.#transport?.loseConnection();
  }

  /**
   * Ends the attempt to connect: `clientConnectionFailed` is called with a ConnectingCancelledError.
   *
   * @throws NotConnectingError when it is not connecting.
   */
  stopConnecting(): void {
    if (this.#state !== 'connecting') {
      throw new NotConnectingError(`Cannot stop connecting: ${this} is ${this.#state}.`);
    }
    this.#attempt?.stop(new ConnectingCancelledError(`Connecting to ${this.getDestination()} was cancelled.`));
  }

  /** Where it connects to; the host as it was given. */
  getDestination(): A {
    return this.#parts.destination.address;
  }

  /** `<Connector of PoetryClientFactory to 127.0.0.1:10000>` */
  toString(): string {
    return `<Connector of ${logPrefix(this.#parts.factory)} to ${this.getDestination()}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  #connected(socket: Socket, ip: string | undefined, layer: TLSLayer | undefined): void {
    this.#endAttempt();
    this.#state = 'connected';
    const { reactor, destination, factory, origin } = this.#parts;
    const peer = destination.peer(ip);
    let protocol: StreamProtocol | null | undefined;
    try {
      protocol = factory.buildProtocol(peer);
    } catch (error) {
      err(new Failure(error));
      socket.on('error', () => {}).destroy();
      this.#failed(new Failure(new ConnectError(`Building a protocol for ${peer} failed.`, { cause: error })));
      return;
    }
    const transport = new StreamTransport({
      socket,
      layer,
      hostname: 'host' in destination.address ? destination.address.host : undefined,
      protocol: protocol ?? new Protocol(),
      host: () => destination.host(socket),
      peer,
      scope: this.#scope,
      selectables: reactor.selectables,
      origin,
      side: 'client',
      logSuffix: 'client',
      lost: (reason) => this.#lost(reason),
    });
    this.#transport = transport;
    if (protocol === null || protocol === undefined) transport.loseConnection();
    else transport.start();
  }

  #giveUp(): void {
    this.#timeout = undefined;
    const message = `Connecting to ${this.getDestination()} took longer than ${this.#parts.timeout} seconds.`;
    this.#attempt?.stop(new ConnectTimeoutError(message));
  }

  #failed(reason: Failure): void {
    this.#endAttempt();
    this.#state = 'disconnected';
    this.#tell(() => this.#parts.factory.clientConnectionFailed(this, reason));
  }

  #lost(reason: Failure): void {
    this.#transport = undefined;
    this.#state = 'disconnected';
    this.#tell(() => this.#parts.factory.clientConnectionLost(this, reason));
  }

  #endAttempt(): void {
    this.#attempt = undefined;
    if (this.#timeout?.active()) this.#timeout.cancel();
    this.#timeout = undefined;
  }

  /** Tells the factory, which may connect again; if it does not, the factory is not needed any more. */
  #tell(f: () => void): void {
    logged(f);
    if (this.#state !== 'disconnected' || !this.#factoryStarted) return;
    this.#factoryStarted = false;
    logged(() => this.#parts.factory.doStop());
  }
}
