/** A limit to how long a Deferred may take. */
import type { Deferred, Settled } from './deferred.js';
import { CancelledError, TimeoutError } from './errors.js';
import { type Failure, isFailure } from './failure.js';
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
  onTimeoutCancel: (result: T | Failure, seconds: number) => R = cancelledToTimedOut,
): Deferred<T | Settled<R>> {
  let timedOut = false;
  // The function's name is what a list of delayed calls shows.
  const timeItOut = (): void => {
    timedOut = true;
    deferred.cancel();
  };
  const call = clock.callLater(seconds, timeItOut);
  deferred.addBoth((result) => (timedOut ? onTimeoutCancel(result, seconds) : result));
  deferred.addBoth((result: unknown) => {
    if (call.active()) call.cancel();
    return result;
  });
  return deferred as unknown as Deferred<never>;
}

function cancelledToTimedOut(result: unknown, seconds: number): never {
  if (isFailure(result)) {
    result.trap(CancelledError);
    throw new TimeoutError(`The Deferred had no result after ${seconds} seconds.`);
  }
  return result as never;
}
