import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TestCase } from 'txtrial';
import { type ProjectRun, runModule, runProject } from '../../support/project.js';

/** Tests whose class has a `run` of its own: planned is reported, whatever that does. */
export class OwnRunTests extends TestCase {
  async test_a_run_that_tells_nothing_is_an_error_of_its_test() {
    const run = await runProject(
      this,
      `
      export class Sample extends TestCase {
        override run(result) { return new Deferred(); }
        test_a() {}
      }
      export class Started extends TestCase {
        override run(result) { result.startTest(this); result.stopTest(this); }
        test_a() {}
      }
      export class Helper extends TestCase {
        run() {}
        test_a() {}
        test_b() {}
      }
      export class Plain extends TestCase { test_z() {} }`,
    );

    this.assertEqual(run.outcomes, {
      'Sample.test_a': ['error TimeoutError'],
      'Started.test_a': ['error Error'],
      'Helper.test_a': ['error Error'],
      'Helper.test_b': ['error Error'],
      'Plain.test_z': ['success'],
    });
    this.#accounts(run);
    this.assertRegex(
      messageOf(run, 'Helper.test_a'),
      /Helper\.test_a reported nothing: Helper has a method run of its own, which trial calls to run the test/,
    );
    this.assertRegex(messageOf(run, 'Sample.test_a'), /Sample\.test_a \(run\) waits for something that can never come/);
  }

  async test_what_it_tells_is_what_became_of_the_test() {
    const run = await runProject(
      this,
      `
      export class Sample extends TestCase {
        override run(result) {
          const name = this.id().split('.').pop().slice(5);
          if (name === 'throws') throw new Boom();
          if (name === 'rejects') return Promise.reject(new Boom());
          if (name === 'skips') return result.addSkip(this, 'not now');
          if (name === 'late') { setTimeout(() => result.addSuccess(this), 5); return new Promise((done) => setTimeout(done, 10)); }
          if (name === 'leaks') { setInterval(() => {}, 1000); result.addSuccess(this); }
          if (name === 'twice') { result.addSuccess(this); result.addSuccess(this); }
          if (name === 'both') { result.addSuccess(this); throw new Boom(); }
        }
        test_throws() {} test_rejects() {} test_skips() {} test_late() {} test_leaks() {} test_twice() {} test_both() {}
      }`,
    );

    this.assertEqual(run.outcomes, {
      'Sample.test_throws': ['error Boom'],
      'Sample.test_rejects': ['error Boom'],
      'Sample.test_skips': ['skip'],
      'Sample.test_late': ['success'],
      'Sample.test_leaks': ['error LeakError'],
      'Sample.test_twice': ['success'],
      'Sample.test_both': ['error Boom'],
    });
    this.#accounts(run);
  }

  async test_a_run_around_that_of_the_base_class() {
    const run = await runProject(
      this,
      `
      const wait = (ms) => new Promise((done) => setTimeout(done, ms));
      export class Sample extends TestCase {
        override async run(result) {
          await wait(1);
          await super.run(result);
          if (this.id().endsWith('again')) await super.run(result);
        }
        async test_passes() { await wait(1); }
        async test_fails() { await wait(1); this.fail(); }
        async test_leaks() { setInterval(() => {}, 1000); }
        test_again() {}
        test_exits() { process.exit(0); }
      }
      export class Unawaited extends TestCase {
        override run(result) { void super.run(result); }
        async test_a() { console.log('a begins'); await wait(30); console.log('a ends'); }
        test_b() { console.log('b'); }
      }`,
    );

    this.assertEqual(run.outcomes, {
      'Sample.test_passes': ['success'],
      'Sample.test_fails': ['failure FailTest'],
      'Sample.test_leaks': ['error LeakError'],
      'Sample.test_again': ['success'],
      'Sample.test_exits': ['error ForbiddenExitError'],
      'Unawaited.test_a': ['success'],
      'Unawaited.test_b': ['success'],
    });
    this.#accounts(run);
    const printed = run.events.flatMap((event) => (event.type === 'output' ? [event.text] : [])).join('');
    this.assertEqual(printed, 'a begins\na ends\nb\n');
  }

