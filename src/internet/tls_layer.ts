/** TLS between a protocol's transport and the socket. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { nodeTLS } from './late_builtins.js';
import type { SystemError } from './node_errors.js';
import { secureContextOf, type TLSOptions } from './tls_options.js';

/** Which end of a connection speaks TLS, and how. */
export interface TLSEnd {
  readonly side: 'client' | 'server';
  readonly options: TLSOptions;
  /** For a client, the host that it connected to. */
  readonly hostname: string | undefined;
}

/**
 * Speaks TLS over a socket that stands, from the next byte that it reads or writes.
 *
 * Node could take the socket over altogether, which is a little faster. But then nobody could tell a connection that
 * the peer has closed from one that somebody has cut: both end alike in the socket, and only the first one in TLS.
 */
export class TLSLayer {
  /** What comes out of TLS and goes into it. */
  readonly stream: TLSSocket;
  /** Is told what goes wrong in TLS; the socket is closed then, when the peer has been told. */
  failed: (error: SystemError) => void = () => {};
  #secured = false;
  #waiting: (() => void)[] = [];
  #toldOfEnd = false;
  #truncated = false;

  /** @throws SSLError when a key or a certificate can not be read. */
  constructor(socket: Socket, { side, options, hostname }: TLSEnd) {
    const secureContext = secureContextOf(options);
    const wire = wireTo(socket);
    const onError = (error: SystemError): void => {
      this.stream.destroy();
      this.failed(error);
    };
    // Before Node's own listener: when the wire has ended, TLS has seen all that came before.
    wire.once('end', () => {
      this.#truncated = !this.#toldOfEnd;
      if (!this.#secured) onError(new Error('the peer has closed the connection'));
    });
    this.stream =
      side === 'client'
        ? clientStream(wire, { ...options, secureContext }, hostname)
        : serverStream(wire, options, secureContext);
    this.#noticeEnd();
    this.stream.on('error', onError);
    // What goes wrong at a server's end, Node tells by this event to servers of its own making and by no other to us.
    this.stream.on('_tlsError', onError);
    // Nothing that is written goes out before it is known who the other end is.
    this.stream.cork();
    this.stream.once(side === 'client' ? 'secureConnect' : 'secure', () => {
      if (side === 'server' && !this.#acceptsClient(options)) return;
      this.#secured = true;
      this.stream.uncork();
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const f of waiting) f();
    });
  }

  /** Whether both ends have agreed on TLS. */
  get secured(): boolean {
    return this.#secured;
  }

  /** Whether the socket has ended and TLS has not: some of what the peer sent may be missing. */
  get truncated(): boolean {
    return this.#truncated;
  }

  /** Calls `f` when both ends have agreed; never when they do not. */
  whenSecured(f: () => void): void {
    if (this.#secured) f();
    else this.#waiting.push(f);
  }

  #noticeEnd(): void {
    const { stream } = this;
    const { push } = stream;
    stream.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
      if (chunk === null) this.#toldOfEnd = true;
      return push.call(stream, chunk, encoding);
    };
  }

  /** Node verifies a client's certificate for servers of its own making only. */
  #acceptsClient({ requestCert = false, rejectUnauthorized = true }: TLSOptions): boolean {
    if (!requestCert || !rejectUnauthorized) return true;
    const handle: unknown = Reflect.get(this.stream, '_handle');
    const error = (handle as { verifyError(): Error | null }).verifyError();
    if (error === null) return true;
    this.stream.destroy(error);
    return false;
  }
}

function clientStream(wire: Duplex, options: TLSOptions, hostname = 'localhost'): TLSSocket {
  const { connect } = nodeTLS();
  const { isIP } = process.getBuiltinModule('node:net');
  // In a greeting there is room for a name only.
  const servername = options.servername ?? (isIP(hostname) === 0 ? hostname : undefined);
  return connect({
    ...options,
    socket: wire,
    host: hostname,
    ...(servername === undefined ? undefined : { servername }),
  });
}

function serverStream(wire: Duplex, options: TLSOptions, secureContext: TLSOptions['secureContext']): TLSSocket {
  const { ALPNProtocols, SNICallback, requestCert = false, rejectUnauthorized = true } = options;
  const { TLSSocket: Stream } = nodeTLS();
  return new Stream(wire as Socket, {
    isServer: true,
    requestCert,
    rejectUnauthorized,
    ...(secureContext === undefined ? undefined : { secureContext }),
    ...(ALPNProtocols === undefined ? undefined : { ALPNProtocols }),
    ...(SNICallback === undefined ? undefined : { SNICallback }),
  });
}

/** What TLS takes for its socket. */
function wireTo(socket: Socket): Duplex {
  const { Duplex: Stream } = process.getBuiltinModule('node:stream');
  const wire = new Stream({
    allowHalfOpen: true,
    read: () => {
      socket.resume();
    },
    write: (chunk, _encoding, taken) => {
      socket.write(chunk, taken);
    },
    final: (ended) => {
      socket.end(ended);
    },
    destroy: (_error, destroyed) => {
      // What TLS said last is why it failed: the peer shall hear it.
      socket.destroySoon();
      destroyed(null);
    },
  });
  // What is wrong with the socket its owner hears.
  wire.on('error', () => {});
  socket.on('data', (data) => {
    if (!wire.push(data)) socket.pause();
  });
  socket.on('end', () => wire.push(null));
  socket.on('close', () => wire.destroy());
  return wire;
}
