/** Generators that wait for Deferreds. */
import { addResumption, NO_RESULT, run, takeResult } from './chain.js';
import type { ChainState, Resumable } from './chain_state.js';
import { type Cancelling, Deferred, type Settled } from './deferred.js';
import { Failure, isFailure } from './failure.js';
import { isThenable } from './thenable.js';

/** What a generator function for `inlineCallbacks` returns: it may yield anything; Deferreds and promises are waited for. */
export type Steps<R> = Generator<unknown, R, unknown>;

type StepsMethod = (...args: never[]) => Generator<unknown, unknown, never>;

/** What a standard decorator of a method is told of it; any `ClassMethodDecoratorContext` is one. */
export interface MethodContext {
  readonly kind: 'method';
  readonly name: string | symbol;
}

/** Is set on what `inlineCallbacks` makes: a method of a test that has it is no bare generator. */
export const INLINE_MARK = Symbol.for('txtrial.inlineCallbacks');

/**
 * Makes a function that returns a Deferred out of a generator function that yields Deferreds.
 *
 * The generator runs at once, until it yields a Deferred or a promise whose result is not there yet. It goes on with
 * that result, or the error is thrown where it waits. What it returns fires the Deferred, what it throws fails it; a
 * Deferred or promise that it returns is waited for. Any other value that is yielded comes back at once. Cancelling the
 * Deferred cancels what the generator waits for.
 *
 * `yield*` of a Deferred has the type of its result, `yield` has type unknown.
 *
 * It is a method decorator as well, for methods that only the runner calls, since a decorator cannot change a type.
 *
 * @param f - The generator function.
 * @returns A function with the same parameters that returns a Deferred. It throws TypeError if `f` is no generator
 * function.
 * @example
 * const lengthOf = inlineCallbacks(function* (port: number) {
 *   const poem = yield* getPoetry('127.0.0.1', port);
 *   return poem.length;
 * });
 * @see Twisted, defer.inlineCallbacks: same meaning. There a Deferred may not be returned from the generator.
 */
// A decorator may take fewer parameters than it is given, so the form with one has to come last.
export function inlineCallbacks<F extends StepsMethod>(
  prototype: object,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<F>,
): TypedPropertyDescriptor<F>;
export function inlineCallbacks<F extends StepsMethod>(f: F, context: MethodContext): F;
export function inlineCallbacks<This, A extends readonly unknown[], R>(
  f: (this: This, ...args: A) => Generator<unknown, R, never>,
): (this: This, ...args: A) => Deferred<Settled<R>>;
export function inlineCallbacks(
  target: unknown,
  _context?: unknown,
  descriptor?: TypedPropertyDescriptor<StepsMethod>,
): unknown {
  if (descriptor === undefined) return wrap(target);
  return { ...descriptor, value: wrap(descriptor.value) };
}

/**
 * A Deferred for whatever can be waited for.
 *
 * @param value - A Deferred, which is returned as it is; a promise; or a generator, which is run as `inlineCallbacks`
 * runs it.
 * @throws TypeError for anything else.
 * @see Twisted, defer.ensureDeferred
 */
export function ensureDeferred<T>(value: PromiseLike<T> | Generator<unknown, T, never>): Deferred<Settled<T>> {
  if (value instanceof Deferred) return value as Deferred<never>;
  if (isThenable(value)) return Deferred.fromPromise(value) as Deferred<never>;
  if (isGenerator(value)) return runGenerator(value) as Deferred<never>;
  throw new TypeError(`Cannot make a Deferred of ${String(value)}. Pass a Deferred, a promise or a generator.`);
}

function wrap(f: unknown): unknown {
  if (typeof f !== 'function') {
    throw new TypeError(`Cannot use inlineCallbacks on ${String(f)}. Pass a generator function.`);
  }
  function inlined(this: unknown, ...args: unknown[]): Deferred<unknown> {
    const generator: unknown = Reflect.apply(f as () => unknown, this, args);
    if (!isGenerator(generator)) {
      const name = (f as { name: string }).name || 'the function';
      throw new TypeError(`Cannot run ${name} with inlineCallbacks: it is no generator function. Write function*.`);
    }
    return runGenerator(generator);
  }
  // Attributes such as skip and todo that were set on the method before stay its attributes, and so does its name.
  const own = Object.getOwnPropertyDescriptors(f);
  Reflect.deleteProperty(own, 'prototype');
  Object.defineProperties(inlined, own);
  Object.defineProperty(inlined, INLINE_MARK, { value: true });
  return inlined;
}

