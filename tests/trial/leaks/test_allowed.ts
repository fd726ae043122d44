import { TestCase } from 'txtrial';
import { runProject } from '../../support/project.js';

const body = `
import net from 'node:net';
export class SampleTests extends TestCase {
  STATICS
  test_a_timer() { setTimeout(() => {}, 5000); }
  test_b_server() { net.createServer().listen(0); }
}
`;
const sample = (statics = '') => body.replace('STATICS', statics);
const both = ['error LeakError', 'error LeakError'];

/** What became of the two tests, and how many leaks were allowed. */
async function run(test: TestCase, source: string, ...args: string[]) {
  const { outcomes, events, status, stderr } = await runProject(test, source, ...args);
  const allowed = events.flatMap((event) => (event.type === 'testFinished' ? (event.allowedLeaks ?? []) : []));
  return { outcomes: Object.values(outcomes).flat(), allowed, status, stderr };
}

export class AllowedLeakTests extends TestCase {
  async test_none_without_a_word() {
    const { outcomes, allowed, status } = await run(this, sample());

    this.assertEqual(outcomes, both);
    this.assertEqual(allowed, []);
    this.assertEqual(status, 1);
  }

  async test_by_the_class() {
    const { outcomes, allowed } = await run(this, sample("static allowLeaks = ['timer'];"));

    this.assertEqual(outcomes, ['success', 'error LeakError']);
    this.assertEqual(allowed, ['timer']);
  }

  async test_by_the_module() {
    const { outcomes, allowed, status } = await run(this, `${sample()}export const allowLeaks = ['timer', 'server'];`);

    this.assertEqual(outcomes, ['success', 'success']);
    this.assertEqual(allowed, ['timer', 'server']);
    this.assertEqual(status, 0);
  }

  async test_by_the_command() {
    const { outcomes, allowed } = await run(this, sample(), '--allow-leaks', 'server');

    this.assertEqual(outcomes, ['error LeakError', 'success']);
    this.assertEqual(allowed, ['server']);
  }

  async test_warnings() {
    const { outcomes, status, stderr } = await run(this, sample(), '--leaks', 'warn');

    this.assertEqual(outcomes, ['success', 'success']);
    this.assertEqual(status, 0);
    this.assertRegex(stderr, /LeakError: A timer is left: setTimeout of 5000 ms, made at \S+test_sample\.ts:\d+:\d+/);
    this.assertRegex(stderr, /LeakError: A server is left listening/);
  }

  async test_unclean_warnings_are_of_these_too() {
    const { outcomes, stderr } = await run(this, sample(), '--unclean-warnings');

    this.assertEqual(outcomes, ['success', 'success']);
    this.assertRegex(stderr, /A timer is left/);
  }

  async test_off() {
    const { outcomes, stderr } = await run(
      this,
      `${sample()}export class ReactorTests extends TestCase { test_call() { reactor.callLater(100, () => {}); } }`,
      '--leaks=off',
    );

    this.assertEqual(outcomes, ['success', 'success', 'success']);
    this.assertEqual(stderr, '');
  }

  async test_nothing_is_watched_when_it_is_off() {
    const source = `import fs from 'node:fs';
      import { isProxy } from 'node:util/types';
      export class SampleTests extends TestCase {
        test_a() { this.assertEqual([isProxy(process.env), isProxy(fs.ReadStream)], [false, false]); }
      }`;

    this.assertEqual((await run(this, source, '--leaks=off')).outcomes, ['success']);
    this.assertEqual((await run(this, source)).outcomes, ['failure FailTest']);
  }

  async test_what_modules_leave_is_counted_at_the_end() {
    const source = `import net from 'node:net';
      net.createServer().listen(0);
      net.createServer().listen(0);
      export const allowLeaks = ['server'];
      export class SampleTests extends TestCase { test_a() {} }`;

    const { outcomes, loadErrors, events, status } = await runProject(this, source);

    this.assertEqual([outcomes, loadErrors, status], [{ 'SampleTests.test_a': ['success'] }, [], 0]);
    const last = events.at(-1);
    this.assertEqual(last?.type === 'runFinished' ? last.allowedLeaks : last, ['server', 'server']);
  }

  async test_an_unknown_mode_is_refused() {
    const { status, stderr } = await runProject(this, sample(), '--leaks', 'maybe');

    this.assertEqual(status, 2);
    this.assertRegex(stderr, /maybe/);
  }
}
