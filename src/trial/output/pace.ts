import { monotonicMs } from '../life/now.js';

/** How often something may be done in quick succession before it has to be rarer. */
const MOST_AT_ONCE = 64;
/** How often after that. */
const EVERY_MS = 4;

/**
 * Says when something that is worth doing each time has become too frequent for that: after a quick succession of 64, it is
 * due every four milliseconds.
 */
export class Pace {
  #credit = MOST_AT_ONCE;
  #askedMs = 0;

  /** Whether it is to be done now. */
  isDue(): boolean {
    const now = monotonicMs();
    this.#credit = Math.min(this.#credit + (now - this.#askedMs) / EVERY_MS, MOST_AT_ONCE);
    this.#askedMs = now;
    if (this.#credit < 1) return false;
    this.#credit -= 1;
    return true;
  }
}
