/** A Deferred that fires after a time. */
import { Deferred, type Settled } from './deferred.js';
import type { CallsLater } from './reactor_time.js';

/**
 * Fires after `seconds`, with what `f(...args)` returns then; without `f` with undefined.
 *
 * @param clock - What keeps time: the reactor, or a `Clock`.
 * @param seconds - Counted from now, finite and >= 0.
 * @param f - May return a Deferred or a promise, which is waited for.
 * @returns A Deferred; cancelling it in time takes the call back.
 * @see Twisted, task.deferLater
 */
export function deferLater(clock: CallsLater, seconds: number): Deferred<void>;
export function deferLater<A extends readonly unknown[], R>(
  clock: CallsLater,
  seconds: number,
  f: (...args: A) => R,
  ...args: A
): Deferred<Settled<R>>;
export function deferLater(
  clock: CallsLater,
  seconds: number,
  f?: (...args: readonly unknown[]) => unknown,
  ...args: readonly unknown[]
): Deferred<unknown> {
  const d = new Deferred<void>(() => call.cancel());
  d.addCallback(() => f?.(...args));
  // The function's name is what a list of delayed calls shows.
  const deferLaterFires = (): void => d.callback();
  const call = clock.callLater(seconds, deferLaterFires);
  return d;
}
