/** An HTTP server on the loopback interface, for as long as a test runs. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { TestCase } from 'txtrial';

/** A running server. */
export interface LoopbackServer {
  /** Its address, as in `http://127.0.0.1:40321`. */
  readonly url: string;
  readonly port: number;
  /** `METHOD /path` of every request, in order. */
  readonly requests: readonly string[];
  /** How many connections there have been. */
  readonly connections: number;
  /** Those that are open. */
  readonly sockets: ReadonlySet<Socket>;
  /** Resolves when the next connection, or one that is there now, is closed. */
  closed(): Promise<void>;
}

/** What answers one path. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Listens on a free port until the test is over. Its end waits for the connections: a client that keeps one open makes the
 * test time out.
 *
 * @param answers - By path; any other path is answered by 404 and the body `no such page`.
 */
export async function startHttpServer(
  test: TestCase,
  answers: Readonly<Record<string, Answer | string>>,
): Promise<LoopbackServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const listener: RequestListener = (request, response) => {
    const path = request.url ?? '';
    requests.push(`${request.method} ${path}`);
    const answer = answers[path];
    if (answer === undefined) response.writeHead(404).end('no such page');
    else if (typeof answer === 'string') response.end(answer);
    else answer(request, response);
  };
  let connections = 0;
  // Without a time limit a connection that a client leaves open stays open, and shows.
  const server = createServer({ keepAliveTimeout: 0 }, listener);
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      server.emit('connectionClosed');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.addCleanup(async () => {
    const over = once(server, 'close');
    // close() would close idle connections itself, and nobody would see that a client has left one.
    server.closeIdleConnections = () => {};
    server.close();
    await over;
  });
  const { port } = server.address() as AddressInfo;
  const closed = async () => {
    if (sockets.size > 0) await once(server, 'connectionClosed');
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    sockets,
    closed,
    get connections() {
      return connections;
    },
  };
}
