/** Looks at what a test left behind in the reactor, and removes it. */
import type { Origin } from '../../internet/origin.js';
import { DirtyReactorAggregateError } from './errors.js';
import { monotonicMs, setTimer, soon } from './now.js';

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
  /** Bytes received and sent so far. */
  readonly traffic?: { readonly in: number; readonly out: number };
  toString(): string;
}

/** What the janitor needs of the reactor. */
export interface LifeReactor {
  seconds(): number;
  /** Whether nothing is open and no call is to come, of whatever kind. */
  isQuiet(): boolean;
  /** Whether any call is to come. */
  hasDelayedCalls(): boolean;
  getDelayedCalls(): readonly PendingCall[];
  /** Whether the next turn has a call to make that is none of these. */
  hasCallsFromThreads(): boolean;
  /** Whether anything is open. */
  hasSelectables(): boolean;
  /** All that is open. */
  getSelectables(): readonly LeftSelectable[];
  /** Whether something was asked to close and is not closed yet. */
  isClosing(): boolean;
  /** Whether something is open that its other end may close: anything but a port. */
  hasConnections(): boolean;
  /** Closes all that is open, tells nobody, and returns what it was. */
  removeAll(): readonly LeftSelectable[];
}

/** However much calls make new ones: after so many turns what is left is left. */
const MOST_TURNS = 20;
/** A connection whose other end is closed needs some turns to hear of it. */
const OPEN_TURNS = 10;
/** What is asked to close is closed within a few turns; after so many it is looked at now and then. */
const CLOSING_TURNS = 50;
const CLOSING_PAUSE_MS = 5;

/**
 * Follows a test that is over until the reactor has had its chances.
 *
 * What was asked to close is waited for, and what is open has some turns to hear that its other end is closed. Then pending
 * calls have the two chances that Twisted gives them: those that were due when the test was over run, and those that these
 * schedule for at once; a third generation is left over.
 */
export class Janitor {
  readonly #reactor: LifeReactor;
  readonly #seen = new Set<PendingCall>();
  #due: readonly PendingCall[];
  #generation = 1;
  #turns = 0;
  #closingTurns = 0;
  #closingUntilMs = 0;

  constructor(reactor: LifeReactor) {
    this.#reactor = reactor;
    this.#due = this.#newlyDue();
  }

  /**
   * Has `goOn(argument)` called when there is something to wait for; called first after one turn of the event loop, and
   * then from `goOn`.
   *
   * @param seconds - How long closing may take.
   * @returns Whether it will be called.
   */
  waits<A>(seconds: number, goOn: (argument: A) => void, argument: A): boolean {
    const reactor = this.#reactor;
    if (reactor.hasSelectables() && this.#mayClose(seconds)) {
      if (this.#closingTurns < CLOSING_TURNS) soon(goOn, argument);
      else setTimer(goOn, CLOSING_PAUSE_MS, argument);
      return true;
    }
    if (!this.#wantsTurn()) return false;
    soon(goOn, argument);
    return true;
  }

  /** Cancels the calls that are left and says what they were, or undefined when there are none. */
  cancelCalls(): DirtyReactorAggregateError | undefined {
    const left = this.#reactor.getDelayedCalls();
    if (left.length === 0) return undefined;
    const lines = left.map(describe);
    for (const call of left) if (call.active()) call.cancel();
    return new DirtyReactorAggregateError(
      `Reactor was unclean.\nDelayedCalls:\n${lines.join('\n')}\n` +
        'Cancel what is to be called later before the test is over: in the test, a cleanup or tearDown.',
    );
  }

  #mayClose(seconds: number): boolean {
    this.#closingTurns += 1;
    if (!this.#reactor.isClosing()) return this.#closingTurns <= OPEN_TURNS && this.#reactor.hasConnections();
    if (this.#closingUntilMs === 0) this.#closingUntilMs = monotonicMs() + seconds * 1000;
    return monotonicMs() < this.#closingUntilMs;
  }

  #wantsTurn(): boolean {
    this.#turns += 1;
    if (!this.#reactor.hasDelayedCalls()) return this.#turns < 2 && this.#reactor.hasCallsFromThreads();
    if (this.#turns > MOST_TURNS) return false;
    if (this.#due.some((call) => call.active())) return true;
    if (this.#generation === 2) return this.#turns < 2;
    this.#generation = 2;
    this.#due = this.#newlyDue();
    return this.#due.length > 0 || this.#turns < 2;
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
  if (!reactor.hasSelectables()) return undefined;
  const left = reactor.removeAll();
  if (left.length === 0) return undefined;
  return new DirtyReactorAggregateError(
    `Reactor was unclean.\nSelectables:\n${left.map(describe).join('\n')}\n` +
      'Close what was opened before the test is over, and wait for it: return what stopListening() returns.',
  );
}

function describe(thing: PendingCall | LeftSelectable): string {
  return thing.origin === undefined ? `  ${thing}` : `  ${thing}, made at ${thing.origin}`;
}
