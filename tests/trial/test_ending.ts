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
        test_2() {}
      }`;

    const { outcomes, status, stderr } = await runProject(this, source);

    this.assertEqual(outcomes, { 'ATests.test_1': ['success'], 'ATests.test_2': ['success'] });
    this.assertEqual(stderr, '');
    this.assertEqual(status, 0);
  }
}
