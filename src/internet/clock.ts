/** Time that passes when it is told to. */
import { checkDelay, DelayedCall, type DelayedCallOwner } from './delayed_call.js';
import type { ReactorTime } from './reactor_time.js';

/**
 * Keeps time as the reactor does, but stands still until `advance` is called: for tests of code that waits.
 *
 * @example
 * const clock = new Clock();
 * clock.callLater(5, () => console.log('five'));
 * clock.advance(5); // prints five
 * @see Twisted, task.Clock: same meaning. There a negative delay is accepted.
 */
export class Clock implements ReactorTime {
  #now = 0;
  // In the order of their times; calls of the same time in the order they were made in.
  readonly #calls: DelayedCall[] = [];
  #moved = false;
  readonly #owner: DelayedCallOwner = {
    seconds: () => this.#now,
    cancelled: (call) => {
      this.#calls.splice(this.#calls.indexOf(call), 1);
    },
    moved: () => {
      this.#moved = true;
    },
  };

  /** The time in seconds; 0 at first. */
  seconds(): number {
    return this.#now;
  }

  /**
   * Has `f(...args)` called when the clock has advanced by `seconds`.
   *
   * @param seconds - Finite and >= 0. 0 is the next `advance`, also of 0.
   * @throws RangeError for any other delay.
   */
  callLater<A extends readonly unknown[]>(seconds: number, f: (...args: A) => void, ...args: A): DelayedCall {
    checkDelay(seconds);
    const call = new DelayedCall(this.#owner, this.#now + seconds, f, args);
    this.#sort();
    this.#calls.splice(this.#placeAfter(call.getTime()), 0, call);
    return call;
  }

  /**
   * The calls that are still to come, the next one first. A call that was moved by `reset` or `delay` keeps its place until
   * time is moved on or another call is added.
   */
  getDelayedCalls(): DelayedCall[] {
    return [...this.#calls];
  }

  /**
   * Moves time on and makes the calls that are due, in the order of their times, those included that are added
   * meanwhile and are due as well. All of them see the new time.
   *
   * @param seconds - By how much.
   * @throws What a call throws; the calls after it are made by the next `advance`.
   */
  advance(seconds: number): void {
    this.#now += seconds;
    for (;;) {
      this.#sort();
      const [call] = this.#calls;
      if (call === undefined || call.getTime() > this.#now) return;
      this.#calls.shift();
      call.run();
    }
  }

  /**
   * Advances several times.
   *
   * @param timings - By how many seconds each time.
   */
  pump(timings: Iterable<number>): void {
    for (const seconds of timings) this.advance(seconds);
  }

  #sort(): void {
    if (!this.#moved) return;
    this.#moved = false;
    this.#calls.sort((a, b) => a.getTime() - b.getTime());
  }

  /** Where a call of that time goes: after all that are no later. */
  #placeAfter(time: number): number {
    let low = 0;
    let high = this.#calls.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#calls[middle]?.getTime() ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
