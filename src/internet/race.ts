/** The first of several results. */
import { Deferred, type Settled } from './deferred.js';
import { FailureGroup } from './errors.js';
import type { Failure } from './failure.js';
import { asDeferred } from './joint_deferred.js';

/**
 * Fires with `[index, result]` of the first of several Deferreds to succeed, and cancels the others.
 *
 * If all of them fail, it fails with a FailureGroup of their failures, in the order of the Deferreds. Their results and
 * failures are taken over. Without a Deferred it never fires.
 *
 * @param deferreds - Deferreds; promises are taken as well.
 * @returns A Deferred that cancels all of them when it is cancelled.
 * @see Twisted, defer.race (since 23.8)
 */
export function race<const D extends readonly PromiseLike<unknown>[]>(
  deferreds: D | Iterable<D[number]>,
): Deferred<[index: number, result: Settled<D[number]>]> {
  const racers = Array.from(deferreds, asDeferred);
  const failures: Failure[] = [];
  let failed = 0;
  let won = false;
  let cancelled = false;
  const cancelAll = (but?: Deferred<unknown>) => {
    // One of them may wait for the race, and hand the cancel back.
    if (cancelled) return;
    cancelled = true;
    for (const racer of racers) if (racer !== but) racer.cancel();
  };
  const first = new Deferred<[number, never]>(() => cancelAll());
  const succeeded = (result: unknown, index: number) => {
    if (won || first.called) return;
    won = true;
    cancelAll(racers[index]);
    first.callback([index, result as never]);
  };
  const lost = (failure: Failure, index: number) => {
    failures[index] = failure;
    failed++;
    if (failed === racers.length && !first.called) first.errback(new FailureGroup(failures));
  };
  for (const [index, racer] of racers.entries()) racer.addCallbacks(succeeded, lost, [index], [index]);
  return first;
}
