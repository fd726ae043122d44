import { once } from 'node:events';
import { type CollectedWarning, suppress, TestCase } from 'txtrial';
import { OutcomeTestCase } from '../../support/outcomes.js';

export class WarningTests extends OutcomeTestCase {
  test_flushing_takes_those_so_far() {
    process.emitWarning('first', 'Strange');
    process.emitWarning('second', { type: 'DeprecationWarning', code: 'DEP1', detail: 'more' });
    process.emitWarning(Object.assign(new Error('third'), { name: 'Stranger' }));

    const flushed = this.flushWarnings();

    this.assertEqual(
      flushed.map(({ category, message, code, detail }) => [category, message, code, detail]),
      [
        ['Strange', 'first', undefined, undefined],
        ['DeprecationWarning', 'second', 'DEP1', 'more'],
        ['Stranger', 'third', undefined, undefined],
      ],
    );
    this.assertSubstring('test_warning_watch.ts', String(flushed[0]?.stack));
    this.assertEqual(this.flushWarnings(), []);
  }

  test_without_a_category() {
    process.emitWarning('plain');

    this.assertEqual(this.flushWarnings()[0]?.category, 'Warning');
  }

  @suppress({ category: 'Noise' }, { message: /^known/ })
  test_what_is_suppressed_is_not_flushed() {
    process.emitWarning('x', 'Noise');
    process.emitWarning('known trouble');
    process.emitWarning('known trouble', 'Other');
    process.emitWarning('unknown', 'Other');

    this.assertEqual(
      this.flushWarnings().map(({ message }) => message),
      ['unknown'],
    );
  }

  async test_each_test_has_its_own() {
    let inner: CollectedWarning[] = [];
    process.emitWarning('outer');

    await this.outcomes((test) => {
      process.emitWarning('inner');
      inner = test.flushWarnings();
    }, 'success');

    this.assertEqual([inner[0]?.message, this.flushWarnings()[0]?.message], ['inner', 'outer']);
  }

  async test_a_listener_of_the_tests_own_hears_them() {
    const heard = once(process, 'warning');

    process.emitWarning('hello', 'SilentWarning');

    const [warning] = await heard;
    this.assertEqual((warning as Error).message, 'hello');
  }
}

export class AssertWarnsTests extends OutcomeTestCase {
  test_it_returns_what_the_function_does_and_takes_the_warning() {
    const result = this.assertWarns(
      'Strange',
      'hello',
      (n: number) => {
        process.emitWarning('hello', 'Strange');
        return n;
      },
      7,
    );

    this.assertEqual(result, 7);
    this.assertEqual(this.flushWarnings(), []);
  }

  async test_otherwise_it_fails() {
    const warn = (category: string, message: string) => () => process.emitWarning(message, category);

    await this.outcomes((test) => test.assertWarns('A', 'x', () => {}), 'failure FailTest');
    await this.outcomes((test) => test.assertWarns('A', 'x', warn('B', 'x')), 'failure FailTest');
    await this.outcomes((test) => test.assertWarns('A', 'x', warn('A', 'y')), 'failure FailTest');
    await this.outcomes((test) => test.assertWarns('A', /^x/, warn('A', 'xy')), 'success');
  }

  async test_earlier_warnings_stay() {
    process.emitWarning('before', 'Strange');

    this.assertWarns('Strange', 'during', () => process.emitWarning('during', 'Strange'));

    this.assertEqual(
      this.flushWarnings().map(({ message }) => message),
      ['before'],
    );
  }
}

/** Types: a class may have the attribute as well. */
export class SuppressingClassTests extends TestCase {
  static suppress = [{ category: 'Noise' }];

  test_it() {
    process.emitWarning('x', 'Noise');

    this.assertEqual(this.flushWarnings(), []);
  }
}
