import { TestCase } from 'txtrial';
import { Loading } from '../../../src/trial/discover/loading.js';
import { loadErrors, type Run, Sandbox, verdicts } from '../load/sandbox.js';

const IMPORTS = `
import { TestCase } from 'txtrial';
import { Deferred, fail } from 'txtrial/internet';
import * as log from 'txtrial/log';
`;
const PASSES = "import { TestCase } from 'txtrial'; export class FineTests extends TestCase { test_fine() {} }";
const FINE = 'tests.test_z.FineTests.test_fine OK';

/** What cannot be told apart from one run to the next: all in one, as each run of trial takes its time. */
function told(run: Run): string[] {
  return loadErrors(run)
    .map(({ id, errorName, message }) => `${id} ${errorName}: ${message.split('\n')[0]}`)
    .sort();
}

export class LoadingTests extends TestCase {
  /** Runs modules with this code at their top level, by name, beside one that is as it should be. */
  async load(code: Readonly<Record<string, string>>, ...args: string[]): Promise<Run> {
    const files = Object.entries(code).map(([name, text]) => [`tests/test_${name}.ts`, IMPORTS + text]);
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      ...Object.fromEntries(files),
      'tests/test_z.ts': PASSES,
    });
    return project.trial('--no-chdir', ...args, 'tests');
  }

  async test_a_module_may_throw_anything() {
    const run = await this.load({ a: 'throw null;', b: 'throw undefined;', c: 'throw Object.create(null);' });
    this.assertEqual(told(run), [
      'tests/test_a.ts Error: the module threw null, which is no Error',
      'tests/test_b.ts Error: the module threw undefined, which is no Error',
      'tests/test_c.ts Error: the module threw [Object: null prototype] {}, which is no Error',
    ]);
    this.assertEqual(verdicts(run), [FINE]);
  }

  async test_what_a_module_throws_may_throw_when_it_is_looked_at() {
    const run = await this.load({
      a: "const no = () => { throw new Error('no'); }; throw Object.create(null, { code: { get: no }, path: { get: no } });",
      b: "throw new Proxy({}, { getPrototypeOf() { throw new Error('no'); } });",
      c: "class Odd extends Error { get stack(): string { throw new Error('no'); } } throw new Odd('odd');",
      d: 'throw Object.defineProperties(new Error(), { message: { value: 5 }, stack: { value: 7 } });',
      e: "import { runInNewContext } from 'node:vm'; runInNewContext(\"throw new TypeError('of another realm')\");",
    });

    // Newer versions of Node say that it is a Proxy.
    const seen = told(run).map((text) => text.replace('Proxy({})', '{}'));
    this.assertEqual(seen, [
      'tests/test_a.ts Error: the module threw [Object: null prototype] {}, which is no Error',
      'tests/test_b.ts Error: the module threw {}, which is no Error',
      'tests/test_c.ts Odd: odd',
      'tests/test_d.ts Error: 5',
      'tests/test_e.ts TypeError: of another realm',
    ]);
    this.assertEqual([run.status, run.stderr], [1, '']);
    this.assertEqual(verdicts(run), [FINE]);
  }

  async test_errors_that_nobody_takes_are_the_modules_own() {
    const run = await this.load({
      a: "void Promise.reject(new TypeError('rejected'));",
      b: "setImmediate(() => { throw new RangeError('immediate'); });",
      c: "fail(new Error('deferred'));",
      d: "log.err(new Error('logged'));",
      e: "queueMicrotask(() => { throw new Error('microtask'); });",
      f: `export class SlowTests extends TestCase {
        test_slow() { return new Promise((done) => setTimeout(done, 20)); }
      }
      setTimeout(() => { throw new Error('late'); }, 1);`,
    });

    this.assertEqual(told(run), [
      'tests/test_a.ts TypeError: rejected',
      'tests/test_b.ts RangeError: immediate',
      'tests/test_c.ts Error: deferred',
      'tests/test_d.ts Error: logged',
      'tests/test_e.ts Error: microtask',
      'tests/test_f.ts Error: late',
    ]);
    this.assertEqual(verdicts(run), ['tests.test_f.SlowTests.test_slow OK', FINE]);
    this.assertEqual([run.status, run.stderr], [1, '']);
    this.assertSubstring('tests/test_a.ts:5:', loadErrors(run).find(({ id }) => id === 'tests/test_a.ts')?.stack ?? '');
  }

  async test_what_a_test_takes_is_no_error() {
    const run = await this.load({
      a: `const failed = fail(new Error('wanted'));
      export class TakingTests extends TestCase { test_it() { return this.assertFailure(failed, Error); } }`,
      b: "const failed = Promise.reject(new Error('wanted')); setImmediate(() => failed.catch(() => undefined));",
    });

    this.assertEqual([run.status, told(run)], [0, []]);
  }

  async test_ending_the_process() {
    const run = await this.load({
      a: 'process.exit(0);',
      b: 'try { process.abort(); } catch {}',
      c: 'setTimeout(() => process.exit(0), 1); await new Promise((done) => setTimeout(done, 20));',
      d: "process.kill(process.pid, 'SIGTERM');",
    });

    const said = (id: string, call: string) =>
      `tests/test_${id}.ts ForbiddenExitError: ${call} was called by code of tests/test_${id}.ts, outside of any test. It was not done: it would have ended the run.`;
    this.assertEqual(told(run), [
      said('a', 'process.exit(0)'),
      said('b', 'process.abort()'),
      said('c', 'process.exit(0)'),
      said('d', 'process.kill(process.pid, "SIGTERM")'),
    ]);
    this.assertEqual([run.status, verdicts(run)], [1, [FINE]]);
  }

  async test_top_level_await_that_never_ends() {
    const run = await this.load({ a: 'await new Promise(() => undefined);' });

    this.assertEqual(told(run), [
      'tests/test_a.ts TimeoutError: tests/test_a.ts cannot finish loading: it, or a module that it imports, waits (await at top level) for something that nothing can bring about any more.',
    ]);
    this.assertEqual([run.status, verdicts(run)], [1, [FINE]]);
  }

  async test_top_level_await_of_something_that_does_not_come() {
    const timer = setInterval(() => undefined, 1000);
    this.addCleanup(() => clearInterval(timer));
    const loading = new Loading({ timeoutSeconds: 0.01, leaks: 'error' }, undefined, 0.05);
    this.addCleanup(() => loading.end());

    const never = loading.load('tests/test_a.ts', () => new Promise<never>(() => undefined));

    const error = await this.assertFailure(never, Error);
    this.assertEqual(
      String(error),
      'TimeoutError: tests/test_a.ts has not finished loading in 0.05 seconds: it, or a module that it imports, waits (await at top level) for something that does not come.',
    );
  }

  async test_a_short_timeout_of_the_tests_is_not_meant_for_loading() {
    const run = await this.load({ a: 'await new Promise((done) => setTimeout(done, 100));' }, '--timeout=0.01');

    this.assertEqual([run.status, verdicts(run)], [0, [FINE]]);
  }

  async test_top_level_await_of_a_timer_that_keeps_nothing_alive() {
    const run = await this.load({ a: 'await new Promise((done) => setTimeout(done, 5).unref());' });

    // It has no test, and that is all.
    this.assertEqual([run.status, told(run)], [0, []]);
  }

  async test_preloaded_modules() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'setup.ts': "void Promise.reject(new Error('in setup'));",
      'test_z.ts': PASSES,
    });

    const run = await project.trial('--import', './setup.ts', 'test_z.ts');

    this.assertEqual(told(run), ['./setup.ts Error: in setup']);
    this.assertEqual([run.status, verdicts(run)], [1, ['test_z.FineTests.test_fine OK']]);
  }
}

