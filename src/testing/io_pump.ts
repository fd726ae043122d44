/** Connects two protocols in memory. */
import type { StreamProtocol } from '../internet/stream_protocol.js';
import { PumpTransport } from './pump_transport.js';

// Two protocols that answer each other for ever would keep `flush` going for ever.
const MOST_PUMPS = 1000;

/**
 * Carries data between a client and a server when it is told to.
 *
 * @see Twisted, iosim.IOPump
 */
export class IOPump<C extends StreamProtocol = StreamProtocol, S extends StreamProtocol = StreamProtocol> {
  /** The client's protocol. */
  readonly client: C;
  /** The server's protocol. */
  readonly server: S;
  /** The client's transport. */
  readonly clientIO: PumpTransport;
  /** The server's transport. */
  readonly serverIO: PumpTransport;

  /** Gives each of the two its transport. */
  constructor(client: C, server: S) {
    this.client = client;
    this.server = server;
    this.clientIO = new PumpTransport(client, false);
    this.serverIO = new PumpTransport(server, true);
    server.makeConnection(this.serverIO);
    client.makeConnection(this.clientIO);
  }

  /**
   * Carries once what each end has written to the other one; an end that has nothing more to send and wants to close is
   * closed.
   *
   * @returns Whether anything was done.
   */
  pump(): boolean {
    const { clientIO, serverIO } = this;
    // Both are taken before either is delivered: an answer goes out with the next pump.
    const fromServer = serverIO.take(clientIO);
    const fromClient = clientIO.take(serverIO);
    if (fromClient !== undefined) {
      clientIO.taken();
      serverIO.deliver(fromClient);
    }
    if (fromServer !== undefined) {
      serverIO.taken();
      clientIO.deliver(fromServer);
    }
    if (fromClient !== undefined || fromServer !== undefined) return true;
    return serverIO.settle(clientIO) || clientIO.settle(serverIO);
  }

  /**
   * Pumps until both ends are quiet.
   *
   * @returns Whether anything was done.
   * @throws Error when they never are.
   */
  flush(): boolean {
    if (!this.pump()) return false;
    for (let pumps = 1; pumps < MOST_PUMPS; pumps++) if (!this.pump()) return true;
    throw new Error(
      `Client and server are not quiet after ${MOST_PUMPS} pumps: they seem to answer each other for ever.`,
    );
  }
}

/**
 * Makes a server and a client and connects them in memory.
 *
 * @param ServerClass - Makes the server's protocol.
 * @param ClientClass - Makes the client's protocol.
 * @param options - `greet`, true by default: pump until both are quiet before this returns.
 * @returns The client, the server and the pump between them.
 * @example
 * const [client, server, pump] = connectedServerAndClient(Echo, Talker);
 * client.say('hello');
 * pump.flush();
 * @see Twisted, iosim.connectedServerAndClient
 */
export function connectedServerAndClient<S extends StreamProtocol, C extends StreamProtocol>(
  ServerClass: new () => S,
  ClientClass: new () => C,
  options: { readonly greet?: boolean } = {},
): [client: C, server: S, pump: IOPump<C, S>] {
  const pump = new IOPump(new ClientClass(), new ServerClass());
  if (options.greet ?? true) pump.flush();
  return [pump.client, pump.server, pump];
}
