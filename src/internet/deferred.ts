/** A result that is not there yet, and what is to be done with it. How callbacks run is in chain.ts. */
import { inspect } from 'node:util';
import { addStage, run } from './chain.js';
import { type ChainState, DEFERRED_MARK, OWN_COPY, type Step, SUPPRESS } from './chain_state.js';
import { debugging, debugText, noteCreated, noteInvoked } from './deferred_debug.js';
import { deferredText } from './deferred_text.js';
import { AlreadyCalledError, CancelledError } from './errors.js';
import { Failure, isFailure } from './failure.js';
import { NativePromise, thenOf, whenSettled } from './promises.js';
import type { CallsLater } from './reactor_time.js';
import { ResultIterator } from './result_iterator.js';
import { isDeferred, isThenable } from './thenable.js';
import { timeoutDeferred } from './timeout_deferred.js';
import { ownerOf } from './unhandled.js';

/** What a chain goes on with when a callback returns an `R`: Deferreds and promises are waited for, Failures are errors. */
export type Settled<R> = Exclude<Awaited<R>, Failure>;

/** Ends the work that a Deferred stands for; may fire it itself, else it fails with CancelledError. */
export type Canceller<T> = (deferred: Deferred<T>) => void;

/** Stands as the canceller of a Deferred that is fired as soon as it is made: nobody will ask where that was. */
export const FIRED_AT_ONCE = (): void => {};

/** @internal Stands as the canceller of a Deferred without a function of its own. */
export interface Cancelling {
  cancel(deferred: Deferred<unknown>): void;
}

/**
 * Stands for a result that will come later.
 *
 * Callbacks run at once, in order, as soon as the result is there, each with what the one before it returned; after an
 * error the errbacks run instead, until one of them returns a value. A callback may return a Deferred or a promise:
 * the chain waits for it, and takes its result over, so that later callbacks of the inner Deferred are given undefined.
 *
 * Adding a callback returns the same object; only its type is another one.
 *
 * @typeParam T - What the next callback to be added is given.
 * @example
 * const d = new Deferred<number>();
 * d.addCallback((n) => n + 1).addCallback(console.log);
 * d.callback(41); // prints 42
 * @see Twisted, defer.Deferred: same meaning. There a callback that returns its own Deferred is only warned of, and the
 * chain stops for ever, as do two Deferreds that wait for each other; here that is a TypeError in the chain.
 */
export class Deferred<T = unknown> {
  // Declared only: the constructor sets each once, in the order that all Deferreds share.

  /** The result so far: a value, a Failure, the Deferred that is being waited for, or undefined. */
  declare result: unknown;
  /** Whether it has been fired. */
  declare called: boolean;
  /** How often it is paused; waiting for a Deferred counts one. */
  declare paused: number;
  /** @internal */
  declare stages: unknown[] | undefined;
  /** @internal */
  declare next: number;
  /** @internal */
  declare flags: number;
  /** @internal */
  declare readonly owner: unknown;
  /** @internal */
  declare canceller: Step | Cancelling | undefined;

  /**
   * @param canceller - Called by `cancel()` as long as no result is there. It should end the work, and may fire the
   * Deferred; if it does not, the Deferred fails with CancelledError.
   */
  constructor(canceller?: Canceller<T>) {
    this.result = undefined;
    this.called = false;
    this.paused = 0;
    this.stages = undefined;
    this.next = 0;
    this.flags = 0;
    this.owner = ownerOf(canceller === FIRED_AT_ONCE ? undefined : this, new.target);
    this.canceller = canceller;
    if (debugging) noteCreated(this, new.target);
  }

  /**
   * Adds a callback and an errback, of which one will run.
   *
   * @param callback - Is given the result, then `callbackArgs`.
   * @param errback - Is given the Failure, then `errbackArgs`. Without it a Failure goes on to the next errback, also if
   * there are `errbackArgs`; in Twisted those are an error then.
   * @returns This Deferred.
   * @throws TypeError if one of them is no function.
   * @see Twisted, Deferred.addCallbacks
   */
  addCallbacks<R, E = never, A extends readonly unknown[] = [], B extends readonly unknown[] = []>(
    callback: (result: T, ...args: A) => R,
    errback?: ((failure: Failure, ...args: B) => E) | null,
    callbackArgs?: A | null,
    errbackArgs?: B | null,
  ): Deferred<Settled<R> | Settled<E>> {
    checkFunction(callback);
    if (errback !== undefined && errback !== null) checkFunction(errback);
    addStage(this, callback, errback ?? undefined, callbackArgs ?? undefined, errbackArgs ?? undefined);
    return this as unknown as Deferred<never>;
  }

