/** A queue that is waited on. */
import { Deferred } from './deferred.js';
import { QueueOverflow, QueueUnderflow } from './errors.js';
import { Fifo } from './fifo.js';
import { succeed } from './succeed.js';

/**
 * Objects go in at one end and come out, in order, to those who wait for them at the other.
 *
 * @see Twisted, defer.DeferredQueue
 */
export class DeferredQueue<T> {
  readonly #size: number;
  readonly #backlog: number;
  readonly #pending = new Fifo<T>();
  readonly #waiting = new Fifo<Deferred<T>>();
  readonly #cancelWait = (d: Deferred<T>): void => this.#waiting.remove(d);

  /**
   * @param size - How many objects it holds while nobody waits for them; null: any number.
   * @param backlog - How many may wait at a time; null: any number.
   */
  constructor(size: number | null = null, backlog: number | null = null) {
    this.#size = size ?? Number.POSITIVE_INFINITY;
    this.#backlog = backlog ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Gives an object to the first who waits, or keeps it.
   *
   * @throws QueueOverflow if there is no room for it.
   */
  put(object: T): void {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) {
      waiting.callback(object);
    } else if (this.#pending.size < this.#size) {
      this.#pending.push(object);
    } else {
      throw new QueueOverflow(`Cannot put another object in: the queue holds ${this.#size} already.`);
    }
  }

  /**
   * Waits for the next object. Cancelling it gives the place in the line up.
   *
   * @throws QueueUnderflow if too many wait already.
   */
  get(): Deferred<T> {
    if (this.#pending.size > 0) return succeed(this.#pending.shift() as T) as Deferred<unknown> as Deferred<T>;
    if (this.#waiting.size >= this.#backlog) {
      throw new QueueUnderflow(`Cannot wait for another object: ${this.#backlog} wait already.`);
    }
    const d = new Deferred<T>(this.#cancelWait);
    this.#waiting.push(d);
    return d;
  }
}
