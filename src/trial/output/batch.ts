import { unrefQuietly } from '../life/idle.js';
import { setTimer } from '../life/now.js';

/** Enough text to be worth a system call of its own. */
const CHARACTERS_AT_ONCE = 16 * 1024;

/** Too short for a person to notice, and long enough for hundreds of tests that need not wait. */
const LONGEST_HELD_MS = 5;

/**
 * Collects text and hands it on in large pieces: when 16 KiB are there, and at the latest some milliseconds later, unless
 * a test blocks the event loop. So ten thousand tests cost a handful of writes, and a test that waits is seen.
 */
export class Batch {
  readonly #sink: (text: string) => void;
  #text = '';
  #scheduled = false;

  /** @param sink - Takes the text, in order; must not throw. */
  constructor(sink: (text: string) => void) {
    this.#sink = sink;
  }

  /** Adds text. */
  add(text: string): void {
    this.#text += text;
    if (this.#text.length >= CHARACTERS_AT_ONCE) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      // Not to keep the process alive: at its end everything is flushed.
      unrefQuietly(setTimer(this.#heldLongEnough, LONGEST_HELD_MS));
    }
  }

  /** Hands on what is there. */
  flush(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#sink(text);
  }

  /** Takes what is there without handing it on. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  readonly #heldLongEnough = (): void => {
    this.#scheduled = false;
    this.flush();
  };
}