  /**
   * Adds a callback: it is given the result, then `args`, and what it returns is the next result. A Failure passes it by.
   *
   * @returns This Deferred.
   * @see Twisted, Deferred.addCallback
   */
  addCallback<R, A extends readonly unknown[]>(f: (result: T, ...args: A) => R, ...args: A): Deferred<Settled<R>> {
    checkFunction(f);
    addStage(this, f, undefined, args.length === 0 ? undefined : args, undefined);
    return this as unknown as Deferred<never>;
  }

  /**
   * Adds an errback: it is given the Failure, then `args`, and what it returns is the next result. A result that is no
   * Failure passes it by.
   *
   * @returns This Deferred.
   * @see Twisted, Deferred.addErrback
   */
  addErrback<R, A extends readonly unknown[]>(
    f: (failure: Failure, ...args: A) => R,
    ...args: A
  ): Deferred<T | Settled<R>> {
    checkFunction(f);
    addStage(this, undefined, f, undefined, args.length === 0 ? undefined : args);
    return this as unknown as Deferred<never>;
  }

  /**
   * Adds a function that is called with the result or the Failure, then `args`, whichever it is.
   *
   * @returns This Deferred.
   * @see Twisted, Deferred.addBoth
   */
  addBoth<R, A extends readonly unknown[]>(
    f: (result: T | Failure, ...args: A) => R,
    ...args: A
  ): Deferred<Settled<R>> {
    checkFunction(f);
    const further = args.length === 0 ? undefined : args;
    addStage(this, f, f, further, further);
    return this as unknown as Deferred<never>;
  }

  /**
   * Fires the Deferred: its callbacks run before this returns. A Failure as `result` runs the errbacks.
   *
   * @param result - Anything but a Deferred or a promise. It may be left out for `Deferred<void>`.
   * @throws AlreadyCalledError if it has been fired.
   * @throws TypeError for a Deferred or a promise.
   * @see Twisted, Deferred.callback
   */
  callback(result: T): void {
    if (isThenable(result)) {
      throw new TypeError(
        `Cannot fire a Deferred with ${isDeferred(result) ? 'a Deferred' : 'a promise'}. Return it from a callback instead.`,
      );
    }
    if (this.fireQuietly(result) !== undefined) run(this);
  }

  /**
   * Fires the Deferred with an error: its errbacks run before this returns.
   *
   * @param error - A Failure, or any other value, of which a Failure is made.
   * @throws AlreadyCalledError if it has been fired.
   * @see Twisted, Deferred.errback
   */
  errback(error: unknown): void {
    if (this.fireQuietly(isFailure(error) ? error : new Failure(error)) !== undefined) run(this);
  }

  /** Holds the callbacks back until `unpause` has been called as often as `pause`. */
  pause(): void {
    this.paused++;
  }

  /** Ends one `pause`; after the last one the callbacks go on. */
  unpause(): void {
    this.paused--;
    if (this.paused === 0 && this.called) run(this);
  }

  /**
   * Gives up the result.
   *
   * Before it is fired, the canceller is called; if that does not fire the Deferred, it fails with CancelledError.
   * Without a canceller, one late `callback` or `errback` is ignored. While it waits for another Deferred, that one is
   * cancelled. After that, nothing happens.
   *
   * @throws What the canceller throws.
   * @see Twisted, Deferred.cancel
   */
  cancel(): void {
    let d: Deferred<unknown> = this as unknown as Deferred<unknown>;
    // In a loop: Deferreds that wait for each other may be more than the call stack holds.
    while (d.called) {
      if (!isOwn(d.result)) return;
      d = d.result;
      // A subclass, such as DeferredList, has its own way.
      if (d.cancel !== plainCancel) {
        d.cancel();
        return;
      }
    }
    const { canceller } = d;
    if (canceller === undefined) d.flags |= SUPPRESS;
    else if (typeof canceller === 'function') (canceller as Canceller<unknown>)(d);
    else canceller.cancel(d);
    if (!d.called) d.errback(new CancelledError('The Deferred was cancelled.'));
  }