function isGenerator(value: unknown): value is Steps<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const { next, throw: raise } = value as Partial<Steps<unknown>>;
  return typeof next === 'function' && typeof raise === 'function';
}

function runGenerator(generator: Generator<unknown, unknown, never>): Deferred<unknown> {
  const running = new RunningGenerator(generator as Steps<unknown>);
  const { deferred } = running;
  const fired = running.resume(undefined);
  if (fired !== undefined) run(fired);
  return deferred;
}

/** @internal One generator on its way: the canceller of the Deferred that it fires. */
export class RunningGenerator implements Resumable, Cancelling {
  /** What is fired when the generator ends: the one that the caller holds, or after a cancel the one that it waits for. */
  deferred: Deferred<unknown>;
  readonly #generator: Steps<unknown>;
  #waitingFor: Deferred<unknown> | undefined;
  // While a step looks whether a result is there at once, it is left here.
  #looking = false;
  #found: unknown = NO_RESULT;

  constructor(generator: Steps<unknown>) {
    this.#generator = generator;
    this.deferred = this.#newDeferred();
  }

  get generator(): object {
    return this.#generator;
  }

  /** What it waits for while it is suspended. */
  get waitsFor(): Deferred<unknown> | undefined {
    return this.#waitingFor;
  }

  resume(value: unknown): ChainState | undefined {
    if (this.found(value)) return undefined;
    let result = value;
    for (;;) {
      let step: IteratorResult<unknown, unknown>;
      try {
        step = isFailure(result) ? this.#generator.throw(result.value) : this.#generator.next(result);
      } catch (error) {
        return this.deferred.fireQuietly(new Failure(error));
      }
      const { value: yielded } = step;
      if (!isThenable(yielded)) {
        if (step.done) return this.deferred.fireQuietly(yielded);
        result = yielded;
        continue;
      }
      const inner = yielded instanceof Deferred ? yielded : Deferred.fromPromise(yielded);
      result = this.#wait(inner, step.done ? new Ending(this) : this);
      if (result === NO_RESULT) return undefined;
      if (step.done) return this.deferred.fireQuietly(result);
    }
  }

  /** The result of `inner` if it is there; else `task` will be resumed with it. */
  #wait(inner: Deferred<unknown>, task: Resumable): unknown {
    const result = takeResult(inner);
    if (result !== NO_RESULT) return result;
    this.#waitingFor = inner;
    this.#looking = true;
    addResumption(inner, task);
    this.#looking = false;
    const found = this.#found;
    this.#found = NO_RESULT;
    return found;
  }

  /** Keeps a result that is there at once. Returns whether a step is looking for one. */
  found(result: unknown): boolean {
    if (this.#looking) this.#found = result;
    return this.#looking;
  }

  /**
   * Cancels what the generator waits for. The generator may deal with that and go on, so the Deferred that the caller
   * holds waits for another one from now on, which can be cancelled again.
   */
  cancel(d: Deferred<unknown>): void {
    const { stages } = d;
    d.stages = undefined;
    d.addErrback(() => {
      this.deferred = this.#newDeferred();
      const { deferred } = this;
      this.#waitingFor?.cancel();
      return deferred;
    });
    if (stages !== undefined) d.stages = [...(d.stages ?? []), ...stages];
    d.errback(new Error('A generator is being cancelled.'));
  }

  #newDeferred(): Deferred<unknown> {
    const deferred = new Deferred<unknown>();
    deferred.canceller = this;
    return deferred;
  }
}

/** The generator has returned a Deferred: what that ends in is the result. */
class Ending implements Resumable {
  readonly #running: RunningGenerator;

  constructor(running: RunningGenerator) {
    this.#running = running;
  }

  resume(result: unknown): ChainState | undefined {
    return this.#running.found(result) ? undefined : this.#running.deferred.fireQuietly(result);
  }
}
