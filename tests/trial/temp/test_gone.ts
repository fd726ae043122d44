import { TestCase } from 'txtrial';
import { runProject } from '../../support/project.js';

const GONE = `
  import { execSync } from 'node:child_process';
  import { existsSync, rmSync } from 'node:fs';
  import { resolve } from 'node:path';
  const directory = resolve('_trial_temp');
  export class Sample extends TestCase {
    test_1_remove() { rmSync(directory, { recursive: true }); }
    test_2_print() { console.log('printed'); throw new Error('wrong'); }
    test_3_path() { this.mktemp(); }
    test_4_after() { this.assertFalse(existsSync(directory)); }
  }`;

/** A test has removed the temporary directory, in which all tests work. */
export class GoneTests extends TestCase {
  async test_it_is_not_made_again_without_its_marker_and_the_tests_go_on() {
    for (const choice of ['--no-supervise', '--supervise']) {
      const { outcomes, events } = await runProject(this, GONE, choice);

      this.assertEqual(outcomes, {
        'Sample.test_1_remove': ['success'],
        'Sample.test_2_print': ['error Error'],
        'Sample.test_3_path': ['error Error'],
        'Sample.test_4_after': ['success'],
      });
      const messages = events
        .flatMap((event) => (event.type === 'testFinished' ? event.outcomes : []))
        .map(({ message }) => message);
      this.assertSubstring('The working directory is gone', messages.join('\n'));
    }
  }
}
