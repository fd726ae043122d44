import { captureStackTrace } from '../../internet/native_error.js';
import { type ErrorClass, FailTest, SkipTest } from '../life/errors.js';
import { contains, countDifference, isInstance } from './comparisons.js';
import { differenceText } from './diff.js';
import { deepEqual } from './find_unlike.js';
import { cutMiddle, show } from './show.js';

/** What an assertion throws; `message` is the first line of what the user reads. */
export type FailureException = new (message?: string) => Error;

/**
 * The assertions that look at values. Each throws the class's `failureException` and takes an optional last `message`,
 * which then is the first line of the failure's.
 *
 * @see Twisted, twisted.trial.unittest.SynchronousTestCase: same names and return values.
 */
export class Assertions {
  /** What a failed assertion throws; a subclass may have its own. */
  static failureException: FailureException = FailTest;

  /** Fails the test. */
  fail(message?: string): never {
    throw makeFailure(this, message ?? 'The test failed.', undefined, this.fail);
  }

  /**
   * Skips the test from here on: cleanups and tearDown run.
   *
   * @param reason - Shown with the outcome.
   */
  skipTest(reason = ''): never {
    throw new SkipTest(reason);
  }

  /** Fails unless `condition` is true or counts as true. @returns `condition` */
  assertTrue<T>(condition: T, message?: string): T {
    if (!condition) throw this.#failure(`${show(condition)} is not true.`, message, this.assertTrue);
    return condition;
  }

  /** Fails unless `condition` is false or counts as false. @returns `condition` */
  assertFalse<T>(condition: T, message?: string): T {
    if (condition) throw this.#failure(`${show(condition)} is not false.`, message, this.assertFalse);
    return condition;
  }

  /**
   * Fails unless the two are equal: deeply and strictly, as `util.isDeepStrictEqual` has it. @returns `first`
   */
  assertEqual<T>(first: T, second: unknown, message?: string): T {
    if (deepEqual(first, second)) return first;
    throw this.#failure(differenceText(first, second), message, this.assertEqual);
  }

  /** The same as {@link assertEqual}. */
  assertEquals<T>(first: T, second: unknown, message?: string): T {
    if (deepEqual(first, second)) return first;
    throw this.#failure(differenceText(first, second), message, this.assertEquals);
  }

  /** Fails if the two are equal, deeply and strictly. @returns `first` */
  assertNotEqual<T>(first: T, second: unknown, message?: string): T {
    if (!Object.is(first, second) && !deepEqual(first, second)) return first;
    throw this.#failure(`Both are equal to ${show(first)}.`, message, this.assertNotEqual);
  }

  /** Fails unless the two are the same, as `Object.is` has it. @returns `first` */
  assertIdentical<T>(first: T, second: unknown, message?: string): T {
    if (Object.is(first, second)) return first;
    throw this.#failure(notIdentical(first, second), message, this.assertIdentical);
  }

  /** The same as {@link assertIdentical}. */
  assertIs<T>(first: T, second: unknown, message?: string): T {
    if (Object.is(first, second)) return first;
    throw this.#failure(notIdentical(first, second), message, this.assertIs);
  }

  /** Fails if the two are the same, as `Object.is` has it. @returns `first` */
  assertNotIdentical<T>(first: T, second: unknown, message?: string): T {
    if (!Object.is(first, second)) return first;
    throw this.#failure(`Both are the same: ${show(first)}.`, message, this.assertNotIdentical);
  }

  /** The same as {@link assertNotIdentical}. */
  assertIsNot<T>(first: T, second: unknown, message?: string): T {
    if (!Object.is(first, second)) return first;
    throw this.#failure(`Both are the same: ${show(first)}.`, message, this.assertIsNot);
  }

  /** Fails unless `value` is null; undefined is not. */
  assertNull(value: unknown, message?: string): void {
    if (value !== null) throw this.#failure(`${show(value)} is not null.`, message, this.assertNull);
  }

  /** Fails if `value` is null; undefined is not. */
  assertNotNull<T>(value: T, message?: string): asserts value is Exclude<T, null> {
    if (value === null) throw this.#failure('The value is null.', message, this.assertNotNull);
  }

  /**
   * Fails unless `container` holds `containee`: an element of an array, Set or other iterable (equal is enough), a key of
   * a Map or of a plain object, a part of a string or Buffer.
   *
   * @returns `containee`
   */
  assertIn<T>(containee: T, container: unknown, message?: string): T {
    if (contains(container, containee)) return containee;
    throw this.#failure(`${show(containee)} is not in ${show(container)}.`, message, this.assertIn);
  }

  /** Fails if `container` holds `containee`; see {@link assertIn}. @returns `containee` */
  assertNotIn<T>(containee: T, container: unknown, message?: string): T {
    if (!contains(container, containee)) return containee;
    throw this.#failure(`${show(containee)} is in ${show(container)}.`, message, this.assertNotIn);
  }

  /** Fails unless `instance` is one of the class, or of one of the classes; `String` and its like take primitives. */
  assertIsInstance<T>(
    instance: unknown,
    classes: (abstract new (...args: never[]) => T) | readonly (abstract new (...args: never[]) => T)[],
    message?: string,
  ): asserts instance is T {
    if (isInstance(instance, classes)) return;
    const text = `${show(instance)} is not an instance of ${classNames(classes)}.`;
    throw this.#failure(text, message, this.assertIsInstance);
  }

  /** Fails if `instance` is one of the class, or of one of the classes. */
  assertNotIsInstance(instance: unknown, classes: ErrorClass | readonly ErrorClass[], message?: string): void {
    if (!isInstance(instance, classes)) return;
    const text = `${show(instance)} is an instance of ${classNames(classes)}.`;
    throw this.#failure(text, message, this.assertNotIsInstance);
  }

