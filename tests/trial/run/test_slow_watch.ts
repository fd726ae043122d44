import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TestCase } from 'txtrial';
import { type ProjectRun, runProject } from '../../support/project.js';

const SLOW = `export class SampleTests extends TestCase {
  test_quick() {}
  async test_waits() { await new Promise((done) => setTimeout(done, 350)); }
  test_blocks() { const end = Date.now() + 150; while (Date.now() < end); }
}`;

export class SlowTests extends TestCase {
  async test_a_test_is_told_of_while_it_runs_and_at_doubling_times(): Promise<void> {
    const run = await runProject(this, SLOW, '--slow', '.1');

    const events = run.events.flatMap((event) =>
      'id' in event ? [`${event.type} ${event.id?.split('.').at(-1)}`] : [],
    );
    const between = events.slice(
      events.indexOf('testStarted test_waits') + 1,
      events.indexOf('testFinished test_waits'),
    );
    this.assertEqual(between, ['testSlow test_waits', 'testSlow test_waits']);
    const [first = 0, second = 0] = this.seconds(run, 'test_waits');
    this.assertGreaterEqual(first, 0.1);
    this.assertGreaterEqual(second, 0.2);
  }

  async test_a_test_that_blocks_the_event_loop_is_told_of_when_it_is_over(): Promise<void> {
    const run = await runProject(this, SLOW, '--slow', '.1');

    this.assertEqual(this.seconds(run, 'test_blocks').length, 1);
    this.assertEqual(this.seconds(run, 'test_quick').length, 0);
  }

  async test_a_wait_that_nothing_can_end_is_still_an_error_at_once(): Promise<void> {
    const never = `export class SampleTests extends TestCase {
  test_never() { setTimeout(() => {}, 150); return new Promise(() => {}); }
}`;
    const run = await runProject(this, never, '--slow', '.1', '--timeout', '30');

    this.assertEqual(this.seconds(run, 'test_never').length, 1);
    const [text = ''] = run.events.flatMap((event) =>
      event.type === 'testFinished' ? event.outcomes.map((outcome) => JSON.stringify(outcome)) : [],
    );
    this.assertSubstring('waits for something that can never come', text);
  }

  async test_notices_are_on_stderr_and_in_the_log(): Promise<void> {
    const directory = resolve(this.mktemp());
    const run = await runProject(this, SLOW, '--slow', '.1', '--temp-directory', directory);

    const notice = /test_sample\.SampleTests\.test_waits has been running for 0\.\d+ s\.$/m;
    this.assertRegex(run.stderr, notice);
    this.assertRegex(readFileSync(join(directory, 'test.log'), 'utf8'), notice);
    this.assertEqual(run.status, 0);
  }

  async test_without_it_nobody_is_told(): Promise<void> {
    const run = await runProject(this, SLOW);

    this.assertEqual(run.stderr, '');
    this.assertEqual(
      run.events.filter(({ type }) => type === 'testSlow'),
      [],
    );
  }

  private seconds({ events }: ProjectRun, name: string): number[] {
    return events.flatMap((event) =>
      event.type === 'testSlow' && event.id.endsWith(`.${name}`) ? [event.seconds] : [],
    );
  }
}
