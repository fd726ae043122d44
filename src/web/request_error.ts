/** fetch's errors as the rest of the core has them. */
import { ConnectTimeoutError } from '../internet/errors.js';
import { connectError, connectionError, type SystemError } from '../internet/node_errors.js';

/** The calls that fail before there is a connection. */
const CONNECTING = new Set<unknown>(['connect', 'getaddrinfo', 'bind']);

/** What happens to a connection that stood, by Node's names and by those of fetch. */
const LOST = new Set<unknown>([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

/**
 * Why a request failed: ConnectError and its kin, or ConnectionLost, where it was the connection; else fetch's own error,
 * with the reason in its message.
 *
 * @param error - What fetch, or reading the body, rejected with: "fetch failed" or "terminated", and why as its cause.
 */
export function requestError(error: unknown, url: string | URL): unknown {
  if (!(error instanceof TypeError && error.cause instanceof Error)) return error;
  const reason = firstOf(error.cause);
  const { code, syscall, address, port } = reason;
  const destination = address === undefined ? hostOf(url) : `${address}:${port}`;
  if (CONNECTING.has(syscall)) return connectError(reason, destination);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') {
    return new ConnectTimeoutError(`Connecting to ${destination} timed out.`, { cause: reason });
  }
  if (LOST.has(code)) return connectionError(reason, destination);
  return new TypeError(`Cannot get ${url}: ${reason.message}.`, { cause: reason });
}

function hostOf(url: string | URL): string {
  return URL.canParse(String(url)) ? new URL(url).host : String(url);
}

/** Of a host with several addresses each has its own error; the first one stands for all. */
function firstOf(cause: Error): SystemError & { readonly address?: string; readonly port?: number } {
  return cause instanceof AggregateError && cause.errors[0] instanceof Error ? cause.errors[0] : cause;
}
