/** How a generator gets the result of a Deferred that it yields. */

/** What `yield*` of a Deferred goes through: the Deferred itself is yielded, and what comes back is the value. */
export class ResultIterator<D, T> implements Iterator<D, T, unknown> {
  readonly #deferred: D;
  #yielded = false;

  constructor(deferred: D) {
    this.#deferred = deferred;
  }

  next(value?: unknown): IteratorResult<D, T> {
    if (this.#yielded) return { done: true, value: value as T };
    this.#yielded = true;
    return { done: false, value: this.#deferred };
  }

  throw(error: unknown): never {
    throw error;
  }
}
