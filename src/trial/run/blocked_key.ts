import { isAtScreen } from '../dump_keys.js';
import { isBeingDebugged, runningLife } from '../life/blocking.js';
import type { Life } from '../life/life.js';
import { monotonicMs, soon } from '../life/now.js';
import type { SlowNotices } from './slow_notices.js';

/** How often to look at the terminal. */
const LOOK_EVERY_MS = 250;
/** How often to look whether the event loop turns. */
const ASK_EVERY_MS = 1000;
const NEVER_MS = 2 ** 31 - 1;
/** Later than this the asking was not heard of at once: the code is in a call that may be waiting for what is typed. */
const LATEST_MS = 100;

/** Tells of a test that blocks the event loop, and then looks for the key, as SlowNotices does of one that does not. */
export class BlockedKey {
  readonly #longMs: number;
  readonly #notices: SlowNotices;
  /** The one that was running at the last look, without a turn of the event loop since. */
  #suspect: Life | undefined;
  /** By how much the clock here is ahead of what the other thread counts. */
  #aheadMs = 0;
  #told: Life | undefined;

  /** @param longMs - A test that has blocked for so long is told of. */
  constructor(longMs: number, notices: SlowNotices) {
    this.#longMs = longMs;
    this.#notices = notices;
  }

  /**
   * Asked by another thread, on top of whatever is running.
   *
   * @param elapsedMs - For how long the running step has been the same.
   * @returns When to ask again, in milliseconds.
   */
  readonly look = (elapsedMs: number): number => {
    if (elapsedMs < this.#longMs) return this.#longMs - elapsedMs;
    const life = runningLife();
    if (life === undefined || isBeingDebugged() || !isAtScreen()) return NEVER_MS;
    const aheadMs = monotonicMs() - elapsedMs;
    const isBlocking = this.#suspect === life && Math.abs(aheadMs - this.#aheadMs) < LATEST_MS;
    if (this.#suspect === undefined) soon(this.#turned);
    this.#suspect = life;
    this.#aheadMs = aheadMs;
    if (!isBlocking) return this.#told === life ? LOOK_EVERY_MS : ASK_EVERY_MS;
    if (this.#told !== life) this.#notices.note(life.testId, elapsedMs / 1000);
    this.#told = life;
    this.#notices.lookNow();
    return LOOK_EVERY_MS;
  };

  readonly #turned = (): void => {
    this.#suspect = undefined;
  };
}
