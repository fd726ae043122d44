/** A life outside of a suite: what `TestCase.run(result)` does. */
import { Deferred } from '../../internet/deferred.js';
import { CancelledError } from '../../internet/errors.js';
import { reactor } from '../../internet/reactor.js';
import { reportLate } from './attribution.js';
import { stopRequested } from './exit_guard.js';
import { LeftBehind } from './left_behind.js';
import { Life } from './life.js';
import type { LifeOptions } from './life_options.js';
import type { LivingTest } from './living_test.js';
import type { TestResult } from './result.js';
import { STATE } from './test_state.js';
import { Deadline } from './timeouts.js';
import { beginWatch } from './watch.js';

/** Runs a test; the Deferred fires when it is over, and cancelling it interrupts the test. */
export function beginLife(test: LivingTest, result: TestResult): Deferred<void> {
  const deadline = new Deadline();
  const endWatch = beginWatch((failure, cause) => result.addError?.(test, failure, cause));
  // Without a reactor that runs nothing of it can fire, nor be waited for.
  const isOutermost = !reactor.running;
  if (isOutermost) reactor.startUnder({ stopRequested });
  const options: LifeOptions = test[STATE].options ?? {
    deadline,
    reactor: new LeftBehind(reactor, { inside: !isOutermost }),
    uncleanWarnings: false,
    leaks: 'error',
    allowLeaks: [],
    turnBeforeVerdict: false,
    collectGarbage: undefined,
  };
  const done = new Deferred<void>(() => life.interrupt(new CancelledError(`${test.id()} was cancelled.`)));
  const life = new Life(test, result, options, () => {
    deadline.close();
    reportLate();
    endWatch();
    if (isOutermost) reactor.endUnder();
    // One that was cancelled has failed already.
    if (!done.called) done.callback();
  });
  life.start();
  return done;
}
