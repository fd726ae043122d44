import { TestCase } from 'txtrial';
import { runProject } from '../support/project.js';

export class EndingTests extends TestCase {
  static timeout = 60;

  /** Tests of hooks emit `exit` by hand: the process has not ended. */
  async test_an_exit_that_a_test_emits_is_none() {
    const source = `
      import { existsSync } from 'node:fs';
      export class ATests extends TestCase {
        test_1() {
          process.emit('beforeExit', 0);
          process.emit('exit', 0);
          this.assertTrue(existsSync('_trial_lock'));
        }
        async test_2() {
          process.emit('beforeExit', 0);
          await new Promise((done) => setTimeout(done, 5));
          process.emit('beforeExit', 0);
        }
        test_3() {}
      }`;

    const { outcomes, status, stderr } = await runProject(this, source);

    const passed = ['success'];
    this.assertEqual(outcomes, { 'ATests.test_1': passed, 'ATests.test_2': passed, 'ATests.test_3': passed });
    this.assertEqual(stderr, '');
    this.assertEqual(status, 0);
  }

  async test_listeners_of_exit_do_not_let_a_failed_run_pass() {
    for (const listener of ['process.exitCode = 0', 'process.exit(0)', 'process.exit()', 'process.reallyExit(0)']) {
      const source = `
        process.on('exit', () => { ${listener}; });
        export class ATests extends TestCase {
          test_1() { this.fail('no'); }
        }`;

      for (const way of ['--supervise', '--no-supervise']) {
        const { status } = await runProject(this, source, way);
        this.assertEqual(status, 1, `${listener} ${way}`);
      }
    }
  }

  async test_listeners_of_exit_may_make_a_run_fail() {
    const source = `
      process.on('exit', () => { process.exitCode = 3; });
      export class ATests extends TestCase {
        test_1() {}
      }`;

    for (const way of ['--supervise', '--no-supervise']) {
      const { status } = await runProject(this, source, way);
      this.assertEqual(status, 3, way);
    }
  }

  async test_what_a_listener_of_exit_throws_is_told() {
    const source = `
      process.on('exit', () => {
        console.error('the last line');
        throw new RangeError('nobody hears of it');
      });
      export class ATests extends TestCase {
        test_1() {}
      }`;

    for (const way of ['--supervise', '--no-supervise']) {
      const { status, stderr, outcomes } = await runProject(this, source, way);
      this.assertEqual(outcomes, { 'ATests.test_1': ['success'] }, way);
      this.assertSubstring('the last line\n', stderr, way);
      this.assertRegex(
        stderr,
        /after the run was over\.\nRangeError: nobody hears of it\n {4}at .*test_sample\.ts:\d+:/,
        way,
      );
      this.assertEqual(status, 1, way);
    }
  }
}
