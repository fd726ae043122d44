/** What goes wrong in the context of one test, besides its steps, and what it is warned of. */
import { isInstance } from '../../internet/error_text.js';
import { CancelledError } from '../../internet/errors.js';
import type { Failure } from '../../internet/failure.js';
import type { OutcomeCause, TestId } from '../events/events.js';
import { currentOwner, noteLate, type Owner } from './attribution.js';
import { type ErrorClass, partOf } from './errors.js';
import type { LivingTest } from './living_test.js';
import { STATE, SUPPRESSIONS } from './test_state.js';
import type { Verdict } from './verdict.js';
import { WarningCollector } from './warning_collector.js';
import { type CollectedWarning, isSuppressed } from './warnings.js';

/**
 * Stands for a test in its asynchronous context, also after it is over: what is made there may keep it, and does not keep
 * the rest of the test's life.
 */
export class Account implements Owner {
  readonly depth: number;
  /** Nothing of the test's is to come: what goes wrong now is late. */
  closed = false;
  /** Why a step was given up, if one was: what its cancellation makes go wrong is no news. */
  givenUp: Error | undefined;
  /** Of the test that this one runs inside of. */
  readonly #outerId: TestId | undefined;
  readonly #test: LivingTest;
  readonly #verdict: Verdict;
  #warnings: WarningCollector | undefined;

  constructor(test: LivingTest, verdict: Verdict) {
    const around = currentOwner();
    this.depth = around === undefined ? 0 : around.depth + 1;
    this.#outerId = around?.testId;
    this.#test = test;
    this.#verdict = verdict;
  }

  get place(): string {
    return 'in a test';
  }

  get testId(): TestId | undefined {
    return this.depth === 0 ? this.#test[STATE].id : this.#outerId;
  }

  get warnings(): WarningCollector {
    this.#warnings ??= new WarningCollector();
    return this.#warnings;
  }

  trouble(key: object, failure: Failure, cause: OutcomeCause): void {
    if (this.givenUp !== undefined && isCancellation(failure.value, this.givenUp)) return;
    this.#verdict.troubles.add(key, { failure, cause });
    if (this.closed) noteLate(this);
  }

  settle(key: object): void {
    this.#verdict.troubles.delete(key);
  }

  reportLate(): void {
    this.#verdict.addLateTroubles();
  }

  /** Takes logged and unhandled errors so far, of these classes; all, without classes. */
  flushErrors(errorClasses: readonly ErrorClass[]): Failure[] {
    return this.#verdict.troubles.flush(errorClasses);
  }

  takeWarning(warning: CollectedWarning, show: () => void): void {
    if (isSuppressed(warning, this.#test[SUPPRESSIONS]())) return;
    if (this.closed) show();
    else this.warnings.add(warning, show);
  }

  showWarnings(): void {
    this.#warnings?.showAll();
  }
}

/** Whether an error is what giving up a step made of the work that it waited for. */
function isCancellation(value: unknown, reason: Error): boolean {
  return value === reason || isInstance(value, CancelledError) || partOf(value, 'name') === 'AbortError';
}
