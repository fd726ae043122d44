/** Node's errors as Twisted's. */
import {
  ConnectBindError,
  ConnectError,
  ConnectionLost,
  ConnectionRefusedError,
  ConnectTimeoutError,
  DNSLookupError,
  NoRouteError,
  SSLError,
  UnknownHostError,
} from './errors.js';

/** An error as Node's sockets and name lookups give it. */
export interface SystemError extends Error {
  readonly code?: string | undefined;
  readonly errno?: number | string | undefined;
  readonly syscall?: string | undefined;
  /** Of an error of TLS: what it is, in few words. */
  readonly reason?: string | undefined;
}

const connectErrors: Readonly<Record<string, typeof ConnectError>> = {
  ECONNREFUSED: ConnectionRefusedError,
  ENETUNREACH: NoRouteError,
  EHOSTUNREACH: NoRouteError,
  ETIMEDOUT: ConnectTimeoutError,
  ENOTFOUND: UnknownHostError,
};

const connectTexts: Readonly<Record<string, string>> = {
  ConnectionRefusedError: 'was refused',
  NoRouteError: 'found no route',
  ConnectTimeoutError: 'timed out',
  UnknownHostError: 'found no such host',
};

/**
 * Why a connection could not be made.
 *
 * @param error - What Node says.
 * @param destination - Where it was to go.
 */
export function connectError(error: SystemError, destination: string): ConnectError {
  const code = error.code ?? error.message;
  const options = { cause: error, osError: error.errno };
  if (error.syscall === 'bind') {
    return new ConnectBindError(`Cannot connect to ${destination} from the bindAddress: ${error.message}.`, options);
  }
  const ErrorClass = connectErrors[code] ?? ConnectError;
  const text = connectTexts[ErrorClass.name] ?? 'failed';
  return new ErrorClass(`Connecting to ${destination} ${text}: ${code}.`, options);
}

/** Why a connection that stood was lost, when Node reports an error. */
export function connectionError(error: SystemError, peer: string): ConnectionLost {
  return new ConnectionLost(`The connection to ${peer} was lost: ${saidShortly(error)}.`, { cause: error });
}

/** Why the two ends of a connection could not agree on TLS. */
export function handshakeError(error: SystemError, peer: string): SSLError {
  const text = saidShortly(error);
  const code = error.code === undefined || text.includes(error.code) ? '' : ` (${error.code})`;
  return new SSLError(`The TLS handshake with ${peer} failed: ${text}${code}.`, { cause: error });
}

/** The message of an error of TLS has a line of the sources of OpenSSL in it. */
function saidShortly({ reason, message }: SystemError): string {
  return (reason ?? message).trimEnd().replace(/\.$/, '');
}

/** Why a name could not be looked up. */
export function lookupError(error: SystemError, host: string): DNSLookupError {
  return new DNSLookupError(`Cannot look up the host '${host}': ${error.code ?? error.message}.`, { cause: error });
}
