/** Which errors come of closing by force what a test left. */
import { partOf, withCauses } from './errors.js';

const CODES: ReadonlySet<unknown> = new Set([
  'ABORT_ERR',
  'EBADF',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ERR_DIR_CLOSED',
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_STREAM_CANCEL',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_SERVER_NOT_RUNNING',
  'ERR_SOCKET_CLOSED',
  'ERR_SOCKET_DGRAM_NOT_RUNNING',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_USE_AFTER_CLOSE',
  'UND_ERR_ABORTED',
  'UND_ERR_CLOSED',
  'UND_ERR_SOCKET',
]);

/** Whether an error says that a connection, stream or file was closed, or a child process killed. */
export function isOfClosing(value: unknown): boolean {
  return withCauses(value).some((error) => CODES.has(partOf(error, 'code')) || isOfKilling(error));
}

/** As `exec` has it. */
function isOfKilling(error: unknown): boolean {
  return partOf(error, 'killed') === true && partOf(error, 'signal') === 'SIGKILL';
}
