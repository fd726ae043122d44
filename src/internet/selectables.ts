/** The register of all that is open: ports, connections, attempts to connect. */
import type { Failure } from './failure.js';
import type { Selectable, SelectableRegister } from './reactor_host.js';

/** Knows every selectable from when it opens until it is really closed. */
export class Selectables implements SelectableRegister {
  readonly #open = new Set<Selectable>();

  get size(): number {
    return this.#open.size;
  }

  add(selectable: Selectable): void {
    this.#open.add(selectable);
  }

  delete(selectable: Selectable): void {
    this.#open.delete(selectable);
  }

  [Symbol.iterator](): IterableIterator<Selectable> {
    return this.#open.values();
  }

  /**
   * Closes all of them at once and tells nobody.
   *
   * @returns Those that were there and not closed by this before, in the order in which they were opened.
   */
  removeAll(): Selectable[] {
    const removed = [...this.#open];
    this.#open.clear();
    for (const selectable of removed) selectable.discard();
    return removed;
  }

  /** Closes all of them at once and tells their protocols and factories why. */
  disconnectAll(reason: Failure): void {
    for (const selectable of [...this.#open]) selectable.disconnect(reason);
  }
}
