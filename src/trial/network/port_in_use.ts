import { partOf, withCauses } from '../life/errors.js';
import { whoHolds, whoHoldsPath } from './port_holder.js';

/** What was found out when the error came: by the time that it is told of, who had the port may have given it up. */
const known = new WeakMap<object, string>();

/** Finds out who holds the port, of an error that says it is in use and is to be told of later. */
export function notePortInUse(error: unknown): void {
  if (typeof error !== 'object' || error === null) return;
  const why = explainPortInUse(error);
  if (why !== undefined) known.set(error, why);
}

/** Who holds the port, of an error that says it is in use; undefined for any other error, or when nobody knows. */
export function explainPortInUse(error: unknown): string | undefined {
  let port: unknown;
  for (const value of withCauses(error)) {
    const why = typeof value === 'object' && value !== null ? known.get(value) : undefined;
    if (why !== undefined) return why;
    port ??= partOf(value, 'port');
    if (partOf(value, 'code') === 'EADDRINUSE') return explain(value, port);
    const errors = partOf(value, 'errors');
    if (!Array.isArray(errors)) continue;
    for (const one of errors) {
      const reason = explainPortInUse(one);
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}

/** @param port - Of a UNIX socket its path, as our own error has it, or -1, as Node's has. */
function explain(error: unknown, port: unknown): string | undefined {
  const at = typeof port === 'string' || Number(port) >= 0 ? port : partOf(error, 'address');
  if (typeof at === 'string') return whoHoldsPath(at);
  if (typeof at !== 'number') return undefined;
  if (partOf(error, 'syscall') !== 'bind') return whoHolds(at, 'tcp');
  // That of a datagram socket, or the local port of a connection: a server is told of it where it listens.
  return whoHolds(at, 'udp') ?? whoHolds(at, 'tcp');
}
