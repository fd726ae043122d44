import { runInNewContext } from 'node:vm';
import { TestCase } from 'txtrial';
import { AlreadyCalledError, CancelledError, Failure, isFailure } from 'txtrial/internet';

class ShelfError extends RangeError {}

export class FailureTests extends TestCase {
  test_it_holds_the_error_and_knows_its_class(): void {
    const error = new ShelfError('no such shelf');
    const failure = new Failure(error);

    this.assertIs(failure.value, error);
    this.assertIs(failure.type, ShelfError);
    this.assertEqual(failure.getErrorMessage(), 'no such shelf');
    this.assertEqual(String(failure), '[Failure instance: ShelfError: no such shelf]');
  }

  test_what_looks_like_a_frame_in_a_message_is_shown_once(): void {
    const error = new ShelfError('made\n    at shelf (/shelf.ts:1:2)\nand used');

    const text = new Failure(error).getTraceback();

    this.assertEqual(text.split('/shelf.ts:1:2').length, 2);
    this.assertRegex(text, /and used\n {4}at .*test_failure\.ts:\d+/);
  }

  test_check_gives_the_first_class_that_fits(): void {
    const failure = new Failure(new ShelfError());

    this.assertIs(failure.check(TypeError, RangeError, ShelfError), RangeError);
    this.assertIs(failure.check(TypeError), undefined);
    this.assertEqual(failure.check('ShelfError'), 'ShelfError');
  }

  test_trap_throws_the_error_when_no_class_fits(): void {
    const error = new ShelfError();
    const failure = new Failure(error);

    this.assertIs(failure.trap(ShelfError), ShelfError);
    this.assertIs(
      this.assertRaises(ShelfError, () => failure.trap(TypeError)),
      error,
    );
    this.assertRaises(ShelfError, () => failure.raiseException());
  }

  test_what_is_no_error_is_kept_as_it_is_with_the_place_it_was_found(): void {
    const failure = new Failure('just text');

    this.assertEqual([failure.value, failure.type, failure.getErrorMessage()], ['just text', String, 'just text']);
    this.assertRegex(failure.getTraceback(), /^String: just text\n.*test_failure\.ts:\d+/);
    this.assertEqual([new Failure(undefined).value, new Failure(null).type], [undefined, undefined]);
  }

  test_of_another_failure_the_error_is_taken(): void {
    const inner = new Failure(new ShelfError());

    this.assertIs(new Failure(inner).value, inner.value);
  }

  test_the_traceback_has_the_message_then_the_users_frames_then_the_causes(): void {
    const error = new ShelfError('outer', { cause: new TypeError('inner', { cause: 'a text' }) });

    const text = new Failure(error).getTraceback();

    this.assertRegex(
      text,
      /^ShelfError: outer\n +at .*test_failure\.ts:.*\nCaused by: TypeError: inner\n.*\nCaused by: String: a text$/s,
    );
    this.assertNotSubstring('node:', text);
  }

  test_causes_that_go_in_a_circle_end(): void {
    const error = new Error('round');
    error.cause = new Error('and round', { cause: error });

    this.assertRegex(new Failure(error).getTraceback(), /Caused by: Error: round \(shown above\)$/);
  }

  test_errors_that_are_gathered_are_all_shown(): void {
    const text = new Failure(new AggregateError([new ShelfError('one'), 'two'], 'both')).getTraceback();

    this.assertRegex(text, /^AggregateError: both\n.*\n {2}\[0\] ShelfError: one\n.*\n {2}\[1\] String: two$/s);
  }

  test_the_brief_form_has_a_line_a_frame_and_no_causes(): void {
    const text = new Failure(new ShelfError('brief', { cause: new Error('left out') })).getBriefTraceback();

    this.assertRegex(text, /^ShelfError: brief\n\S+test_failure\.ts:\d+:\d+:\S+/);
    this.assertNotSubstring('left out', text);
  }

  test_it_prints_its_traceback(): void {
    const written: string[] = [];

    new Failure(new Error('printed')).printTraceback({ write: (text: string) => written.push(text) });

    this.assertRegex(written.join(''), /^Error: printed\n(.*\n)+$/);
  }

  test_an_error_that_cannot_be_read_is_shown_all_the_same(): void {
    const boom = {
      get(): never {
        throw new RangeError('not to be read');
      },
    };
    for (const key of ['message', 'stack', 'name', 'cause', 'constructor']) {
      const failure = new Failure(Object.defineProperty(new TypeError('shy'), key, boom));
      const texts = [failure.getErrorMessage(), String(failure), failure.getTraceback(), failure.getBriefTraceback()];
      for (const text of texts) this.assertRegex(text, key === 'message' ? /cannot be read/ : /shy/);
    }
  }

  test_an_error_of_another_realm_is_an_error(): void {
    const failure = new Failure(runInNewContext('new TypeError("elsewhere")'));

    this.assertEqual(String(failure), '[Failure instance: TypeError: elsewhere]');
  }

  test_it_is_recognised_by_its_mark(): void {
    this.assertEqual(
      [isFailure(new Failure(1)), isFailure({ [Symbol.for('txtrial.Failure')]: true }), isFailure(new Error())],
      [true, true, false],
    );
  }

  test_error_classes_have_a_name_and_a_code(): void {
    const error = new CancelledError('gone');

    this.assertEqual(
      [error.name, error.code, new AlreadyCalledError() instanceof CancelledError],
      ['CancelledError', 'TXTRIAL_CancelledError', false],
    );
  }
}
