/** What DeferredList and DeferredDict have in common: several Deferreds, each under a key, as one. */
import { err } from '../log/publisher.js';
import { Deferred } from './deferred.js';
import { FirstError } from './errors.js';
import { type Failure, isFailure } from './failure.js';
import { isThenable } from './thenable.js';

/** What became of one Deferred of several. */
export type ListEntry<T> = [succeeded: true, result: T] | [succeeded: false, failure: Failure];

/** When a list fires before all of its Deferreds have fired, and what becomes of their failures. */
export interface DeferredListOptions {
  /** Fires with `[result, index]` of the first Deferred that succeeds. */
  readonly fireOnOneCallback?: boolean;
  /** Fails with FirstError when the first Deferred fails. */
  readonly fireOnOneErrback?: boolean;
  /** Takes the failures of the Deferreds, so that they are not reported as unhandled. */
  readonly consumeErrors?: boolean;
}

/** What the Deferreds are called and what the whole fires with. */
interface Shape {
  keyOf(index: number): number | string;
  resultOf(entries: ListEntry<unknown>[]): unknown;
}

/** Fires when several Deferreds have fired. Use DeferredList or DeferredDict. */
export abstract class JointDeferred<R> extends Deferred<R> {
  readonly #deferreds: readonly Deferred<unknown>[];
  readonly #entries: ListEntry<unknown>[];
  readonly #shape: Shape;
  readonly #fireOnOneCallback: boolean;
  readonly #fireOnOneErrback: boolean;
  readonly #consumeErrors: boolean;
  #finished = 0;
  #cancelling = false;

  constructor(deferreds: Iterable<unknown>, shape: Shape, options: DeferredListOptions = {}) {
    super();
    const { fireOnOneCallback = false, fireOnOneErrback = false, consumeErrors = false } = options;
    this.#shape = shape;
    this.#fireOnOneCallback = fireOnOneCallback;
    this.#fireOnOneErrback = fireOnOneErrback;
    this.#consumeErrors = consumeErrors;
    this.#deferreds = Array.from(deferreds, asDeferred);
    this.#entries = new Array(this.#deferreds.length);
    if (this.#deferreds.length === 0 && !fireOnOneCallback) this.#finish();
    const one = (result: unknown, index: number) => this.#one(result, index);
    for (const [index, deferred] of this.#deferreds.entries()) deferred.addBoth(one, index);
  }

  /**
   * Cancels every one of the Deferreds if this one has not fired; after that, nothing happens. What a canceller throws is
   * logged. Each is cancelled once, also if it waits for this one; in Twisted that is a recursion without end.
   */
  override cancel(): void {
    // One of them may wait for this one, and hand the cancel back.
    if (this.called || this.#cancelling) return;
    this.#cancelling = true;
    for (const deferred of this.#deferreds) {
      try {
        deferred.cancel();
      } catch (error) {
        err(error, 'The canceller of one of several Deferreds threw:');
      }
    }
    this.#cancelling = false;
  }

  #one(result: unknown, index: number): unknown {
    const failure = isFailure(result) ? result : undefined;
    this.#entries[index] = failure === undefined ? [true, result] : [false, failure];
    this.#finished++;
    if (!this.called) {
      const key = this.#shape.keyOf(index);
      if (failure === undefined && this.#fireOnOneCallback) this.callback([result, key] as never);
      else if (failure !== undefined && this.#fireOnOneErrback) this.errback(new FirstError(failure, key));
      else if (this.#finished === this.#entries.length) this.#finish();
    }
    return failure !== undefined && this.#consumeErrors ? undefined : result;
  }

  #finish(): void {
    this.callback(this.#shape.resultOf(this.#entries) as never);
  }
}

/** A Deferred as it is, or one for a promise. */
export function asDeferred(value: unknown): Deferred<unknown> {
  if (value instanceof Deferred) return value;
  if (isThenable(value)) return Deferred.fromPromise(value);
  throw new TypeError(
    `Cannot wait for ${String(value)}. Pass Deferreds or promises; succeed(value) makes one of a value.`,
  );
}
