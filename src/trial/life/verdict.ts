/** What becomes of one test: judges how its steps ended, and tells a TestResult. */
import { isInstance } from '../../internet/error_text.js';
import { Failure } from '../../internet/failure.js';
import type { OutcomeCause } from '../events/events.js';
import { chargedIn, type ErrorClass, isAssertion, SkipTest } from './errors.js';
import type { LivingTest } from './living_test.js';
import type { TestResult } from './result.js';
import { STATE } from './test_state.js';
import type { Todo } from './todo.js';
import { Troubles } from './troubles.js';

export class Verdict {
  /** Logged errors and the like, which count once the steps are over. */
  readonly troubles = new Troubles();
  readonly #test: LivingTest;
  readonly #result: TestResult;
  /** Whether nothing has taken the success away so far. */
  #clean = true;
  /** What was to make the test fail, of one that did not and of which that is still to be told. */
  #passedTodo: Todo | undefined;

  constructor(test: LivingTest, result: TestResult) {
    this.#test = test;
    this.#result = result;
  }

  /** The test is skipped by an attribute, and nothing of it runs. */
  skipped(reason: string): void {
    this.#clean = false;
    this.#result.addSkip?.(this.#test, reason);
  }

  /** The test method is over. */
  testEnded(failure: Failure | undefined, cause: OutcomeCause, todo: Todo | undefined): void {
    if (failure === undefined) {
      this.#passedTodo = todo;
      if (!this.#isSynchronous) this.#addUnexpectedSuccess();
    } else if (this.#isSynchronous && isInstance(failure.value, SkipTest)) {
      this.skipped(failure.getErrorMessage());
    } else if (this.#isExpected(failure, todo)) {
      this.#noted(failure);
      this.#result.addExpectedFailure?.(this.#test, failure, todo, cause);
    } else if (this.#isAssertion(failure)) {
      this.#addFailure(failure);
    } else if (isInstance(failure.value, SkipTest)) {
      this.skipped(failure.getErrorMessage());
    } else {
      this.addError(failure, cause);
    }
  }

  /** The cleanups are over, after which a SynchronousTestCase has its unexpected success. */
  cleanedUp(): void {
    this.#addUnexpectedSuccess();
  }

  /** setUp failed: an error, but in a SynchronousTestCase what it would be in the test. */
  setUpFailed(failure: Failure, cause: OutcomeCause): void {
    if (isInstance(failure.value, SkipTest)) this.skipped(failure.getErrorMessage());
    else this.#fixtureFailed(failure, cause);
  }

  /** tearDown failed: an error, but in a SynchronousTestCase what it would be in the test. */
  tearDownFailed(failure: Failure, cause: OutcomeCause): void {
    if (this.#isSynchronous && isInstance(failure.value, SkipTest)) this.skipped(failure.getErrorMessage());
    else this.#fixtureFailed(failure, cause);
  }

  addError(failure: Failure, cause: OutcomeCause): void {
    this.#noted(failure);
    this.#result.addError?.(this.#test, failure, cause);
  }

  /** The steps are over: what was logged or left unhandled counts now, and if there is nothing at all, the success. */
  reach(): void {
    this.addTroubles();
    if (this.#clean) this.#result.addSuccess?.(this.#test);
  }

  addTroubles(): void {
    if (this.troubles.size === 0) return;
    for (const { failure, cause } of this.troubles.take()) this.addError(failure, cause);
  }

  /** Reports what went wrong after the test was over. */
  addLateTroubles(): void {
    for (const { failure } of this.troubles.take()) this.#result.addError?.(this.#test, failure, 'late');
  }

  get #isSynchronous(): boolean {
    return this.#test[STATE].synchronous;
  }

  #addUnexpectedSuccess(): void {
    if (this.#passedTodo === undefined) return;
    this.#clean = false;
    this.#result.addUnexpectedSuccess?.(this.#test, this.#passedTodo);
    this.#passedTodo = undefined;
  }

  #fixtureFailed(failure: Failure, cause: OutcomeCause): void {
    if (this.#isSynchronous && this.#isAssertion(failure)) this.#addFailure(failure);
    else this.addError(failure, cause);
  }

  #isExpected(failure: Failure, todo: Todo | undefined): todo is Todo {
    return todo !== undefined && this.#asks('todo', () => todo.expected(failure));
  }

  #isAssertion(failure: Failure): boolean {
    const testClass = this.#test.constructor as { readonly failureException?: ErrorClass };
    return this.#asks('failureException', () => isAssertion(failure.value, testClass.failureException));
  }

  /** An attribute of the test that holds no class of errors says no, and is an error of its own. */
  #asks(attribute: string, question: () => boolean): boolean {
    try {
      return question();
    } catch (cause) {
      const { name } = this.#test.constructor;
      const text = `${attribute} of ${name} cannot be used as classes of errors: put error classes there.`;
      this.addError(new Failure(new TypeError(text, { cause })), 'error');
      return false;
    }
  }

  #addFailure(failure: Failure): void {
    this.#clean = false;
    this.#result.addFailure?.(this.#test, failure, 'assertion');
  }

  #noted({ value }: Failure): void {
    this.#clean = false;
    // On the account already: it counts once.
    const charged = this.troubles.size > 0 ? chargedIn(value) : undefined;
    if (charged !== undefined) this.troubles.delete(charged);
  }
}
