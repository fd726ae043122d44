/** Which errors come of closing by force what a test left. */

const CODES: ReadonlySet<unknown> = new Set([
  'ABORT_ERR',
  'EBADF',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_STREAM_CANCEL',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_SERVER_NOT_RUNNING',
  'ERR_SOCKET_CLOSED',
  'ERR_SOCKET_DGRAM_NOT_RUNNING',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'UND_ERR_ABORTED',
  'UND_ERR_CLOSED',
  'UND_ERR_SOCKET',
]);

/** Whether an error says that a connection, stream or file was closed. */
export function isOfClosing(value: unknown): boolean {
  try {
    for (let error = value, depth = 0; typeof error === 'object' && error !== null && depth < 4; depth++) {
      const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
      if (CODES.has(code)) return true;
      error = cause;
    }
  } catch {
    // What cannot be read is the user's own.
  }
  return false;
}
