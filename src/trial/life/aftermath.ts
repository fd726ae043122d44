/** What comes after the steps of a test: a look at what they left, in the reactor and besides. */
import { Failure } from '../../internet/failure.js';
import { Closing } from '../leaks/closing.js';
import { isThere, type LeakKind, type Made } from '../leaks/made.js';
import type { Account } from './account.js';
import { Janitor, type LifeReactor, removeSelectables } from './janitor.js';
import { LeftOver, PATIENCE } from './left_over.js';
import type { LifeOptions } from './life_options.js';
import { soon } from './now.js';
import type { Verdict } from './verdict.js';

const CLOSED_BY_REACTOR: ReadonlySet<LeakKind> = new Set<LeakKind>(['server', 'socket', 'udp', 'process']);

/** Of a test that has something open when its steps are over, or has made something that may be. */
export class Aftermath {
  readonly #options: LifeOptions;
  readonly #reactor: LifeReactor;
  readonly #verdict: Verdict;
  readonly #account: Account;
  #leftOver: LeftOver | undefined;
  #janitor: Janitor | undefined;
  /** What Node has made for the reactor, among others. */
  #handles: Set<Made> | undefined;
  /** Of what the reactor had open. */
  #closing: Closing | undefined;

  constructor(options: LifeOptions, verdict: Verdict, account: Account) {
    this.#options = options;
    this.#reactor = options.reactor;
    this.#verdict = verdict;
    this.#account = account;
  }

  /** The steps are over. Returns whether something is left now. */
  begin(): boolean {
    if (!this.#reactor.isQuiet()) {
      this.#janitor ??= new Janitor(this.#reactor);
      this.#keepHandles();
    }
    // Both are asked: what is left at this moment counts.
    if (this.#account.made !== undefined) this.#leftOver ??= new LeftOver(this.#account);
    const isLeft = this.#leftOver?.begin() === true;
    return isLeft || this.#janitor !== undefined;
  }

  /**
   * Has `goOn(argument)` called when what is left is to have one more turn; called after each turn.
   *
   * @param step - Says how long what was asked to close may take.
   * @returns Whether it will be called.
   */
  waits<A>(step: { stepSeconds(): number }, goOn: (argument: A) => void, argument: A): boolean {
    const janitor = this.#janitor;
    const isLeft = this.begin();
    if (janitor === undefined && this.#janitor === undefined && !isLeft) return false;
    // It may have been clean when the steps were over; what they had under way has left something since.
    if (janitor === undefined && this.#janitor !== undefined) {
      soon(goOn, argument);
      return true;
    }
    const seconds = step.stepSeconds();
    if (janitor?.waits(seconds, goOn, argument) === true) return true;
    return isLeft && this.#leftOver?.waits(seconds, goOn, argument) === true;
  }

  /** Closes what is left, but for what the reactor has open. */
  cancelCalls(): void {
    this.#addDirty(this.#janitor?.cancelCalls());
    if (this.#leftOver === undefined) return;
    this.#account.chargeLeaks(this.#leftOver.take(), (failure) => this.#verdict.addError(failure, 'leak'));
  }

  removeSelectables(): void {
    if (this.#reactor.hasSelectables()) {
      const handles = [...(this.#handles ?? [])].filter((made) => isThere(made) && made.place.isOwn);
      // With what they have started: the reactor kills them alone.
      for (const made of handles) if (made.kind === 'process') made.close();
      this.#account.quarantined = true;
      this.#closing = Closing.begin(this.#account, handles, this.#account.allowsLeak, PATIENCE);
    }
    this.#addDirty(removeSelectables(this.#reactor));
  }

  /** Has `goOn(argument)` called while what was removed is still there. */
  waitsForRemoved<A>(goOn: (argument: A) => void, argument: A): boolean {
    if (this.#closing?.waits(goOn, argument) === true) return true;
    this.#closing?.takeNew();
    return false;
  }

  #keepHandles(): void {
    const { made } = this.#account;
    if (made === undefined) return;
    this.#handles ??= new Set();
    for (const thing of made) if (CLOSED_BY_REACTOR.has(thing.kind)) this.#handles.add(thing);
  }

  #addDirty(error: Error | undefined): void {
    const { leaks, uncleanWarnings } = this.#options;
    if (error === undefined || leaks === 'off') return;
    if (uncleanWarnings || leaks === 'warn') process.emitWarning(error.message, error.name);
    else this.#verdict.addError(new Failure(error), 'leak');
  }
}
