// Taken before any test is loaded: fake timers of a test must not hold the report back.
const { setImmediate } = globalThis;

/** Enough text to be worth a system call of its own. */
const CHARACTERS_AT_ONCE = 16 * 1024;

/**
 * Collects text and hands it on in large pieces: when 16 KiB are there, and at the latest when the turn of the event
 * loop ends, which is when a test waits. So ten thousand tests cost a handful of writes and a test that waits is seen.
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
      setImmediate(this.#turnEnded);
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

  readonly #turnEnded = (): void => {
    this.#scheduled = false;
    this.flush();
  };
}
