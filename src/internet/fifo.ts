/** A queue whose ends are both cheap, however long it is. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #first = 0;

  /** How many are in it. */
  get size(): number {
    return this.#items.length - this.#first;
  }

  /** Adds one at the end. */
  push(item: T): void {
    this.#items.push(item);
  }

  /** Takes the first one out; undefined when there is none. */
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#first];
    this.#items[this.#first] = undefined;
    this.#first++;
    // Half of the list at least is cut off, so that the work stays in proportion.
    if (this.#first >= 64 && this.#first * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** Takes out `item`, wherever it is, if it is there. */
  remove(item: T): void {
    const index = this.#items.indexOf(item, this.#first);
    if (index !== -1) this.#items.splice(index, 1);
  }
}
