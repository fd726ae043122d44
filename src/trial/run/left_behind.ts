import type { NodeReactor } from '../../internet/reactor.js';
import type { LeftSelectable, LifeReactor, PendingCall } from '../life/janitor.js';

/** The reactor as the runner looks at it: what was there before the run is none of a test's. */
export class LeftBehind implements LifeReactor {
  readonly #reactor: NodeReactor;
  readonly #before: ReadonlySet<PendingCall>;

  /** @param before - Calls that belong to somebody else: to the test that this run is a part of. */
  constructor(reactor: NodeReactor, before: readonly PendingCall[]) {
    this.#reactor = reactor;
    this.#before = new Set(before);
  }

  seconds(): number {
    return this.#reactor.seconds();
  }

  getDelayedCalls(): readonly PendingCall[] {
    const calls = this.#reactor.getDelayedCalls();
    if (calls.length === 0 || this.#before.size === 0) return calls;
    return calls.filter((call) => !this.#before.has(call));
  }

  hasDelayedCalls(): boolean {
    return this.getDelayedCalls().length > 0;
  }

  hasSelectables(): boolean {
    return this.#reactor.selectables.size > 0;
  }

  isClosing(): boolean {
    for (const { closing } of this.#reactor.selectables) if (closing) return true;
    return false;
  }

  removeAll(): readonly LeftSelectable[] {
    // Said before they are closed: then they no longer know their addresses.
    const texts = new Map(Array.from(this.#reactor.selectables, (selectable) => [selectable, String(selectable)]));
    return this.#reactor.removeAll().map((selectable) => {
      const text = texts.get(selectable) ?? String(selectable);
      return { origin: selectable.origin, toString: () => text };
    });
  }
}
