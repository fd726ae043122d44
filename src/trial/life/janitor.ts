/** What a test left behind in the reactor. */
import type { Origin } from '../../internet/origin.js';
import { DirtyReactorAggregateError } from './errors.js';

/** A call that is still to come. */
export interface PendingCall {
  readonly origin?: Origin | undefined;
  cancel(): void;
  active(): boolean;
  /** In the reactor's seconds. */
  getTime(): number;
  toString(): string;
}

/** A port, connection, process or reader that is still open. */
export interface LeftSelectable {
  readonly origin?: Origin | undefined;
  toString(): string;
}

/** What the janitor needs of the reactor. */
export interface LifeReactor {
  seconds(): number;
  getDelayedCalls(): readonly PendingCall[];
  /** Whether something was asked to close and is not closed yet. */
  isClosing(): boolean;
  /** Closes all that is open, tells nobody, and returns what it was. */
  removeAll(): readonly LeftSelectable[];
}

/** However much calls make new ones: after so many turns what is left is left. */
const MOST_TURNS = 20;

/**
 * Gives pending calls the two chances that Twisted gives them: those that are due when the test is over run, and those
 * that these schedule for at once; a third generation is left over.
 */
export class CallJanitor {
  readonly #reactor: LifeReactor;
  #generation = 1;
  #turns = 0;
  #due: readonly PendingCall[];
  readonly #seen = new Set<PendingCall>();

  constructor(reactor: LifeReactor) {
    this.#reactor = reactor;
    this.#due = this.#newlyDue();
  }

  /** Whether another turn of the event loop is to be waited for; called after each turn. */
  wantsTurn(): boolean {
    this.#turns += 1;
    if (this.#turns > MOST_TURNS) return false;
    if (this.#due.some((call) => call.active())) return true;
    if (this.#generation === 2) return this.#turns < 2;
    this.#generation = 2;
    this.#due = this.#newlyDue();
    return true;
  }

  /** Cancels what is left and says what it was, or undefined when nothing is. */
  finish(): DirtyReactorAggregateError | undefined {
    const left = this.#reactor.getDelayedCalls();
    if (left.length === 0) return undefined;
    const lines = left.map((call) => describe(call));
    for (const call of left) call.cancel();
    return new DirtyReactorAggregateError(
      `Reactor was unclean.\nDelayedCalls (each made at the place that stands beside it):\n${lines.join('\n')}\n` +
        'Cancel each of them before the test is over, in the test, a cleanup or tearDown.',
    );
  }

  #newlyDue(): PendingCall[] {
    const now = this.#reactor.seconds();
    const due: PendingCall[] = [];
    for (const call of this.#reactor.getDelayedCalls()) {
      if (!this.#seen.has(call) && call.getTime() <= now) due.push(call);
      this.#seen.add(call);
    }
    return due;
  }
}

/** Closes what is left open and says what it was, or undefined when nothing is. */
export function removeSelectables(reactor: LifeReactor): DirtyReactorAggregateError | undefined {
  const left = reactor.removeAll();
  if (left.length === 0) return undefined;
  return new DirtyReactorAggregateError(
    `Reactor was unclean.\nSelectables (each made at the place that stands beside it):\n${left.map(describe).join('\n')}\n` +
      'Close each of them before the test is over, and wait until it is closed: return what stopListening() returns.',
  );
}

function describe(thing: PendingCall | LeftSelectable): string {
  const text = String(thing);
  const place = thing.origin === undefined ? '' : String(thing.origin);
  return place === '' || text.includes(place) ? `  ${text}` : `  ${text}, made at ${place}`;
}
