/** A limit on how many do something at the same time. */
import { Deferred, type Settled } from './deferred.js';
import { Fifo } from './fifo.js';
import { maybeDeferred } from './succeed.js';

/**
 * Lets a limited number of holders in at the same time; the others wait, first come, first served.
 *
 * @see Twisted, defer.DeferredSemaphore
 */
export class DeferredSemaphore {
  /** How many may be in at the same time. */
  readonly limit: number;
  readonly #waiting = new Fifo<Deferred<unknown>>();
  readonly #cancelWait = (d: Deferred<unknown>): void => this.#waiting.remove(d);
  #tokens: number;

  /**
   * @param tokens - How many may be in at the same time; a whole number of 1 or more.
   * @throws RangeError for any other number.
   */
  constructor(tokens: number) {
    if (!Number.isInteger(tokens) || tokens < 1) {
      throw new RangeError(`Cannot make a semaphore of ${tokens} tokens. Pass a whole number of 1 or more.`);
    }
    this.limit = tokens;
    this.#tokens = tokens;
  }

  /** How many more may come in at once. */
  get tokens(): number {
    return this.#tokens;
  }

  /** Fires with this object when its caller is in. Cancelling it gives the place in the queue up. */
  acquire(): Deferred<this> {
    const d = new Deferred<this>(this.#cancelWait);
    if (this.#tokens === 0) {
      this.#waiting.push(d);
    } else {
      this.#tokens--;
      d.callback(this);
    }
    return d;
  }

  /**
   * Lets the next one in. Call it once for each `acquire` that has fired.
   *
   * @throws Error if nobody is in.
   */
  release(): void {
    if (this.#tokens >= this.limit) {
      throw new Error('Cannot release what is not held: release() was called more often than acquire() fired.');
    }
    this.#tokens++;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#tokens--;
    next.callback(this);
  }

  /**
   * Calls `f(...args)` when it may come in, and releases when what `f` returns has its result.
   *
   * @returns A Deferred of that result.
   */
  run<A extends readonly unknown[], R>(f: (...args: A) => R, ...args: A): Deferred<Settled<R>> {
    const release = <T>(result: T): T => {
      this.release();
      return result;
    };
    return this.acquire().addCallback(() => maybeDeferred(f, ...args).addBoth(release)) as Deferred<never>;
  }
}
