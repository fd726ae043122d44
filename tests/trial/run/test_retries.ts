import { TestCase } from 'txtrial';
import type { TestFinished } from 'txtrial/reporter';
import { type ProjectRun, runProject } from '../../support/project.js';

/** `test_b` fails until it is run for the `times`th time. */
const flaky = (times: number, body = 'throw new Boom("early")') => `let runs = 0;
export class SampleTests extends TestCase {
  own = 0;
  test_a() {}
  async test_b() { await null; if (++this.own > 1) throw new Error('used twice'); if (++runs < ${times}) { ${body}; } }
  test_c() {}
}`;

export class RetriesTests extends TestCase {
  async test_a_test_that_passes_when_it_is_run_again_is_flaky(): Promise<void> {
    const run = await runProject(this, flaky(3), '--retries', '5');

    const test = finished(run, 'test_b');
    this.assertEqual(test.flaky, true);
    this.assertEqual(test.outcomes, [{ kind: 'success' }]);
    this.assertEqual(kinds(test), ['error', 'error', 'success']);
    this.assertEqual(run.totals?.flaky, 1);
    this.assertEqual(run.totals?.successes, 3);
    this.assertEqual(run.totals?.errors, 0);
  }

  async test_it_is_one_test(): Promise<void> {
    const run = await runProject(this, flaky(2), '--retries', '1');

    this.assertEqual(run.started, ['SampleTests.test_a', 'SampleTests.test_b', 'SampleTests.test_c']);
    this.assertEqual(run.events.filter(({ type }) => type === 'testFinished').length, 3);
    this.assertEqual(finished(run, 'test_a').attempts, undefined);
  }

  async test_attempts_say_what_differed(): Promise<void> {
    const run = await runProject(this, flaky(2), '--retries', '1', '-z', '9');

    const [first, second] = finished(run, 'test_b').attempts ?? [];
    const order = run.started.map((id) => `test_sample.${id}`);
    const position = order.indexOf('test_sample.SampleTests.test_b') + 1;
    this.assertEqual(first?.after, order[position - 2]);
    this.assertEqual(second?.after, 'test_sample.SampleTests.test_b');
    this.assertEqual([first?.position, second?.position], [position, position]);
    this.assertEqual([first?.seed, second?.seed], [9, 9]);
    this.assertGreater(first?.duration ?? 0, 0);
  }

  async test_a_test_that_never_passes_fails_once(): Promise<void> {
    const run = await runProject(this, flaky(99), '--retries', '2', '--flaky', 'warn');

    const test = finished(run, 'test_b');
    this.assertEqual(test.flaky, undefined);
    this.assertEqual(kinds(test), ['error', 'error', 'error']);
    this.assertEqual(run.totals?.errors, 1);
    this.assertEqual(run.totals?.flaky, undefined);
    this.assertEqual(run.status, 1);
  }

  async test_what_comes_late_counts_with_its_attempt(): Promise<void> {
    const body = 'void Promise.resolve().then(() => { throw new Boom("late"); })';
    const run = await runProject(this, flaky(2, body), '--retries', '1');

    this.assertEqual(kinds(finished(run, 'test_b')).at(-1), 'success');
    this.assertEqual(finished(run, 'test_b').flaky, true);
    this.assertEqual(
      run.events.filter(({ type }) => type === 'verdictAmended'),
      [],
    );
  }

  async test_a_skip_does_not_take_the_failure_away(): Promise<void> {
    const source = `let runs = 0; export class SampleTests extends TestCase {
      test_b() { if (++runs > 1) throw new SkipTest('why'); throw new Boom(); }
    }`;
    const run = await runProject(this, source, '--retries', '3');

    this.assertEqual(run.outcomes, { 'SampleTests.test_b': ['error Boom'] });
    this.assertEqual(kinds(finished(run, 'test_b')), ['error', 'skip']);
  }

  async test_a_flaky_test_fails_the_run_where_that_is_wanted(): Promise<void> {
    const error = await runProject(this, flaky(2), '--retries', '1', '--flaky=error');
    const warn = await runProject(this, flaky(2), '--retries', '1', '--flaky=warn');

    this.assertEqual([error.status, warn.status], [1, 0]);
  }

  async test_until_failure_ends_with_a_flaky_test_that_counts(): Promise<void> {
    const run = await runProject(this, flaky(2), '--retries', '1', '--until-failure', '--flaky=error');

    this.assertEqual(run.started.length, 3);
    this.assertEqual(run.totals?.flaky, 1);
  }

  async test_exitfirst_waits_for_the_retries(): Promise<void> {
    const passed = await runProject(this, flaky(2), '--retries', '1', '--exitfirst');
    const failed = await runProject(this, flaky(9), '--retries', '1', '--exitfirst');

    this.assertEqual([passed.started.length, failed.started.length], [3, 2]);
  }
}

function finished({ events }: ProjectRun, name: string): TestFinished {
  const event = events.find((each) => each.type === 'testFinished' && each.id.endsWith(`.${name}`));
  if (event?.type !== 'testFinished') throw new Error(`${name} has not finished.`);
  return event;
}

function kinds({ attempts = [] }: TestFinished): string[] {
  return attempts.map(({ outcomes }) => outcomes[0]?.kind ?? 'none');
}
