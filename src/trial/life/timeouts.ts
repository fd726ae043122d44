/** The one timer that every step of every test of a run shares. */

import { unrefQuietly } from './idle.js';
import { clearTimer, monotonicMs, setTimer } from './now.js';

/** What is told that its time is over. */
export interface Timed {
  timedOut(seconds: number): void;
}

/** Node fires a longer timer at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * A deadline for whatever is being waited for.
 *
 * Setting and clearing it costs a few numbers: Node's timer stays armed, and when it fires too early for the deadline
 * of then, it is armed again for the rest. It never keeps the process alive.
 */
export class Deadline {
  #waiter: Timed | undefined;
  #seconds = 0;
  #dueMs = 0;
  /** When the armed timer fires; Infinity when none is. */
  #firesAtMs = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** Tells `waiter` once, in so many seconds, unless `clear` comes first. */
  set(waiter: Timed, seconds: number): void {
    if (seconds === Number.POSITIVE_INFINITY) return;
    this.#waiter = waiter;
    this.#seconds = seconds;
    const now = monotonicMs();
    this.#dueMs = now + seconds * 1000;
    if (this.#dueMs < this.#firesAtMs) this.#arm(now);
  }

  clear(): void {
    this.#waiter = undefined;
  }

  /** Lets the timer go. */
  close(): void {
    this.#waiter = undefined;
    this.#disarm();
  }

  #arm(now: number): void {
    this.#disarm();
    // One more, since Node may fire up to a millisecond early.
    const ms = Math.min(Math.ceil(this.#dueMs - now) + 1, LONGEST_MS);
    this.#firesAtMs = now + ms;
    this.#timer = setTimer(this.#fired, ms);
    unrefQuietly(this.#timer);
  }

  #disarm(): void {
    if (this.#timer !== undefined) clearTimer(this.#timer);
    this.#timer = undefined;
    this.#firesAtMs = Number.POSITIVE_INFINITY;
  }

  readonly #fired = (): void => {
    this.#disarm();
    const waiter = this.#waiter;
    if (waiter === undefined) return;
    const now = monotonicMs();
    if (now < this.#dueMs) {
      this.#arm(now);
      return;
    }
    this.#waiter = undefined;
    waiter.timedOut(this.#seconds);
  };
}
