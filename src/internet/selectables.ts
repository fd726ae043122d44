/** The register of all that is open: ports, connections, attempts to connect. */
import type { Failure } from './failure.js';
import type { Selectable, SelectableRegister } from './reactor_host.js';

/**
 * Knows every selectable from when it opens until it is really closed.
 *
 * A list with gaps, and no Set: whenever V8 rearranges a Set it leaves the old table behind, which as garbage holds on to
 * the next one and to all that stood in both. Under many short connections this keeps each of them through collection
 * after collection: twice the time that collecting takes without.
 */
export class Selectables implements SelectableRegister {
  // In the order in which they were opened; each one knows its place.
  readonly #open: (Selectable | undefined)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(selectable: Selectable): void {
    if (selectable.place !== -1) return;
    if (this.#open.length > 2 * this.#size + FEW) this.#closeGaps();
    selectable.place = this.#open.push(selectable) - 1;
    this.#size++;
  }

  delete(selectable: Selectable): void {
    const { place } = selectable;
    if (place === -1) return;
    selectable.place = -1;
    this.#open[place] = undefined;
    this.#size--;
  }

  *[Symbol.iterator](): Generator<Selectable, void> {
    for (const selectable of this.#open) {
      if (selectable !== undefined) yield selectable;
    }
  }

  /**
   * Closes all of them at once and tells nobody.
   *
   * @returns Those that were there and not closed by this before, in the order in which they were opened.
   */
  removeAll(): Selectable[] {
    const removed = [...this];
    for (const selectable of removed) this.delete(selectable);
    for (const selectable of removed) selectable.discard();
    return removed;
  }

  /** Closes all of them at once and tells their protocols and factories why. */
  disconnectAll(reason: Failure): void {
    for (const selectable of [...this]) selectable.disconnect(reason);
  }

  /** In the same array: another one would leave this one behind. */
  #closeGaps(): void {
    const open = this.#open;
    let place = 0;
    for (const selectable of open) {
      if (selectable === undefined) continue;
      selectable.place = place;
      open[place++] = selectable;
    }
    open.length = place;
  }
}

const FEW = 16;
