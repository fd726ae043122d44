/** The warnings of one test: kept until it is over, then shown unless the test took them. */
import type { CollectedWarning } from './warnings.js';

interface Entry {
  readonly warning: CollectedWarning;
  readonly show: () => void;
}

export class WarningCollector {
  #entries: Entry[] = [];

  /** @param show - Lets Node have the warning after all. */
  add(warning: CollectedWarning, show: () => void): void {
    this.#entries.push({ warning, show });
  }

  /** Takes the warnings so far. */
  flush(): CollectedWarning[] {
    return this.#entries.splice(0).map(({ warning }) => warning);
  }

  /** Takes what is added while `f` runs; what was there stays. */
  during<R>(f: () => R): { readonly result: R; readonly warnings: readonly CollectedWarning[] } {
    const before = this.#entries;
    this.#entries = [];
    try {
      const result = f();
      return { result, warnings: this.flush() };
    } finally {
      this.#entries = [...before, ...this.#entries];
    }
  }

  /** Shows what nobody took. */
  showAll(): void {
    for (const { show } of this.#entries.splice(0)) show();
  }
}
