/** Deferreds of results that are there already, or may be. */
import { Deferred, FIRED_AT_ONCE, type Settled } from './deferred.js';
import { Failure } from './failure.js';
import { isThenable } from './thenable.js';

/**
 * A Deferred that has fired with `result`. A Failure makes it a failed one.
 *
 * @throws TypeError for a Deferred or a promise.
 * @see Twisted, defer.succeed
 */
export function succeed(): Deferred<void>;
export function succeed<T>(result: T): Deferred<Exclude<T, Failure>>;
export function succeed(result?: unknown): Deferred<unknown> {
  const d = new Deferred<unknown>(FIRED_AT_ONCE);
  d.callback(result);
  return d;
}

/**
 * A Deferred that has failed.
 *
 * @param error - A Failure, or any other value, of which a Failure is made.
 * @see Twisted, defer.fail
 */
export function fail(...error: [error?: unknown]): Deferred<never> {
  const d = new Deferred<never>(FIRED_AT_ONCE);
  d.errback(error.length === 0 ? new Failure() : error[0]);
  return d;
}

/**
 * Calls `f(...args)`: a Deferred of what it returns, failed if it throws.
 *
 * @see Twisted, defer.execute
 */
export function execute<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  ...args: A
): Deferred<Exclude<R, Failure>> {
  let result: R;
  try {
    result = f(...args);
  } catch (error) {
    return fail(error);
  }
  return succeed(result);
}

/**
 * Calls `f(...args)` and makes a Deferred of whatever comes of it: a Deferred is returned as it is, a promise is waited
 * for, a Failure or an error thrown is a failed one, any other value a fired one.
 *
 * @see Twisted, defer.maybeDeferred
 */
export function maybeDeferred<A extends readonly unknown[], R>(f: (...args: A) => R, ...args: A): Deferred<Settled<R>> {
  let result: unknown;
  try {
    result = f(...args);
    if (isThenable(result)) {
      return (result instanceof Deferred ? result : Deferred.fromPromise(result)) as Deferred<never>;
    }
  } catch (error) {
    return fail(error);
  }
  return succeed(result) as Deferred<never>;
}