export class DryRunTests extends TestCase {
  async test_a_module_that_does_not_load_is_an_error() {
    const project = new Sandbox(this, { 'test_a.ts': "throw new Error('why');", 'test_z.ts': PASSES });

    const run = await project.trial('--dry-run', 'test_a.ts', 'test_z.ts');

    this.assertEqual([run.status, told(run)], [1, ['test_a.ts Error: why']]);
    this.assertEqual(verdicts(run), ['test_z.FineTests.test_fine OK']);
  }

  async test_a_constructor_that_throws_spoils_the_tests_of_its_class() {
    const project = new Sandbox(this, {
      'test_a.ts': `${PASSES}\nexport class OddTests extends TestCase { a = never(); test_a() {} }\nfunction never() { throw new Error('why'); }`,
    });

    const run = await project.trial('test_a.ts');

    this.assertEqual(verdicts(run), ['test_a.FineTests.test_fine OK', 'test_a.OddTests.test_a error: why']);
  }
}

export class StrayTests extends TestCase {
  async test_of_a_file_without_tests_it_is_all_that_is_said() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'tests/test_a.ts': "Promise.reject(new Error('stray'));",
      'tests/test_b.ts': '',
    });
    for (const selector of ['tests/test_a.ts', 'tests', 'tests/*_a.ts']) {
      const run = await project.trial(selector);

      this.assertEqual([run.status, told(run)], [1, ['tests/test_a.ts Error: stray']]);
    }
    const { stdout } = await project.run({}, 'tests/test_a.ts', 'tests/test_b.ts', '--reporter', 'bwverbose');
    this.assertSubstring('[ERROR]\nNo test is found in tests/test_b.ts', stdout);
  }

  async test_it_comes_after_the_test_that_was_running_under_its_path_as_the_user_writes_it() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'tests/test_a.ts': `import { TestCase } from 'txtrial';
        export class FooTests extends TestCase { test_a() { globalThis.outside(() => { throw new Error('stray'); }); } }`,
      'outside.cjs': `const { AsyncLocalStorage } = require('node:async_hooks');
        const snapshot = AsyncLocalStorage.snapshot();
        globalThis.outside = (f) => snapshot(() => process.nextTick(f));`,
    });
    const env = { NODE_OPTIONS: `--require=${project.path('outside.cjs')}` };

    const run = await project.trialWith(env, 'tests');
    const { stdout } = await project.trialWith(env, 'tests', '--reporter', 'verbose');

    this.assertEqual(
      run.events.map(({ type }) => type),
      ['runStarted', 'testStarted', 'testFinished', 'loadError', 'runFinished'],
    );
    this.assertEqual(told(run), ['tests/test_a.ts Error: stray']);
    this.assertSubstring('while tests.test_a.FooTests.test_a was running', loadErrors(run)[0]?.message ?? '');
    this.assertRegex(stdout, /^ {4}test_a \.\.\. +\[OK\]\ntests\/test_a\.ts \.\.\. +\[ERROR\]\n/m);
  }
}
