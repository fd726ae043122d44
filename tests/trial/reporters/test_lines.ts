import { TestCase } from 'txtrial';
import createLinesReporter from '../../../src/trial/reporters/lines.js';
import createTextReporter from '../../../src/trial/reporters/text.js';
import { error, printed, run, test } from './recorded.js';

export class PassTests extends TestCase {
  readonly events = run(test('m.C.test_x', 'success'), test('m.C.test_x', error('last')));

  test_a_line_for_each_pass(): void {
    const text = printed(createLinesReporter, this.events);

    this.assertSubstring('m.C.test_x ... [OK]\nTest Pass 2\nm.C.test_x ... [ERROR]\n', text);
  }

  test_each_pass_has_its_own_line_of_characters(): void {
    this.assertTrue(printed(createTextReporter, this.events).startsWith('.\nTest Pass 2\nE\n'));
  }
}
