import { TestCase } from 'txtrial';
import { isCi } from '../../../src/trial/options/is_ci.js';

export class IsCiTests extends TestCase {
  test_it_is_unless_the_variable_is_absent_empty_or_says_no(): void {
    for (const CI of [undefined, '', '0', 'false']) this.assertFalse(isCi({ CI }), `CI=${CI}`);
    for (const CI of ['1', 'true', 'woodpecker']) this.assertTrue(isCi({ CI }), `CI=${CI}`);
  }
}
