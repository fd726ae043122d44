import type { LoadError, TestEvent, TestStarted, Totals } from '../events/events.js';
import { hasPassed, TotalsCounter } from '../events/outcome.js';
import type { Options } from '../options/options.js';
import type { Plan, ResumedProgress } from './frames.js';

type FlakyPolicy = Pick<Options, 'flaky'>;

/** How far a run has come, as its events say. */
export class Progress {
  readonly items: Plan['items'];
  #next = 0;
  /** How many of the items before that are tests. */
  #testsBefore = 0;
  readonly #failedPasses: number[] = [];
  #passes = 0;
  #pass = new TotalsCounter();
  /** The test that has been begun and is not over. */
  running: TestStarted | undefined;
  /** The test that was begun last. */
  last: TestStarted | undefined;

  readonly #policy: FlakyPolicy;

  constructor(items: Plan['items'], policy: FlakyPolicy) {
    this.items = items;
    this.#policy = policy;
  }

  /** Of this pass. */
  get totals(): Totals {
    return this.#pass.totals();
  }

  /** Whether all tests of this pass are over. */
  get isAtEnd(): boolean {
    return this.running === undefined && this.#next >= this.items.length;
  }

  /** The place of the test that was begun last among the tests of a pass, from 1. */
  get position(): number {
    return this.#testsBefore;
  }

  /** What a fresh process is told: a test that is running is to be run again. */
  get resumed(): Omit<ResumedProgress, 'attempts'> {
    const { items, totals } = this;
    const next = this.running === undefined ? this.#next : this.#next - 1;
    return { items, next, passes: this.#passes, failedPasses: this.#failedPasses, totals };
  }

  /** Which passes have failed so far, with the one that is on; undefined: there is one only. */
  get failedPasses(): readonly number[] | undefined {
    if (this.#passes === 0) return undefined;
    return this.#isFailing ? [...this.#failedPasses, this.#passes + 1] : this.#failedPasses;
  }

  get #isFailing(): boolean {
    return !hasPassed(this.totals, this.#policy);
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
      if (this.#isFailing) this.#failedPasses.push(this.#passes);
      this.#pass = new TotalsCounter();
      this.#next = 0;
      this.#testsBefore = 0;
    }
    // What could not be loaded is told of in the first pass, and counts in all.
    for (; this.#next < index; this.#next++) {
      const item = this.items[this.#next];
      if (item === undefined || !('type' in item)) this.#testsBefore += 1;
      else if (this.#passes > 0) this.#pass.add(item);
    }
    this.#next += 1;
    this.#testsBefore += 1;
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
