/** Several Deferreds with names as one. */
import type { Settled } from './deferred.js';
import { type DeferredListOptions, JointDeferred, type ListEntry } from './joint_deferred.js';

/** What a DeferredDict of Deferreds `D` with the options `O` fires with. */
export type DictResult<D extends object, O> =
  | { -readonly [K in keyof D]: ListEntry<Settled<D[K]>> }
  | (O extends { readonly fireOnOneCallback: true } ? [result: Settled<D[keyof D]>, key: keyof D & string] : never);

/**
 * A DeferredList whose Deferreds have names: fires with an object that has `[true, result]` or `[false, failure]` under
 * the name of each. Where a DeferredList gives an index, it gives the name.
 *
 * @example
 * new DeferredDict({ first: getPoetry(host, 1000), second: getPoetry(host, 1001) }).addCallback(({ first }) => {
 *   if (first[0]) console.log(first[1]);
 * });
 */
export class DeferredDict<
  D extends Readonly<Record<string, PromiseLike<unknown>>>,
  const O extends DeferredListOptions = Record<never, never>,
> extends JointDeferred<DictResult<D, O>> {
  /**
   * @param deferreds - Deferreds by name; promises are taken as well.
   * @param options - The same as of a DeferredList.
   */
  constructor(deferreds: D, options?: O) {
    const names = Object.keys(deferreds);
    const keyOf = (index: number): string => names[index] ?? '';
    super(
      Object.values(deferreds),
      { keyOf, resultOf: (entries) => Object.fromEntries(entries.map((entry, index) => [keyOf(index), entry])) },
      options,
    );
  }
}
