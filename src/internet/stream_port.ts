/** A port that listens, for TCP and for UNIX sockets. */
import type { Server, Socket } from 'node:net';
import { err, msg } from '../log/publisher.js';
import { type Address, type InternetAddress, internetAddress } from './address.js';
import { BasePort } from './base_port.js';
import { listenNow } from './bind_now.js';
import { CannotListenError, type SSLError } from './errors.js';
import { Failure } from './failure.js';
import { nodeNet } from './late_builtins.js';
import type { SystemError } from './node_errors.js';
import type { Origin } from './origin.js';
import type { ProtocolFactory } from './protocol_factory.js';
import type { ReactorHost } from './reactor_host.js';
import { TLSHandshake } from './tls_handshake.js';
import { TLSLayer } from './tls_layer.js';
import type { TLSOptions } from './tls_options.js';
import { StreamTransport } from './transport.js';

/** How a port is bound. */
export interface PortBinding<A extends Address = Address> {
  /** Has a server listen before it returns. @returns Where. */
  listen(server: Server): A;
  /** Where the other end of an accepted connection is; undefined when it has gone already. */
  peerOf(socket: Socket): A | undefined;
  /** This end of an accepted connection. */
  hostOf(socket: Socket, port: A): A;
  /** Begins to speak TLS on an accepted connection; undefined where none is spoken. */
  readonly secure?: { begin(socket: Socket): TLSLayer; readonly timeout: number };
  /** What to say when it can not listen. */
  cannotListen(error: SystemError): Error;
}

/** Binds TCP ports. */
export function tcpBinding(port: number, iface: string, backlog: number): PortBinding<InternetAddress> {
  return {
    listen(server) {
      const bound = listenNow(server, iface, port, backlog);
      return internetAddress('TCP', bound.address, bound.port);
    },
    peerOf: ({ remoteAddress, remotePort }) =>
      remoteAddress === undefined ? undefined : internetAddress('TCP', remoteAddress, remotePort ?? 0),
    hostOf(socket, portAddress) {
      // To ask the system costs some microseconds: only where a port listens on several addresses the answer differs.
      if (portAddress.host !== '0.0.0.0' && portAddress.host !== '::') return portAddress;
      const { localAddress, localPort } = socket;
      return localAddress === undefined ? portAddress : internetAddress('TCP', localAddress, localPort ?? 0);
    },
    cannotListen: (error) => new CannotListenError(iface, port, error),
  };
}

/**
 * Binds TCP ports that speak TLS.
 *
 * @param options - Are asked for at each connection.
 * @param timeout - Seconds that a client may take to agree on TLS.
 */
export function tlsBinding(
  tcp: PortBinding<InternetAddress>,
  options: () => TLSOptions,
  timeout: number,
): PortBinding<InternetAddress> {
  const begin = (socket: Socket): TLSLayer =>
    new TLSLayer(socket, { side: 'server', options: options(), hostname: undefined });
  return { ...tcp, secure: { begin, timeout } };
}

/**
 * Listens, and has its factory build a protocol for each connection that comes in.
 *
 * @typeParam A - What its address is.
 * @see Twisted, IListeningPort
 */
export class Port<A extends Address = InternetAddress> extends BasePort<A> {
  readonly #binding: PortBinding<A>;
  readonly #factory: ProtocolFactory;
  #server: Server | undefined;
  #accepts = 0;
  readonly #handshakes = new Set<TLSHandshake>();

  /** @internal Made by `listenTCP` and its like. */
  constructor(reactor: ReactorHost, binding: PortBinding<A>, factory: ProtocolFactory, origin: Origin | undefined) {
    super({ kind: 'Port', reactor, user: factory, origin });
    this.#binding = binding;
    this.#factory = factory;
  }

  /** @internal */
  protected override open(): A {
    // Until the reactor runs, sockets are accepted and left alone: nothing is read from them, and the port alone keeps
    // no process alive.
    let held: Socket[] | undefined = this.reactor.running ? undefined : [];
    const server = nodeNet().createServer({ allowHalfOpen: true, pauseOnConnect: held !== undefined });
    let host: A;
    try {
      host = this.#binding.listen(server);
    } catch (error) {
      server.close();
      throw this.#binding.cannotListen(error as SystemError);
    }
    this.#server = server;
    server.on('connection', (socket) => {
      if (held === undefined) this.scope.runInAsyncScope(this.#accepted, this, socket);
      else held.push(socket);
    });
    server.on('error', (error) => err(new Failure(error), `${this} cannot accept a connection:`));
    server.unref();
    this.reactor.whenRunning(() => {
      server.ref();
      const first = held ?? [];
      held = undefined;
      for (const socket of first) this.scope.runInAsyncScope(this.#accepted, this, socket);
    });
    return host;
  }

  /** @internal */
  protected override shut(): void {
    this.#server?.close();
    this.#server = undefined;
    for (const handshake of this.#handshakes) handshake.stop('the port was closed');
  }

  /** @internal */
  protected override started(): void {
    this.#factory.doStart();
  }

  /** @internal */
  protected override stopped(): void {
    this.#factory.doStop();
  }

  #accepted(socket: Socket): void {
    const peer = this.#binding.peerOf(socket);
    if (peer === undefined || this.host === undefined) {
      socket.destroy();
      return;
    }
    try {
      if (this.#binding.secure === undefined) this.#connected(socket, peer, undefined);
      else this.#shakeHands(this.#binding.secure, socket, peer);
    } catch (error) {
      err(new Failure(error));
      socket.destroy();
    }
  }

  #shakeHands({ begin, timeout }: NonNullable<PortBinding['secure']>, socket: Socket, peer: A): void {
    const layer = begin(socket);
    const done = (error: SSLError | undefined): void => {
      this.#handshakes.delete(handshake);
      // Anybody can connect and speak something else: that is no error of this program's.
      if (error !== undefined) msg(error.message);
      else this.scope.runInAsyncScope(this.#connected, this, socket, peer, layer);
    };
    const { origin } = this;
    const handshake = new TLSHandshake({ socket, layer, peer, reactor: this.reactor, origin, timeout, done });
    this.#handshakes.add(handshake);
    socket.resume();
  }

  #connected(socket: Socket, peer: A, layer: TLSLayer | undefined): void {
    const { host: where } = this;
    if (where === undefined) {
      socket.destroy();
      return;
    }
    try {
      if (layer === undefined) socket.resume();
      const protocol = this.#factory.buildProtocol(peer);
      if (protocol === null || protocol === undefined) {
        socket.on('error', () => {}).destroy();
        return;
      }
      const host = this.#binding.hostOf(socket, where);
      const transport = new StreamTransport({
        socket,
        layer,
        protocol,
        host: () => host,
        peer,
        scope: this.scope,
        selectables: this.reactor.selectables,
        origin: this.origin,
        side: 'server',
        logSuffix: `${this.#accepts++},${'host' in peer ? peer.host : ''}`,
      });
      transport.start();
    } catch (error) {
      err(new Failure(error));
      socket.on('error', () => {}).destroy();
    }
  }
}
