/** What is waited for: Deferreds and promises. */
import { markOf } from './chain_state.js';
import type { Deferred } from './deferred.js';

/** Whether `value` is a Deferred, of this copy of the package or of another one. */
export function isDeferred(value: unknown): value is Deferred<unknown> {
  return markOf(value) !== undefined;
}

/** Whether `value` has a `then` method: a promise or a Deferred. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  return typeof (value as { then?: unknown }).then === 'function';
}