  async test_its_time_is_that_of_a_step_and_the_steps_inside_have_their_own() {
    const run = await runProject(
      this,
      `
      const wait = (ms) => new Promise((done) => setTimeout(done, ms));
      export class Sample extends TestCase {
        static timeout = 0.1;
        override run(result) { setInterval(() => {}, 10); return new Promise(() => {}); }
        test_never() {}
      }
      export class Inside extends TestCase {
        timeout = 0.5;
        setUp() { return wait(300); }
        override run(result) { return super.run(result); }
        test_long() { return wait(300); }
        test_too_long() { return wait(2000); }
      }`,
    );

    this.assertEqual(run.outcomes, {
      'Sample.test_never': ['error TimeoutError'],
      'Inside.test_long': ['success'],
      'Inside.test_too_long': ['error TimeoutError'],
    });
    this.#accounts(run);
    this.assertRegex(messageOf(run, 'Sample.test_never'), /Sample\.test_never \(run\) still running at 0\.1 secs/);
    this.assertRegex(messageOf(run, 'Inside.test_too_long'), /Inside\.test_too_long \(test_too_long\) still running/);
  }

  async test_a_test_case_of_another_copy() {
    const copy = resolve(this.mktemp());
    const index = import.meta.resolve('txtrial');
    cpSync(new URL('..', index), join(copy, 'dist'), { recursive: true });
    cpSync(new URL('../../package.json', index), join(copy, 'package.json'));
    const run = await runModule(
      this,
      `
      import { TestCase } from ${JSON.stringify(pathToFileURL(join(copy, 'dist/src/index.js')).href)};
      export class Sample extends TestCase {
        test_a() {}
        async test_b() { await new Promise((done) => setTimeout(done, 5)); }
        test_c() { this.fail('x'); }
        test_d() { setInterval(() => {}, 1000); }
        test_e() { void Promise.reject(new RangeError('e')); }
        test_f() { process.exit(0); }
      }`,
    );

    this.assertEqual(run.outcomes, {
      'Sample.test_a': ['success'],
      'Sample.test_b': ['success'],
      'Sample.test_c': ['failure FailTest'],
      'Sample.test_d': ['error LeakError'],
      'Sample.test_e': ['error RangeError'],
      'Sample.test_f': ['error ForbiddenExitError'],
    });
    this.#accounts(run);
  }

  async test_one_that_blocks_is_cut_off() {
    const run = await runProject(
      this,
      `
      const spin = () => { for (;;); };
      export class Sample extends TestCase {
        static timeout = 0.1;
        override run(result) {
          const name = this.id().split('.').pop().slice(5);
          if (name === 'a') spin();
          if (name === 'c') return new Promise((done) => setTimeout(() => done(super.run(result)), 1));
          return super.run(result);
        }
        tearDown() { console.log('torn down ' + this.id().split('.').pop()); }
        test_a() {}
        test_b() { spin(); }
        test_c() { spin(); }
        test_d() { return new Promise(() => setTimeout(spin, 1)); }
        test_e() {}
      }`,
    );

    this.assertEqual(run.outcomes, {
      'Sample.test_a': ['error TimeoutError'],
      'Sample.test_b': ['error TimeoutError'],
      'Sample.test_c': ['error TimeoutError'],
      'Sample.test_d': ['error TimeoutError'],
      'Sample.test_e': ['success'],
    });
    this.#accounts(run);
    this.assertRegex(messageOf(run, 'Sample.test_a'), /Sample\.test_a \(run\) blocks the event loop/);
    const printed = run.events.flatMap((event) => (event.type === 'output' ? [event.text] : [])).join('');
    this.assertEqual(printed, 'torn down test_b\ntorn down test_c\ntorn down test_d\ntorn down test_e\n');
  }

  /** Each planned test was begun once, and finished once with the outcomes that the totals have. */
  #accounts({ events, totals }: ProjectRun): void {
    const planned = events.flatMap((event) => (event.type === 'runStarted' ? [event.planned] : []));
    const ids = (type: string) => events.flatMap((event) => (event.type === type && 'id' in event ? [event.id] : []));
    this.assertEqual([ids('testFinished').length], planned);
    this.assertEqual(ids('testStarted'), ids('testFinished'));
    this.assertEqual(ids('verdictAmended'), []);
    const outcomes = events.flatMap((event) => (event.type === 'testFinished' ? event.outcomes : []));
    this.assertEqual(outcomes.filter(({ kind }) => kind === 'success').length, totals?.successes);
    this.assertEqual(outcomes.filter(({ kind }) => kind === 'error').length, totals?.errors);
  }
}

function messageOf({ events }: ProjectRun, name: string): string {
  for (const event of events) {
    if (event.type === 'testFinished' && event.id.endsWith(name)) return event.outcomes[0]?.message ?? '';
  }
  return '';
}
