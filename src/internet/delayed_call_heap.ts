/** The pending calls of a reactor, soonest first. */
import type { DelayedCall } from './delayed_call.js';

/**
 * A binary heap ordered by time, then by the order in which the calls were added.
 *
 * Each call knows its index, so that a cancelled one is taken out at once: nothing is left behind to be swept.
 */
export class DelayedCallHeap {
  readonly #calls: DelayedCall[] = [];
  #added = 0;

  get size(): number {
    return this.#calls.length;
  }

  /** The call that is due first. */
  get first(): DelayedCall | undefined {
    return this.#calls[0];
  }

  /** The order of the call that was added last. */
  get newest(): number {
    return this.#added;
  }

  add(call: DelayedCall): void {
    call.order = ++this.#added;
    this.#rise(call, this.#calls.length);
  }

  /** Takes a call out, wherever it stands. A call that is not in here is ignored. */
  remove(call: DelayedCall): void {
    const { heapIndex } = call;
    if (this.#calls[heapIndex] !== call) return;
    call.heapIndex = -1;
    const last = this.#calls.pop();
    if (last !== undefined && last !== call) this.#place(last, heapIndex);
  }

  /** Puts a call whose time has changed where it belongs. */
  update(call: DelayedCall): void {
    if (this.#calls[call.heapIndex] === call) this.#place(call, call.heapIndex);
  }

  /** All of them, in the order in which they are due. */
  sorted(): DelayedCall[] {
    return [...this.#calls].sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #place(call: DelayedCall, index: number): void {
    const parent = this.#calls[(index - 1) >> 1];
    if (index > 0 && parent !== undefined && isBefore(call, parent)) this.#rise(call, index);
    else this.#sink(call, index);
  }

  #rise(call: DelayedCall, from: number): void {
    const calls = this.#calls;
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = calls[parentIndex];
      if (parent === undefined || !isBefore(call, parent)) break;
      calls[index] = parent;
      parent.heapIndex = index;
      index = parentIndex;
    }
    calls[index] = call;
    call.heapIndex = index;
  }

  #sink(call: DelayedCall, from: number): void {
    const calls = this.#calls;
    let index = from;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = calls[childIndex];
      const right = calls[childIndex + 1];
      if (child !== undefined && right !== undefined && isBefore(right, child)) {
        child = right;
        childIndex++;
      }
      if (child === undefined || !isBefore(child, call)) break;
      calls[index] = child;
      child.heapIndex = index;
      index = childIndex;
    }
    calls[index] = call;
    call.heapIndex = index;
  }
}

function isBefore(a: DelayedCall, b: DelayedCall): boolean {
  const difference = a.getTime() - b.getTime();
  return difference < 0 || (difference === 0 && a.order < b.order);
}