  /**
   * Fires `d` with what this one ends in.
   *
   * @returns This Deferred; its own later callbacks are given undefined.
   * @see Twisted, Deferred.chainDeferred
   */
  chainDeferred(d: Deferred<T>): Deferred<void> {
    return this.addCallbacks(
      (result) => d.callback(result),
      (failure) => d.errback(failure),
    );
  }

  /**
   * Cancels the Deferred if it has no result in time.
   *
   * @param seconds - Counted from now.
   * @param clock - What keeps time: the reactor, or a `Clock`.
   * @param onTimeoutCancel - Is given what the Deferred ended in after the timeout's cancel, and `seconds`; what it
   * returns is the result. By default a CancelledError becomes a TimeoutError, and anything else stays.
   * @returns This Deferred.
   * @see Twisted, Deferred.addTimeout
   */
  addTimeout<R = T>(
    seconds: number,
    clock: CallsLater,
    onTimeoutCancel?: (result: T | Failure, seconds: number) => R,
  ): Deferred<T | Settled<R>> {
    return timeoutDeferred(this, seconds, clock, onTimeoutCancel);
  }

  /**
   * What `await` calls. The promise takes the outcome over: later callbacks of the Deferred are given undefined.
   *
   * @returns A promise, rejected with the error itself and not with the Failure.
   */
  then<R = T, E = never>(
    onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
    onRejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return thenOf(this.asPromise(), onFulfilled, onRejected);
  }

  /** A promise of the outcome, which it takes over: later callbacks of the Deferred are given undefined. */
  asPromise(): Promise<T> {
    return new NativePromise((resolve, reject) => {
      this.addCallbacks(
        (result) => {
          resolve(result);
        },
        (failure) => {
          reject(failure.value);
        },
      );
    });
  }

  /**
   * A Deferred that fires as `promise` settles.
   *
   * @param promise - A promise, or anything with a `then` method.
   * @param canceller - Called by `cancel()`, since a promise cannot be cancelled itself. What the promise comes to
   * after a cancel is ignored.
   */
  static fromPromise<T>(promise: PromiseLike<T>, canceller?: Canceller<T>): Deferred<T> {
    const d = makeDeferred(canceller);
    whenSettled(
      promise,
      (value) => {
        if (!d.called) d.callback(value);
      },
      (error) => {
        if (!d.called) d.errback(error);
      },
    );
    return d;
  }

  /** For `yield*` inside `inlineCallbacks`: its value has the type of the result. */
  [Symbol.iterator](): Iterator<Deferred<T>, T, unknown> {
    return new ResultIterator<Deferred<T>, T>(this);
  }

  /** The state and the result in one line. */
  toString(): string {
    return deferredText(this);
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** @internal */
  get [DEFERRED_MARK](): object {
    return OWN_COPY;
  }

  /** @internal */
  adopt(thenable: PromiseLike<unknown>): ChainState {
    return adoptPromise(thenable);
  }

  /**
   * Fires the Deferred and leaves it to the caller to run the callbacks.
   *
   * @returns This Deferred, or undefined if the result was late and is ignored.
   * @internal
   */
  fireQuietly(result: unknown): this | undefined {
    if (this.called) {
      if ((this.flags & SUPPRESS) !== 0) {
        this.flags &= ~SUPPRESS;
        return undefined;
      }
      const places = debugText(this);
      throw new AlreadyCalledError(`The Deferred has been fired already.${places === '' ? '' : `\n${places}`}`);
    }
    this.called = true;
    this.result = result;
    this.canceller = undefined;
    if (debugging) noteInvoked(this, isFailure(result) ? this.errback : this.callback);
    return this;
  }
}

// The class names itself only below its end: the bundler would rename a class that names itself inside.

const plainCancel = Deferred.prototype.cancel;

function makeDeferred<T>(canceller: Canceller<T> | undefined): Deferred<T> {
  return new Deferred(canceller);
}

function adoptPromise(thenable: PromiseLike<unknown>): Deferred<unknown> {
  return Deferred.fromPromise(thenable);
}

function isOwn(value: unknown): value is Deferred<unknown> {
  return value instanceof Deferred;
}

function checkFunction(f: unknown): void {
  if (typeof f !== 'function') {
    throw new TypeError(`Cannot add ${inspect(f)} to a Deferred. Pass a function.`);
  }
}
