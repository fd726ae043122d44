import { TestCase } from 'txtrial';
import { errorText } from '../../../src/trial/reporters/error_text.js';

const ERROR = {
  errorName: 'RangeError',
  message: 'bad',
  stack: 'RangeError: bad\n    at C.test_x (/a b/x.ts:1:2)\n    at async /y.ts:30:4\n    at file:///z.js:5:6\n',
};

export class ErrorTextTests extends TestCase {
  test_plain_is_the_stack(): void {
    this.assertEqual(errorText(ERROR), ERROR.stack.trimEnd());
  }

  test_emacs_has_places_in_front(): void {
    this.assertEqual(errorText(ERROR, 'emacs').split('\n'), [
      'RangeError: bad',
      '/a b/x.ts:1:2: C.test_x',
      '/y.ts:30:4:',
      '/z.js:5:6:',
    ]);
  }

  test_a_place_may_have_no_column(): void {
    const error = { errorName: 'A', message: 'b', stack: 'A: b\n    at C.test_x (/x.ts:7)' };

    this.assertEqual(errorText(error, 'emacs'), 'A: b\n/x.ts:7: C.test_x');
    this.assertEqual(errorText(error, 'brief'), error.stack);
  }

  test_brief_has_the_first_place(): void {
    this.assertEqual(errorText(ERROR, 'brief'), 'RangeError: bad\n    at C.test_x (/a b/x.ts:1:2)');
  }

  test_errors_without_a_stack(): void {
    this.assertEqual(errorText({ errorName: 'A', message: 'b' }), 'A: b');
    this.assertEqual(errorText({ errorName: 'A', message: '' }, 'brief'), 'A');
    this.assertEqual(errorText({ message: 'b' }), 'b');
  }
}
