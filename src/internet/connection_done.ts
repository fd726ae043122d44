/** What `doRead` and `doWrite` return when there is nothing more to come. */
import { ConnectionDone, ConnectionLost } from './errors.js';
import { NativeError } from './native_error.js';

/** Returned by `doRead` or `doWrite`: the connection was closed cleanly. */
export const CONNECTION_DONE: ConnectionDone = withoutStack(
  () => new ConnectionDone('The connection was closed cleanly.'),
);

/** Returned by `doRead` or `doWrite`: the connection was lost. */
export const CONNECTION_LOST: ConnectionLost = withoutStack(() => new ConnectionLost('The connection was lost.'));

/** A new reason for a connection that was closed cleanly. It has no stack: nothing is seen in it, and it is costly. */
export function connectionDone(): ConnectionDone {
  return withoutStack(() => new ConnectionDone('The connection was closed cleanly.'));
}

function withoutStack<E>(make: () => E): E {
  const limit = NativeError.stackTraceLimit;
  NativeError.stackTraceLimit = 0;
  const error = make();
  NativeError.stackTraceLimit = limit;
  return error;
}
