import { TestCase } from 'txtrial';
import { type ProjectRun, runProject, runProjectWith } from '../../support/project.js';

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
  return told(await runProject(test, source, ...args));
}

function told({ outcomes, events, status, stderr }: ProjectRun) {
  const allowed = events.flatMap((event) => (event.type === 'testFinished' ? (event.allowedLeaks ?? []) : []));
  const last = events.at(-1);
  const allowedLate = last?.type === 'runFinished' ? (last.allowedLeaks ?? []) : undefined;
  return { outcomes: Object.values(outcomes).flat(), allowed, allowedLate, status, stderr };
}

/** A package that keeps a timer, and what calls it. */
const PACKAGE = {
  'node_modules/@ann/poems/package.json': '{ "name": "@ann/poems", "type": "module", "exports": "./index.js" }',
  'node_modules/@ann/poems/index.js': 'export const read = () => { setInterval(() => {}, 1000); };',
};
const reader = `
import { read } from '@ann/poems';
export class SampleTests extends TestCase {
  test_a_by_the_package() { read(); }
  test_b_by_the_test() { setTimeout(() => {}, 5000); }
}`;

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

  async test_by_the_method_and_by_all_of_them_together() {
    const source = `${sample("static allowLeaks = 'timer';")}
      (SampleTests.prototype.test_b_server as { allowLeaks?: string }).allowLeaks = 'server';`;

    const { outcomes, allowed } = await run(this, source);

    this.assertEqual(outcomes, ['success', 'success']);
    this.assertEqual(allowed, ['timer', 'server']);
  }

  async test_what_throws_when_it_is_asked_allows_nothing_and_is_an_error() {
    const { outcomes, allowed, status } = await run(
      this,
      `${sample("static get allowLeaks(): string[] { throw new RangeError('no'); }")}
      export class BeforeTests extends TestCase { test_c() {} }`,
      '--allow-leaks',
      'server',
    );

    this.assertEqual(outcomes, ['success', 'error LeakError', 'error RangeError', 'error RangeError']);
    this.assertEqual(allowed, ['server']);
    this.assertEqual(status, 1);
  }

  async test_by_the_configuration() {
    const files = [
      { 'package.json': '{ "type": "module", "trial": { "allowLeaks": ["server", "watcher"] } }' },
      { 'trial.config.ts': "export default { allowLeaks: 'server' };" },
      { 'trial.config.json': '{ "allowLeaks": ["server"] }' },
    ];
    for (const file of files) {
      const { outcomes, allowed } = told(await runProjectWith(this, file, sample()));

      this.assertEqual(outcomes, ['error LeakError', 'success'], Object.keys(file)[0]);
      this.assertEqual(allowed, ['server']);
    }
  }

  async test_the_command_comes_on_top_of_the_configuration() {
    const configuration = { 'trial.config.json': '{ "allowLeaks": "server" }' };

    const { outcomes } = told(await runProjectWith(this, configuration, sample(), '--allow-leaks', 'timer'));

    this.assertEqual(outcomes, ['success', 'success']);
  }

  async test_by_the_name_of_the_package() {
    const configuration = { 'trial.config.json': '{ "allowLeaks": "@ann/poems" }' };
    const runs = [
      told(await runProjectWith(this, { ...PACKAGE, ...configuration }, reader)),
      told(await runProjectWith(this, PACKAGE, reader, '--allow-leaks=@ann/poems')),
      told(await runProjectWith(this, PACKAGE, `${reader} export const allowLeaks = '@ann/poems';`)),
      told(
        await runProjectWith(
          this,
          PACKAGE,
          reader.replace('TestCase {', "TestCase { static allowLeaks = ['@ann/poems'];"),
        ),
      ),
    ];

    for (const { outcomes, allowed } of runs) {
      this.assertEqual(outcomes, ['success', 'error LeakError']);
      this.assertEqual(allowed, ['@ann/poems']);
    }
  }

  async test_an_unusable_configuration_is_refused() {
    const configuration = { 'trial.config.json': '{ "allowLeaks": [3] }' };

    const { status, stderr } = await runProjectWith(this, configuration, sample());

    this.assertEqual(status, 2);
    this.assertSubstring('Cannot use 3 for allowLeaks in trial.config.json', stderr);
  }

  async test_what_is_left_late_is_counted_at_the_end() {
    const source = `
      export class SampleTests extends TestCase {
        static allowLeaks = ['timer'];
        test_a() { void new Promise((done) => reactor.callLater(0, done)).then(() => setImmediate(() => setImmediate(late))); }
        test_b() { return new Promise((done) => { told = done; if (isLate) done(undefined); }); }
      }
      let isLate = false;
      let told = (_: undefined) => {};
      const turns = 30;
      function late(n = turns) {
        if (n > 0) { setImmediate(() => late(n - 1)); return; }
        setInterval(() => {}, 1000);
        isLate = true;
        told(undefined);
      }`;

    const { outcomes, allowed, allowedLate, status } = await run(this, source, '--allow-leaks', 'immediate');

    this.assertEqual(outcomes, ['success', 'success']);
    this.assertEqual([allowed, allowedLate], [['immediate'], ['timer']]);
    this.assertEqual(status, 0);
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
      ALLOWED
      export class SampleTests extends TestCase { test_a() {} }`;
    const configuration = { 'trial.config.json': '{ "allowLeaks": "server" }' };
    const runs = [
      await runProject(this, source.replace('ALLOWED', "export const allowLeaks = ['server'];")),
      await runProject(this, source.replace('ALLOWED', "export const allowLeaks = 'server';")),
      await runProject(this, source.replace('ALLOWED', ''), '--allow-leaks', 'server'),
      await runProjectWith(this, configuration, source.replace('ALLOWED', '')),
    ];

    for (const ran of runs) {
      const { outcomes, loadErrors, status } = ran;
      this.assertEqual([outcomes, loadErrors, status], [{ 'SampleTests.test_a': ['success'] }, [], 0]);
      this.assertEqual(told(ran).allowedLate, ['server', 'server']);
    }
  }

  async test_what_modules_leave_is_a_warning_too() {
    const source = `import net from 'node:net';
      net.createServer().listen(0);
      export class SampleTests extends TestCase { test_a() {} }`;

    for (const option of ['--leaks=warn', '--unclean-warnings']) {
      const { loadErrors, status, stderr } = await runProject(this, source, option);

      this.assertEqual([loadErrors, status], [[], 0], option);
      this.assertRegex(stderr, /LeakError: A server is left listening/);
    }
  }

  async test_an_unknown_mode_is_refused() {
    const { status, stderr } = await runProject(this, sample(), '--leaks', 'maybe');

    this.assertEqual(status, 2);
    this.assertRegex(stderr, /maybe/);
  }
}
