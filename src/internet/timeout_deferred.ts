/** `addTimeout` as a function. */
import type { Deferred, Settled } from './deferred.js';
import type { Failure } from './failure.js';
import type { CallsLater } from './reactor_time.js';

/**
 * Cancels a Deferred that has no result in time: the same as `deferred.addTimeout(seconds, clock, onTimeoutCancel)`.
 *
 * @param seconds - Counted from now.
 * @param clock - What keeps time: the reactor, or a `Clock`.
 * @param onTimeoutCancel - Makes the result of what the Deferred ended in after the cancel; TimeoutError by default.
 * @returns The same Deferred.
 * @see Twisted, Deferred.addTimeout
 */
export function timeoutDeferred<T, R = T>(
  deferred: Deferred<T>,
  seconds: number,
  clock: CallsLater,
  onTimeoutCancel?: (result: T | Failure, seconds: number) => R,
): Deferred<T | Settled<R>> {
  return deferred.addTimeout(seconds, clock, onTimeoutCancel);
}
