import { TestCase } from 'txtrial';
import { runProject, startProject } from '../../support/project.js';

export class RunTests extends TestCase {
  async test_each_test_has_a_fresh_instance_made_before_the_run() {
    const { outcomes, started } = await runProject(
      this,
      `
      let made = 0;
      export class Sample extends TestCase {
        made = ++made;
        test_a() { this.assertEqual(made, 2); this.assertEqual(this.made, 1); this.mark = 1; }
        test_b() { this.assertEqual(this.made, 2); this.assertNotIn('mark', this); }
      }`,
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['success'], 'Sample.test_b': ['success'] });
    this.assertEqual(started, ['Sample.test_a', 'Sample.test_b']);
  }

  async test_what_a_constructor_throws_is_an_error_of_its_test() {
    const { outcomes, status } = await runProject(
      this,
      `
      export class Sample extends TestCase {
        constructor(name: string) { super(name); if (name === 'test_b') throw new Boom(); }
        test_a() {} test_b() {}
      }`,
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['success'], 'Sample.test_b': ['error Boom'] });
    this.assertEqual(status, 1);
  }

  async test_a_constructor_that_forgets_the_name_does_no_harm() {
    const { outcomes } = await runProject(
      this,
      `export class Sample extends TestCase { constructor() { super(); } test_a() {} test_b() { this.fail(); } }`,
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['success'], 'Sample.test_b': ['failure FailTest'] });
  }

  async test_a_run_method_of_its_own_is_called() {
    const { outcomes } = await runProject(
      this,
      `
      export class Sample extends TestCase {
        ran = false;
        override run(result) { this.ran = true; return super.run(result); }
        test_a() { this.assertTrue(this.ran); reactor.callLater(100, () => {}); }
        async test_b() { this.assertTrue(this.ran); }
      }`,
    );

    this.assertEqual(outcomes, {
      'Sample.test_a': ['error DirtyReactorAggregateError'],
      'Sample.test_b': ['success'],
    });
  }

  async test_errors_of_the_last_test_are_waited_for_a_turn() {
    const { outcomes, status } = await runProject(
      this,
      `export class Sample extends TestCase { test_a() { void Promise.reject(new Boom()); } }`,
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['error Boom'] });
    this.assertEqual(status, 1);
  }

  async test_a_late_failure_of_a_deferred_is_reported_at_the_end_of_the_run() {
    const { outcomes, totals } = await runProject(
      this,
      `
      const made: Deferred<void>[] = [];
      export class Sample extends TestCase {
        test_a() { made.push(new Deferred()); }
        test_b() { this.addCleanup(() => { setImmediate(() => setImmediate(() => made[0].errback(new Boom()))); }); }
      }`,
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['success', 'late error Boom'], 'Sample.test_b': ['success'] });
    this.assertEqual(totals?.errors, 1);
  }

  async test_what_a_module_leaves_failed_is_an_error_of_the_run() {
    const { outcomes, loadErrors, status } = await runProject(
      this,
      `
      const made = new Deferred<void>();
      export class Sample extends TestCase { test_a() { made.errback(new Boom('of nobody')); } }`,
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['success'] });
    this.assertEqual(
      loadErrors.map(({ errorName }) => errorName),
      ['Boom'],
    );
    this.assertSubstring('outside of any test', loadErrors[0]?.message ?? '');
    this.assertEqual(status, 1);
  }

  async test_the_reactor_runs_and_stops_with_the_run() {
    const { outcomes, status, stderr } = await runProject(
      this,
      `
      reactor.callWhenRunning(() => process.stderr.write('started;'));
      reactor.addSystemEventTrigger('before', 'shutdown', () => process.stderr.write('stopped;'));
      export class Sample extends TestCase {
        test_a() { this.assertTrue(reactor.running); return this.assertFailure(reactor.run(), Error); }
      }`,
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['success'] });
    this.assertEqual(status, 0);
    this.assertEqual(stderr, 'started;stopped;');
  }
}

export class StopTests extends TestCase {
  static readonly source = `
    let runs = 0;
    export class Sample extends TestCase {
      test_a() { this.skipTest('why'); }
      test_b() { runs += 1; if (runs === 3) this.fail(); }
      test_c() {}
    }`;

  async test_exit_first() {
    const { started, outcomes } = await runProject(
      this,
      `export class Sample extends TestCase { test_a() { this.skipTest(''); } test_b() { throw new Boom(); } test_c() {} }`,
      '--exitfirst',
    );

    this.assertEqual(started, ['Sample.test_a', 'Sample.test_b']);
    this.assertEqual(outcomes['Sample.test_b'], ['error Boom']);
  }

