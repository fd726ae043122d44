const MOST_CHARACTERS = 8 * 1024;

/** Keeps the end of a text that grows. */
export class Tail {
  #text = '';

  get text(): string {
    return this.#text;
  }

  add(text: string): void {
    this.#text = (this.#text + text).slice(-MOST_CHARACTERS);
  }

  clear(): void {
    this.#text = '';
  }
}
