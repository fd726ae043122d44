/** The `poetry` command, seen from outside, and servers on free ports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestCase } from 'txtrial';
import { type Deferred, IPv4Address, reactor, type ServerFactory, type StreamProtocol } from 'txtrial/internet';
import type { LogEvent } from 'txtrial/log';
import { addObserver, removeObserver } from 'txtrial/log';
import { StringTransportWithDisconnection } from 'txtrial/testing';

const command = fileURLToPath(new URL('../../dist/bin/poetry.js', import.meta.url));

/** What a finished command left behind. */
export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function run(program: string, args: readonly string[], input?: string): Promise<Finished> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A program that does not read its input may be gone before it is written.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

/** Runs `poetry` to its end. */
export function poetry(...args: string[]): Promise<Finished> {
  return run(process.execPath, [command, ...args]);
}

/** Runs `poetry` to its end, with something on stdin. */
export function poetryReading(input: string, ...args: string[]): Promise<Finished> {
  return run(process.execPath, [command, ...args], input);
}

/** A server that runs until the test is over. */
export interface Server {
  readonly child: ChildProcess;
  readonly firstLine: string;
  /** What it has said on stdout so far. */
  readonly lines: readonly string[];
  /** Where it listens, `HOST:PORT`. */
  readonly address: string;
  readonly port: string;
  /** What it has logged so far. */
  log(): string;
  /** Waits until the log has `text`. */
  logged(text: string): Promise<void>;
}

/** Starts a program whose first line ends `on HOST:PORT.` */
export async function startProgram(test: TestCase, program: string, args: readonly string[]): Promise<Server> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  test.addCleanup(async () => {
    child.kill();
    await closed;
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const lines: string[] = [];
  const [firstLine] = (await once(
    createInterface(child.stdout).on('line', (line) => lines.push(line)),
    'line',
  )) as [string];
  const address = / on (\S+)\.$/.exec(firstLine)?.[1] ?? '';
  return {
    child,
    firstLine,
    lines,
    address,
    port: address.split(':').at(-1) ?? '',
    log: () => log,
    async logged(text) {
      while (!log.includes(text)) await once(child.stderr, 'data');
    },
  };
}

/** Starts a `poetry` server. */
export function startServer(test: TestCase, ...args: string[]): Promise<Server> {
  return startProgram(test, process.execPath, [command, ...args]);
}

/** A port on which somebody listened a moment ago. */
export async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Listens on a free port of the loopback interface until the test is over. */
export function serve(test: TestCase, factory: ServerFactory): { readonly host: string; readonly port: number } {
  const port = reactor.listenTCP(0, factory, { interface: '127.0.0.1' });
  test.addCleanup((): Deferred<void> => port.stopListening());
  return { host: '127.0.0.1', port: port.getHost().port };
}

/** Collects what is logged until the test is over. */
export function logLines(test: TestCase): string[] {
  const lines: string[] = [];
  const observer = (event: LogEvent) => void lines.push(event.message);
  addObserver(observer);
  test.addCleanup(() => removeObserver(observer));
  return lines;
}

/** A protocol as `factory` makes it, connected to nothing but a transport that the test looks into. */
export function connect<P extends StreamProtocol>(
  factory: ServerFactory & { protocol: new () => P },
): { protocol: P; transport: StringTransportWithDisconnection } {
  const protocol = factory.buildProtocol(new IPv4Address('TCP', '127.0.0.1', 1)) as P;
  const transport = new StringTransportWithDisconnection();
  transport.protocol = protocol;
  protocol.makeConnection(transport);
  return { protocol, transport };
}
