/** Cancelling, between Deferreds and what knows an AbortSignal. */
import { Deferred, type Settled } from './deferred.js';
import { CancelledError } from './errors.js';
import { isFailure } from './failure.js';
import { maybeDeferred } from './succeed.js';

/**
 * Calls `f` with an AbortSignal; cancelling the Deferred aborts the signal.
 *
 * The Deferred fails with CancelledError then, whatever `f` makes of the abort.
 *
 * @param f - Begins the work. What it returns, a promise, a Deferred or a value, is the result.
 * @example
 * const d = abortable((signal) => fetch(url, { signal }));
 * d.addTimeout(5, reactor);
 */
export function abortable<R>(f: (signal: AbortSignal) => R): Deferred<Settled<R>> {
  const controller = new AbortController();
  const d = new Deferred<never>(() => controller.abort());
  const finish = (result: unknown) => {
    if (!d.called) d.callback(result as never);
  };
  maybeDeferred(f, controller.signal).addBoth(finish);
  return d;
}

/**
 * Cancels a Deferred when a signal is aborted, at once if it has been.
 *
 * The CancelledError has the signal's reason as its cause. The signal lets go of the Deferred as soon as that has its
 * result.
 *
 * @returns The same Deferred.
 */
export function cancelOnAbort<T>(d: Deferred<T>, signal: AbortSignal): Deferred<T> {
  const cancel = () => d.cancel();
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  return d.addBoth((result) => {
    signal.removeEventListener('abort', cancel);
    const error = isFailure(result) ? result.value : undefined;
    if (signal.aborted && error instanceof CancelledError && error.cause === undefined) {
      Object.defineProperty(error, 'cause', { value: signal.reason, configurable: true, writable: true });
    }
    return result;
  }) as Deferred<unknown> as Deferred<T>;
}

/**
 * A signal that is aborted when a Deferred fails, by a cancel for one; the reason is the error.
 *
 * The Deferred keeps its failure. Once it has a result, the signal stays as it is.
 */
export function signalOf(d: Deferred<unknown>): AbortSignal {
  const controller = new AbortController();
  d.addErrback((failure) => {
    controller.abort(failure.value);
    return failure;
  });
  return controller.signal;
}