  /** Fails unless the two numbers are at most `tolerance` apart. @returns `first` */
  assertApproximates(first: number, second: number, tolerance: number, message?: string): number {
    if (first === second || Math.abs(first - second) <= tolerance) return first;
    const text = `${first} and ${second} are ${Math.abs(first - second)} apart, more than ${tolerance}.`;
    throw this.#failure(text, message, this.assertApproximates);
  }

  /**
   * Fails unless the difference of the two numbers, rounded to that many decimal places, is zero.
   *
   * @param places - Decimal places, 7 unless told; or `{ delta }`, the greatest difference that is allowed.
   * @returns `first`
   */
  assertAlmostEqual(
    first: number,
    second: number,
    places: number | { readonly delta: number } | string | undefined = 7,
    message?: string,
  ): number {
    const wanted = typeof places === 'string' ? 7 : places;
    const ownMessage = typeof places === 'string' ? places : message;
    const difference = Math.abs(first - second);
    const allowed = typeof wanted === 'number' ? 0.5 * 10 ** -wanted : wanted.delta;
    if (first === second || difference <= allowed) return first;
    const within = typeof wanted === 'number' ? `in ${wanted} decimal places` : `within ${wanted.delta}`;
    const text = `${first} and ${second} are not equal ${within}: they are ${difference} apart.`;
    throw this.#failure(text, ownMessage, this.assertAlmostEqual);
  }

  /** Fails unless `text` holds `substring`. @returns `substring` */
  assertSubstring(substring: string, text: string, message?: string): string {
    if (text.includes(substring)) return substring;
    throw this.#failure(`${show(substring)} is not in ${show(text)}.`, message, this.assertSubstring);
  }

  /** Fails if `text` holds `substring`. @returns `substring` */
  assertNotSubstring(substring: string, text: string, message?: string): string {
    if (!text.includes(substring)) return substring;
    throw this.#failure(`${show(substring)} is in ${show(text)}.`, message, this.assertNotSubstring);
  }

  /** Fails unless `pattern` matches somewhere in `text`. */
  assertRegex(text: string, pattern: RegExp | string, message?: string): void {
    if (text.search(pattern) >= 0) return;
    throw this.#failure(`${show(text)} does not match ${String(pattern)}.`, message, this.assertRegex);
  }

  /** Fails if `pattern` matches somewhere in `text`. */
  assertNotRegex(text: string, pattern: RegExp | string, message?: string): void {
    const found = text.match(
      new RegExp(pattern, typeof pattern === 'string' ? '' : pattern.flags.replace(/[gy]/g, '')),
    );
    if (found === null) return;
    const where = `${show(found[0])} at ${found.index}`;
    throw this.#failure(`${show(text)} matches ${String(pattern)}: ${where}.`, message, this.assertNotRegex);
  }

  /** Fails unless both hold equal elements, each as often, in whatever order. */
  assertCountEqual(first: Iterable<unknown>, second: Iterable<unknown>, message?: string): void {
    const difference = countDifference(first, second);
    if (difference === undefined) return;
    const lines = difference.map(
      ({ value, first, second }) => `  ${show(value)}: ${first} in the first, ${second} in the second`,
    );
    const text = `The elements differ:\n${cutMiddle(lines, 40).join('\n')}`;
    throw this.#failure(text, message, this.assertCountEqual);
  }

  /** Fails unless `first > second`. */
  assertGreater<T extends Comparable>(first: T, second: T, message?: string): void {
    if (first > second) return;
    throw this.#failure(`${show(first)} is not greater than ${show(second)}.`, message, this.assertGreater);
  }

  /** Fails unless `first >= second`. */
  assertGreaterEqual<T extends Comparable>(first: T, second: T, message?: string): void {
    if (first >= second) return;
    const text = `${show(first)} is not greater than or equal to ${show(second)}.`;
    throw this.#failure(text, message, this.assertGreaterEqual);
  }

  /** Fails unless `first < second`. */
  assertLess<T extends Comparable>(first: T, second: T, message?: string): void {
    if (first < second) return;
    throw this.#failure(`${show(first)} is not less than ${show(second)}.`, message, this.assertLess);
  }

  /** Fails unless `first <= second`. */
  assertLessEqual<T extends Comparable>(first: T, second: T, message?: string): void {
    if (first <= second) return;
    const text = `${show(first)} is not less than or equal to ${show(second)}.`;
    throw this.#failure(text, message, this.assertLessEqual);
  }

  #failure(text: string, message: string | undefined, assertion: CallableFunction): Error {
    return makeFailure(this, text, message, assertion);
  }
}

/** What the four assertions of order take. */
export type Comparable = number | bigint | string | Date;

/**
 * Makes the error of a failed assertion: the user's own message first, then what was found. Its stack begins at the
 * caller of `assertion`.
 */
export function makeFailure(
  test: object,
  text: string,
  message: string | undefined,
  assertion: CallableFunction,
): Error {
  const { failureException = FailTest } = test.constructor as { failureException?: FailureException };
  const whole = message === undefined || message === '' ? text : `${message}\n${text}`;
  const error = new failureException(whole);
  captureStackTrace(error, assertion);
  return error;
}

/** The names of one class or several, for a message. */
export function classNames(classes: ErrorClass | readonly ErrorClass[]): string {
  return typeof classes === 'function' ? classes.name : classes.map(({ name }) => name).join(', ') || 'no class';
}

function notIdentical(first: unknown, second: unknown): string {
  if (deepEqual(first, second)) return `The two are equal, but not the same: ${show(first)}.`;
  return differenceText(first, second);
}
