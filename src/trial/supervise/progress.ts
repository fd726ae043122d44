import type { LoadError, TestEvent, TestStarted, Totals } from '../events/events.js';
import { TotalsCounter } from '../events/outcome.js';
import type { Plan, ResumedProgress } from './frames.js';

/** How far a run has come, as its events say. */
export class Progress {
  readonly items: Plan['items'];
  #next = 0;
  #passes = 0;
  #pass = new TotalsCounter();
  /** The test that has been begun and is not over. */
  running: TestStarted | undefined;
  /** The test that was begun last. */
  last: TestStarted | undefined;

  constructor(items: Plan['items']) {
    this.items = items;
  }

  /** Of this pass. */
  get totals(): Totals {
    return this.#pass.totals();
  }

  /** Whether all tests of this pass have been begun. */
  get isAtEnd(): boolean {
    return this.#next >= this.items.length;
  }

  /** What a fresh process is told. */
  get resumed(): ResumedProgress {
    return { items: this.items, next: this.#next, passes: this.#passes, totals: this.totals };
  }

  /** The items that are to come in this pass. */
  get toCome(): Plan['items'] {
    return this.items.slice(this.#next);
  }

  add(event: TestEvent): void {
    if (event.type === 'testStarted') this.#started(event);
    else if (event.type === 'testFinished') this.running = undefined;
    else if (event.type === 'loadError') this.#problem(event);
    this.#pass.add(event);
  }

  #started(event: TestStarted): void {
    this.running = event;
    this.last = event;
    let index = this.#find(event.id, this.#next);
    if (index === -1) {
      index = this.#find(event.id, 0);
      if (index === -1) return;
      this.#passes += 1;
      this.#pass = new TotalsCounter();
      this.#next = 0;
    }
    // What could not be loaded is told of in the first pass, and counts in all.
    for (; this.#next < index; this.#next++) {
      const item = this.items[this.#next];
      if (item !== undefined && 'type' in item && this.#passes > 0) this.#pass.add(item);
    }
    this.#next += 1;
  }

  #problem(event: LoadError): void {
    const item = this.items[this.#next];
    if (item !== undefined && 'type' in item && item.id === event.id && item.message === event.message) this.#next += 1;
  }

  #find(id: string, from: number): number {
    for (let index = from; index < this.items.length; index++) {
      const item = this.items[index];
      if (item !== undefined && !('type' in item) && item[0] === id) return index;
    }
    return -1;
  }
}
