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
  startTest?(test: object): void;
  stopTest?(test: object): void;
  addSuccess?(test: object): void;
  addFailure?(test: object, failure: Failure, cause?: OutcomeCause): void;
  addError?(test: object, failure: Failure, cause?: OutcomeCause): void;
  addSkip?(test: object, reason: string): void;
  addExpectedFailure?(test: object, failure: Failure, todo: Todo, cause?: OutcomeCause): void;
  addUnexpectedSuccess?(test: object, todo: Todo): void;
  /** The test left something behind that `name`, a kind or a package, allows. It was closed. */
  addAllowedLeak?(test: object, name: string): void;
}
