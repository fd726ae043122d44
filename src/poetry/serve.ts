import { CannotListenError, reactor, type ServerFactory } from 'txtrial/internet';
import { startLogging } from 'txtrial/log';
import { formatAddress } from './address.js';
import { Mistake } from './mistake.js';

/** Where a server is to listen. */
export interface ListenOptions {
  /** Name or address of the interface. */
  readonly iface: string;
  /** 0: a free one. */
  readonly port: number;
}

/**
 * Listens, says where on stdout, and serves until the process is told to stop.
 *
 * @param what - What is served, as the user named it.
 * @returns The exit status.
 * @throws Mistake if it is not possible to listen there.
 */
export async function serve(what: string, factory: ServerFactory, { iface, port }: ListenOptions): Promise<number> {
  startLogging(process.stderr);
  const { host, port: actualPort } = listen(factory, iface, port).getHost();
  // Once it runs, so that whoever reads the line may also stop the server cleanly.
  reactor.callWhenRunning(() => process.stdout.write(`Serving ${what} on ${formatAddress(host, actualPort)}.\n`));
  await reactor.run();
  return 0;
}

function listen(factory: ServerFactory, iface: string, port: number) {
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
      `Cannot listen on ${where}: ${(error.cause as Error).message}. Choose another --iface or --port.`,
    );
  }
}
