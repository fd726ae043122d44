/** What comes after the steps of a test: a look at what they left in the reactor. */
import { Failure } from '../../internet/failure.js';
import { Janitor, type LifeReactor, removeSelectables } from './janitor.js';
import type { LifeOptions } from './life_options.js';
import { soon } from './now.js';
import type { Verdict } from './verdict.js';

/** Costs three questions when the reactor is clean. */
export class Aftermath {
  readonly #reactor: LifeReactor;
  readonly #uncleanWarnings: boolean;
  readonly #verdict: Verdict;
  #janitor: Janitor | undefined;

  constructor({ reactor, uncleanWarnings }: LifeOptions, verdict: Verdict) {
    this.#reactor = reactor;
    this.#uncleanWarnings = uncleanWarnings;
    this.#verdict = verdict;
  }

  /** The steps are over. Returns whether something is left now. */
  begin(): boolean {
    const reactor = this.#reactor;
    if (reactor.hasDelayedCalls() || reactor.hasSelectables() || reactor.hasCallsFromThreads()) {
      this.#janitor ??= new Janitor(reactor);
    }
    return this.#janitor !== undefined;
  }

  /**
   * Has `goOn(argument)` called when what is left is to have one more turn; called after each turn.
   *
   * @param seconds - How long what was asked to close may take.
   * @returns Whether it will be called.
   */
  waits<A>(seconds: number, goOn: (argument: A) => void, argument: A): boolean {
    if (this.#janitor !== undefined) return this.#janitor.waits(seconds, goOn, argument);
    // It was clean when the steps were over; what they had under way has left something since.
    if (!this.begin()) return false;
    soon(goOn, argument);
    return true;
  }

  cancelCalls(): void {
    this.#addDirty(this.#janitor?.cancelCalls());
  }

  removeSelectables(): void {
    this.#addDirty(removeSelectables(this.#reactor));
  }

  #addDirty(error: Error | undefined): void {
    if (error === undefined) return;
    if (this.#uncleanWarnings) process.emitWarning(error.message, error.name);
    else this.#verdict.addError(new Failure(error), 'leak');
  }
}
