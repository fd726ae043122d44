import type { Failure } from '../../internet/failure.js';
import type { OutcomeCause } from '../events/events.js';
import type { Todo } from './todo.js';

/**
 * Is told what becomes of a test: what `TestCase.run(result)` takes. A member that is left out is not called.
 *
 * Errors may still come after `stopTest`: what turns up late is told as soon as it is known.
 *
 * @see Twisted, twisted.trial.itrial.IReporter: same names and meaning; there `addSkip` and its like take Python's own
 * error tuples as well.
 */
export interface TestResult {
  /** The test begins. */
  startTest?(test: object): void;
  /** The test is over, with all that is told of it at once. */
  stopTest?(test: object): void;
  /** Nothing went wrong. */
  addSuccess?(test: object): void;
  /** An assertion failed. */
  addFailure?(test: object, failure: Failure, cause?: OutcomeCause): void;
  /** Something else went wrong: what, `cause` says. */
  addError?(test: object, failure: Failure, cause?: OutcomeCause): void;
  /** The test was skipped; `reason` may be empty. */
  addSkip?(test: object, reason: string): void;
  /** The test ended as its `todo` says. */
  addExpectedFailure?(test: object, failure: Failure, todo: Todo, cause?: OutcomeCause): void;
  /** The test passed although it has a `todo`. */
  addUnexpectedSuccess?(test: object, todo: Todo): void;
  /** The test left something behind that `name`, a kind or a package, allows. It was closed. */
  addAllowedLeak?(test: object, name: string): void;
  /**
   * Something went wrong besides the steps of the test, and is told when they are over: what can be found out of it only now
   * is found out now.
   *
   * @internal
   */
  noteTrouble?(failure: Failure): void;
}
