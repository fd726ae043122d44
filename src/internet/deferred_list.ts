/** Several Deferreds as one. */
import type { Deferred, Settled } from './deferred.js';
import { type DeferredListOptions, JointDeferred, type ListEntry } from './joint_deferred.js';

/** What a DeferredList of Deferreds `D` with the options `O` fires with. */
export type ListResult<D extends readonly unknown[], O> =
  | { -readonly [I in keyof D]: ListEntry<Settled<D[I]>> }
  | (O extends { readonly fireOnOneCallback: true } ? [result: Settled<D[number]>, index: number] : never);

/**
 * Fires when several Deferreds have fired, with `[true, result]` or `[false, failure]` of each, in the order of the list.
 *
 * Each Deferred keeps its result, or its failure unless `consumeErrors` is set. Cancelling the list cancels all of
 * them. An empty list fires at once, but with `fireOnOneCallback` never.
 *
 * @example
 * new DeferredList([a, b]).addCallback(([first, second]) => {
 *   if (first[0]) console.log(first[1]);
 * });
 * @see Twisted, defer.DeferredList
 */
export class DeferredList<
  const D extends readonly PromiseLike<unknown>[],
  const O extends DeferredListOptions = Record<never, never>,
> extends JointDeferred<ListResult<D, O>> {
  /**
   * @param deferreds - Deferreds; promises are taken as well.
   * @param options - When to fire early, and what becomes of failures.
   */
  constructor(deferreds: D | Iterable<D[number]>, options?: O) {
    super(deferreds, { keyOf: (index) => index, resultOf: (entries) => entries }, options);
  }
}

/** The results of `gatherResults`, each with the type of its Deferred. */
export type Gathered<D extends readonly unknown[]> = { -readonly [I in keyof D]: Settled<D[I]> };

/**
 * Fires with the results of several Deferreds, in their order, or fails with FirstError as soon as one of them fails.
 *
 * @param deferreds - Deferreds; promises are taken as well.
 * @param options - `consumeErrors` takes the failures of the Deferreds, so that they are not reported as unhandled.
 * @returns A Deferred that cancels all of them when it is cancelled.
 * @see Twisted, defer.gatherResults
 */
export function gatherResults<const D extends readonly PromiseLike<unknown>[]>(
  deferreds: D | Iterable<D[number]>,
  { consumeErrors = false }: { readonly consumeErrors?: boolean } = {},
): Deferred<Gathered<D>> {
  const list = new DeferredList<D, DeferredListOptions>(deferreds, { fireOnOneErrback: true, consumeErrors });
  const results = (entries: readonly unknown[]) =>
    (entries as readonly ListEntry<unknown>[]).map(([, result]) => result);
  return list.addCallback(results) as Deferred<unknown> as Deferred<never>;
}
