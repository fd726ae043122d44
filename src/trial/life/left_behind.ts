import type { NodeReactor } from '../../internet/reactor.js';
import type { Selectable } from '../../internet/reactor_host.js';
import type { LeftSelectable, LifeReactor, PendingCall } from './janitor.js';

const NOTHING: ReadonlySet<never> = new Set<never>();

/** The reactor as the janitor looks at it: what belongs to a test that this one is run by is left alone. */
export class LeftBehind implements LifeReactor {
  readonly #reactor: NodeReactor;
  readonly #calls: ReadonlySet<PendingCall>;
  readonly #selectables: ReadonlySet<Selectable>;

  /** @param inside - The run is a part of a test: what is there now is that test's. */
  constructor(reactor: NodeReactor, { inside }: { readonly inside: boolean }) {
    this.#reactor = reactor;
    this.#calls = inside ? new Set<PendingCall>(reactor.getDelayedCalls()) : NOTHING;
    this.#selectables = inside ? new Set(reactor.selectables) : NOTHING;
  }

  seconds(): number {
    return this.#reactor.seconds();
  }

  isQuiet(): boolean {
    if (this.#reactor.isQuiet) return true;
    return !this.hasDelayedCalls() && !this.hasSelectables() && !this.hasCallsFromThreads();
  }

  hasDelayedCalls(): boolean {
    return this.getDelayedCalls().length > 0;
  }

  getDelayedCalls(): readonly PendingCall[] {
    const calls = this.#reactor.getDelayedCalls();
    if (calls.length === 0 || this.#calls.size === 0) return calls;
    return calls.filter((call) => !this.#calls.has(call));
  }

  hasCallsFromThreads(): boolean {
    return this.#reactor.hasCallsFromThreads;
  }

  hasSelectables(): boolean {
    const { size } = this.#reactor.selectables;
    return size > 0 && (this.#selectables.size === 0 || this.#left().length > 0);
  }

  isClosing(): boolean {
    return this.#left().some((selectable) => selectable.closing);
  }

  hasConnections(): boolean {
    return this.#left().some((selectable) => !('stopListening' in selectable));
  }

  getSelectables(): readonly LeftSelectable[] {
    return this.#left();
  }

  removeAll(): readonly LeftSelectable[] {
    const { selectables } = this.#reactor;
    return this.#left().map((selectable) => {
      // Said before it is closed: then it no longer knows its address.
      const text = String(selectable);
      selectables.delete(selectable);
      selectable.discard();
      return { origin: selectable.origin, toString: () => text };
    });
  }

  #left(): Selectable[] {
    return [...this.#reactor.selectables].filter((selectable) => !this.#selectables.has(selectable));
  }
}
