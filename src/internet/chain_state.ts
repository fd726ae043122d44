/** What a Deferred is to the code that runs its callbacks. */

/** Marks Deferreds, also those of another copy of this package. */
export const DEFERRED_MARK = Symbol.for('txtrial.Deferred');

/** The value of the mark in this copy: only its Deferreds may be joined to a chain directly. */
export const OWN_COPY = Object.freeze({ name: 'txtrial' });

/** The Deferred's own loop is running further up on the call stack. */
export const RUNNING = 1;
/** One late result is to be swallowed, since it was cancelled without a canceller. */
export const SUPPRESS = 2;
/** It has been noted as failed and unhandled. */
export const NOTED = 4;
/** Another Deferred waits, or has waited, for it. */
export const WAITED_FOR = 8;

/** What may stand in a list of callbacks. */
export type Step = (...args: never[]) => unknown;

/**
 * The state of a Deferred.
 *
 * These are plain properties and not `#private` ones because chains of Deferreds read and write each other's state, and
 * because creating a Deferred with eight private fields took three times as long on Node 20.
 */
export interface ChainState {
  /** While it waits for another Deferred, that one. */
  result: unknown;
  called: boolean;
  /** How often it is paused; waiting for another Deferred counts one. */
  paused: number;
  /** Four entries a stage: callback, errback, and the further arguments of each; undefined passes the result on. */
  stages: unknown[] | undefined;
  /** Where in `stages` the next stage begins. */
  next: number;
  flags: number;
  /** Whose it is, as the runner says. */
  readonly owner: unknown;
  /** A Deferred for the outcome of a promise, or of a Deferred of another copy of this package. */
  adopt(thenable: PromiseLike<unknown>): ChainState;
}

/** A task that goes on when the Deferred it waits for has its result. */
export interface Resumable {
  /**
   * Goes on with a result or a Failure.
   *
   * @returns A Deferred that has been fired by that and whose callbacks are still to run.
   */
  resume(result: unknown): ChainState | undefined;
}

/** What marks `value` as a Deferred; undefined when it is none. */
export function markOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    return (value as { readonly [DEFERRED_MARK]?: unknown })[DEFERRED_MARK];
  } catch {
    // A Proxy whose traps throw is none.
    return undefined;
  }
}

/** Whether `value` is a Deferred of this copy of the package. */
export function isChain(value: unknown): value is ChainState {
  return markOf(value) === OWN_COPY;
}
