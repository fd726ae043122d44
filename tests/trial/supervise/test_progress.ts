import { TestCase } from 'txtrial';
import type { LoadError, OutcomeKind } from '../../../src/trial/events/events.js';
import { Progress } from '../../../src/trial/supervise/progress.js';

const PROBLEM: LoadError = { type: 'loadError', id: 'b.ts', errorName: 'Error', message: 'no', stack: 'Error: no' };

export class ProgressTests extends TestCase {
  readonly #progress = new Progress([['a', '/a.ts', 1], PROBLEM, ['b', '/b.ts'], ['c', '/c.ts', 3]], { flaky: 'warn' });

  #start(id: string): void {
    this.#progress.add({ type: 'testStarted', id, file: `/${id}.ts`, startedAt: 0 });
  }

  #run(id: string, kind: OutcomeKind = 'success'): void {
    this.#start(id);
    this.#progress.add({ type: 'testFinished', id, file: `/${id}.ts`, outcomes: [{ kind }], duration: 0 });
  }

  test_what_is_to_come(): void {
    this.assertEqual(this.#progress.resumed.next, 0);
    this.#run('a');
    this.assertEqual(this.#progress.resumed.next, 1);
    this.#progress.add(PROBLEM);
    this.assertEqual(this.#progress.resumed.next, 2);
    this.#start('b');
    this.assertEqual(this.#progress.running?.id, 'b');
    this.assertEqual(this.#progress.toCome, [['c', '/c.ts', 3]]);
    this.assertEqual(this.#progress.isAtEnd, false);
    this.#run('c');
    this.assertEqual(this.#progress.isAtEnd, true);
    this.assertEqual(this.#progress.running, undefined);
  }

  test_totals(): void {
    this.#run('a');
    this.#progress.add(PROBLEM);
    this.#run('b', 'failure');
    const { successes, errors, failures } = this.#progress.resumed.totals;
    this.assertEqual({ successes, errors, failures }, { successes: 1, errors: 1, failures: 1 });
  }

  test_an_error_that_was_not_planned_moves_nothing(): void {
    this.#run('a');
    this.#progress.add({ ...PROBLEM, message: 'something else' });
    this.assertEqual([this.#progress.resumed.next, this.#progress.totals.errors], [1, 1]);
  }

  test_a_test_that_was_not_planned_moves_nothing(): void {
    this.#run('a');
    this.#run('z');
    this.assertEqual([this.#progress.resumed.next, this.#progress.resumed.passes], [1, 0]);
  }

  test_a_further_pass_has_totals_of_its_own_and_the_problems_again(): void {
    this.#run('a', 'failure');
    this.#progress.add(PROBLEM);
    this.#run('b');
    this.#run('c');
    this.assertEqual(this.#progress.failedPasses, undefined);
    this.#run('a');
    const { next, passes, failedPasses } = this.#progress.resumed;
    this.assertEqual([next, passes, failedPasses, this.#progress.failedPasses], [1, 1, [1], [1]]);
    this.#run('b');
    const { successes, errors, failures } = this.#progress.totals;
    this.assertEqual({ successes, errors, failures }, { successes: 2, errors: 1, failures: 0 });
    this.assertEqual(this.#progress.failedPasses, [1, 2]);
  }
}
