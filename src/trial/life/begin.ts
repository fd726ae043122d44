/** A life outside of a suite: what `TestCase.run(result)` does. */
import { Deferred } from '../../internet/deferred.js';
import { CancelledError } from '../../internet/errors.js';
import type { Failure } from '../../internet/failure.js';
import { Life, type LifeOptions } from './life.js';
import type { LivingTest } from './living_test.js';
import type { TestResult } from './result.js';
import { STATE } from './test_state.js';
import { Deadline } from './timeouts.js';
import { beginWatch } from './watch.js';

/** Runs a test; the Deferred fires when it is over, and cancelling it interrupts the test. */
export function beginLife(test: LivingTest, result: TestResult): Deferred<void> {
  const deadline = new Deadline();
  // Errors without a test are somebody else's, if a run is on; else they are this test's.
  const endWatch = beginWatch((failure: Failure, cause) => result.addError?.(test, failure, cause));
  const options: LifeOptions = test[STATE].options ?? {
    deadline,
    reactor: undefined,
    uncleanWarnings: false,
    turnBeforeVerdict: false,
    collectGarbage: undefined,
  };
  const done = new Deferred<void>(() => life.interrupt(new CancelledError(`${test.id()} was cancelled.`)));
  const life = new Life(test, result, options, () => {
    deadline.close();
    endWatch();
    done.callback();
  });
  life.start();
  return done;
}
