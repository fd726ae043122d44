import { CannotListenError, type Port, reactor, type ServerFactory } from 'txtrial/internet';
import { startLogging } from 'txtrial/log';
import { formatAddress } from './address.js';
import { Mistake } from './mistake.js';
import { describeSystemError } from './system_error.js';

/** Where servers are to listen. */
export interface ListenOptions {
  /** Name or address of the interface. */
  readonly iface: string;
  /** One for each server, or one for the first; the others take the ports that follow. 0: a free one. */
  readonly port: readonly number[];
}

/** A server, and what is said of it when it listens: `Serving science.txt`. */
export type Announced = readonly [announcement: string, factory: ServerFactory];

/**
 * Listens, says where on stdout, a line a server, and serves until the process is told to stop.
 *
 * @returns The exit status.
 * @throws Mistake if it is not possible to listen there.
 */
export async function serve(servers: readonly Announced[], { iface, port }: ListenOptions): Promise<number> {
  const wanted = portsFor(servers.length, port);
  const lines: string[] = [];
  const ports: Port[] = [];
  for (const [i, [announcement, factory]] of servers.entries()) {
    try {
      const listening = listen(factory, iface, wanted[i] as number);
      ports.push(listening);
      const { host, port: actualPort } = listening.getHost();
      lines.push(`${announcement} on ${formatAddress(host, actualPort)}.\n`);
    } catch (error) {
      for (const listening of ports) await listening.stopListening();
      throw error;
    }
  }
  // Not before all listen: a mistake is one line on stderr.
  startLogging(process.stderr);
  // Once it runs, so that whoever reads the line may also stop the server cleanly.
  reactor.callWhenRunning(() => process.stdout.write(lines.join('')));
  await reactor.run();
  return 0;
}

function portsFor(servers: number, given: readonly number[]): number[] {
  if (given.length > 1 && given.length !== servers) {
    throw new Mistake(
      `Cannot tell which poem goes to which port: --port was given ${given.length} times, and the number of poems is ` +
        `${servers}. Give one --port for each, or one for the first.`,
    );
  }
  const [first = 0] = given;
  if (first + servers - 1 > 65535) {
    throw new Mistake(
      `Cannot listen on ${servers} ports from ${first} on: the last one is 65535. Choose a lower --port.`,
    );
  }
  return Array.from({ length: servers }, (_, i) => given[i] ?? (first === 0 ? 0 : first + i));
}

function listen(factory: ServerFactory, iface: string, port: number): Port {
  try {
    return reactor.listenTCP(port, factory, { interface: iface });
  } catch (error) {
    if (!(error instanceof CannotListenError)) throw error;
    const { code } = error.cause as NodeJS.ErrnoException;
    const where = formatAddress(iface, port);
    if (code === 'EADDRINUSE') {
      throw new Mistake(
        `Cannot listen on ${where}: another program does. Stop it, or choose another --port (0: a free one).`,
      );
    }
    if (code === 'EACCES') {
      throw new Mistake(`Cannot listen on ${where}: this user may not. Choose a --port above 1023.`);
    }
    throw new Mistake(
      `Cannot listen on ${where}: ${describeSystemError(error.cause as Error)}. Choose another --iface or --port.`,
    );
  }
}
