import { Mistake } from './mistake.js';

/** Where a poetry server listens. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `10000`, `poems.example:10000` or `[::1]:10000`.
 *
 * @throws Mistake if it is none of these; a port of 0 or above 65535 is none.
 */
export function parseAddress(text: string): ServerAddress {
  const match = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d+)$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65535) {
    throw new Mistake(
      `Cannot read the address '${text}': write PORT, HOST:PORT or [IPV6]:PORT, with a port from 1 to 65535.`,
    );
  }
  return { host: match[1] ?? match[2] ?? '127.0.0.1', port };
}

/** As {@link parseAddress} reads it. */
export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
