import { partOf, withCauses } from '../life/errors.js';
import { whoHolds } from './port_holder.js';

/** Who holds the port, of an error that says it is in use; undefined for any other error, or when nobody knows. */
export function explainPortInUse(error: unknown): string | undefined {
  let port: number | undefined;
  for (const value of withCauses(error)) {
    const named = partOf(value, 'port');
    if (typeof named === 'number') port ??= named;
    if (partOf(value, 'code') === 'EADDRINUSE') {
      // A TCP server is told of it where it listens.
      return port === undefined ? undefined : whoHolds(port, partOf(value, 'syscall') === 'bind' ? 'udp' : 'tcp');
    }
  }
  return undefined;
}
