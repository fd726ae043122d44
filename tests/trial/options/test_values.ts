import { TestCase } from 'txtrial';
import {
  type ParseValue,
  parseChoice,
  parseCount,
  parseNumber,
  parsePattern,
  parseSeconds,
  parseSeed,
  parseText,
} from '../../../src/trial/options/values.js';
import { UsageError } from '../../../src/trial/usage_error.js';

export class ValuesTests extends TestCase {
  #taken<Value>(parse: ParseValue<Value>, cases: readonly (readonly [text: string, value: Value])[]): void {
    for (const [text, value] of cases) this.assertEqual(parse(text, '--x'), value, text);
  }

  #refused(parse: ParseValue<unknown>, texts: readonly string[]): void {
    for (const text of texts) {
      const error = this.assertRaises(UsageError, parse, text, '--x');
      this.assertSubstring(`'${text}' for --x`, (error as UsageError).message);
    }
  }

  test_seconds(): void {
    this.#taken(parseSeconds, [
      ['0', 0],
      ['5', 5],
      ['0.25', 0.25],
      ['.5', 0.5],
      ['5.', 5],
      ['2147483', 2147483],
    ]);
    this.#refused(parseSeconds, ['', ' ', '-1', '+1', '1e3', '0x10', '5s', 'NaN', 'Infinity', '2147484', '.']);
  }

  test_counts(): void {
    this.#taken(parseCount, [
      ['1', 1],
      ['007', 7],
      ['1000000', 1e6],
    ]);
    this.#refused(parseCount, ['', '0', '-1', '1.5', '1e3', 'x', '99999999999999999999']);
  }

  test_numbers_are_whole_and_may_be_zero(): void {
    this.#taken(parseNumber, [
      ['0', 0],
      ['10', 10],
    ]);
    this.#refused(parseNumber, ['', '-1', '1.5', '1e3', 'x', '99999999999999999999']);
  }

  test_seeds(): void {
    this.#taken(parseSeed, [
      ['1', 1],
      ['179522852366', 179522852366],
    ]);
    this.#refused(parseSeed, ['', '-5', '5x', '1.5', '99999999999999999999']);
    const picked = parseSeed('0', '--x');
    this.assertTrue(Number.isSafeInteger(picked) && picked > 0);
  }

  test_patterns_choices_and_texts(): void {
    this.#taken(parsePattern, [['a|b', /a|b/u]]);
    this.#refused(parsePattern, ['', '(', '[', '\\']);
    this.#taken(parseChoice(['one', 'two']), [['two', 'two']]);
    this.#refused(parseChoice(['one', 'two']), ['', 'On', 'ones']);
    this.#taken(parseText, [['x', 'x']]);
    this.#refused(parseText, ['', ' ']);
  }
}