  async test_until_failure_runs_the_same_module_and_instances_again() {
    const { started, totals, status } = await runProject(this, StopTests.source, '--until-failure');

    this.assertEqual(started.length, 9);
    this.assertEqual([totals?.skips, totals?.failures, totals?.successes], [1, 1, 1]);
    this.assertEqual(status, 1);
  }

  async test_repeat() {
    const { started, totals, status, events } = await runProject(this, StopTests.source, '--repeat', '2');

    this.assertEqual(started.length, 6);
    this.assertEqual([totals?.skips, totals?.successes], [1, 2]);
    this.assertEqual(status, 0);
    this.assertNotIn('failedPasses', events.at(-1) as object);
  }

  async test_a_pass_that_failed_makes_the_run_fail() {
    const source = `let pass = 0;
    export class Sample extends TestCase {
      test_a() { pass += 1; if (pass === 1 || pass === 3) throw new Boom('pass ' + pass); }
      test_b() {}
    }`;
    for (const how of ['--no-supervise', '--supervise']) {
      const { events, totals, status } = await runProject(this, source, '--repeat', '4', how);

      const finished = events.at(-1);
      this.assertEqual([status, totals?.errors, totals?.successes], [1, 0, 2], how);
      this.assertEqual(finished?.type === 'runFinished' && [finished.exitCode, finished.failedPasses], [1, [1, 3]]);
    }
  }

  async test_dry_run() {
    const { outcomes, status } = await runProject(
      this,
      `export class Sample extends TestCase {
        static skip = 'why';
        constructor(name: string) { super(name); throw new Boom(); }
        test_a() {}
      }`,
      '--dry-run',
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['success'] });
    this.assertEqual(status, 0);
  }

  async test_unclean_warnings() {
    const { outcomes, status, stderr } = await runProject(
      this,
      `export class Sample extends TestCase { test_a() { reactor.callLater(100, () => {}); } }`,
      '--unclean-warnings',
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['success'] });
    this.assertEqual(status, 0);
    this.assertSubstring('DirtyReactorAggregateError', stderr);
  }

  async test_the_time_of_all_tests() {
    const { outcomes } = await runProject(
      this,
      `export class Sample extends TestCase {
        test_a() { const timer = setTimeout(() => {}, 10_000); this.addCleanup(() => clearTimeout(timer)); return new Deferred(); }
        test_b() { return new Promise((resolve) => setTimeout(resolve, 100)); }
      }
      Object.assign(Sample.prototype.test_b, { timeout: 10 });`,
      '--timeout',
      '0.05',
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['error TimeoutError'], 'Sample.test_b': ['success'] });
  }

  async test_force_gc() {
    const { outcomes } = await runProject(
      this,
      `
      const refs: WeakRef<object>[] = [];
      export class Sample extends TestCase {
        async test_a() { refs.push(new WeakRef({})); }
        async test_b() { this.assertIs(refs[0].deref(), undefined); }
      }`,
      '--force-gc',
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['success'], 'Sample.test_b': ['success'] });
  }
}

export class InterruptTests extends TestCase {
  async test_the_running_test_is_cleaned_up_and_no_further_one_starts() {
    const run = startProject(
      this,
      `
      export class Sample extends TestCase {
        tearDown() { process.stderr.write('tearDown;'); }
        test_a() {
          this.addCleanup(() => { process.stderr.write('cleanup;'); });
          setTimeout(() => {}, 60_000).unref();
          return new Deferred();
        }
        test_b() {}
      }`,
      [],
      (event, { kill }) => {
        if (event.type === 'testStarted') kill('SIGINT');
      },
    );

    const { outcomes, started, status, stderr, totals } = await run.finished;

    this.assertEqual(started, ['Sample.test_a']);
    this.assertEqual(outcomes, { 'Sample.test_a': ['error InterruptedError'] });
    this.assertEqual(totals?.errors, 1);
    this.assertEqual(status, 130);
    this.assertEqual(stderr, 'cleanup;tearDown;');
  }
}

export class WaitTests extends TestCase {
  async test_waits_for_nothing_are_reported_one_by_one() {
    const { outcomes, status } = await runProject(
      this,
      `export class Sample extends TestCase {
        test_a() { return new Deferred(); }
        test_b() { return new Promise(() => {}); }
        test_c() { this.addCleanup(() => new Deferred()); }
        tearDown() { return new Promise(() => {}); }
        test_d() {}
        test_e() { return new Deferred(); }
      }`,
    );

    const one = ['error TimeoutError'];
    const two = ['error TimeoutError', 'error TimeoutError'];
    this.assertEqual(outcomes, {
      'Sample.test_a': two,
      'Sample.test_b': two,
      'Sample.test_c': two,
      'Sample.test_d': one,
      'Sample.test_e': two,
    });
    this.assertEqual(status, 1);
  }
}
