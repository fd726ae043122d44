/** What goes wrong in the context of one test, besides its steps, and what it is warned of. */
import { isInstance } from '../../internet/error_text.js';
import { CancelledError } from '../../internet/errors.js';
import type { Failure } from '../../internet/failure.js';
import type { OutcomeCause, TestId } from '../events/events.js';
import type { Allows, Finding } from '../leaks/conclusion.js';
import { inspectLate } from '../leaks/inspection.js';
import type { Made } from '../leaks/made.js';
import { Trace } from '../waiting/trace.js';
import { currentOwner, noteLate, type Owner } from './attribution.js';
import { type ErrorClass, partOf } from './errors.js';
import { allowance, chargeLeaks } from './left_over.js';
import type { LifeOptions } from './life_options.js';
import type { LivingTest } from './living_test.js';
import { isOfClosing } from './quarantine.js';
import type { TestResult } from './result.js';
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
  made: Made[] | undefined;
  immediates = 0;
  quarantined = false;
  readonly #test: LivingTest;
  readonly #verdict: Verdict;
  readonly #result: TestResult;
  readonly #options: LifeOptions;
  /** Until the test is over; of most tests there is nothing to keep. */
  #trace: Trace | undefined;
  #allows: Allows | undefined;
  #warnings: WarningCollector | undefined;

  constructor(test: LivingTest, verdict: Verdict, result: TestResult, options: LifeOptions) {
    const around = currentOwner();
    this.depth = around === undefined ? 0 : around.depth + 1;
    this.#outerId = around?.testId;
    this.#test = test;
    this.#verdict = verdict;
    this.#result = result;
    this.#options = options;
  }

  get trace(): Trace | undefined {
    if (!this.closed) this.#trace ??= new Trace();
    return this.#trace;
  }

  /** The test is over. */
  close(): void {
    this.closed = true;
    this.#trace = undefined;
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
    if (this.quarantined && isOfClosing(failure.value)) return;
    this.#result.noteTrouble?.(failure);
    this.#verdict.troubles.add(key, { failure, cause });
    if (this.closed) noteLate(this);
  }

  settle(key: object): void {
    this.#verdict.troubles.delete(key);
  }

  reportLate(): void {
    this.#verdict.addLateTroubles();
  }

  reportLateLeaks(): readonly string[] {
    const allowed: string[] = [];
    this.#chargeLeaks(
      inspectLate(this, this.allowsLeak),
      (failure) => this.#result.addError?.(this.#test, failure, 'leak'),
      // The result of a test inside of a test is that test's concern.
      (name) => this.depth === 0 && allowed.push(name),
    );
    return allowed;
  }

  /** Says by what name the test may leave a thing, if it may. */
  get allowsLeak(): Allows {
    this.#allows ??= allowance(this.#test, this.#options, (failure) => this.trouble(failure, failure, 'error'));
    return this.#allows;
  }

  /** Has what was found charged, so far as it is an error. */
  chargeLeaks(findings: readonly Finding[], charge: (failure: Failure) => void): void {
    this.#chargeLeaks(findings, charge, (name) => this.#result.addAllowedLeak?.(this.#test, name));
  }

  #chargeLeaks(
    findings: readonly Finding[],
    charge: (failure: Failure) => void,
    allowed: (name: string) => void,
  ): void {
    // What a step was given up over is left, of course; that it was given up is the one outcome.
    if (this.givenUp !== undefined) return;
    chargeLeaks(findings, this.#options, charge, allowed);
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
