/** Why connections end that nothing has happened to: one error for all of them, since an error takes microseconds. */
import { ConnectionDone, ConnectionLost } from './errors.js';
import { NativeError } from './native_error.js';

/** The connection was closed cleanly: the reason that `connectionLost` hears, and what `doRead` and `doWrite` return. */
export const CONNECTION_DONE: ConnectionDone = withoutStack(
  () => new ConnectionDone('The connection was closed cleanly.'),
);

/** Returned by `doRead` or `doWrite`: the connection was lost. */
export const CONNECTION_LOST: ConnectionLost = withoutStack(() => new ConnectionLost('The connection was lost.'));

function withoutStack<E>(make: () => E): E {
  const limit = NativeError.stackTraceLimit;
  NativeError.stackTraceLimit = 0;
  const error = make();
  NativeError.stackTraceLimit = limit;
  return error;
}
