import { Deferred } from '../../internet/deferred.js';
import { type ErrorClass as ErrorClassOf, type Failure, isFailure } from '../../internet/failure.js';
import { capturedStack, captureStackTrace } from '../../internet/native_error.js';
import { isDeferred, isThenable } from '../../internet/thenable.js';
import type { ErrorClass } from '../life/errors.js';
import { Assertions, classNames, makeFailure } from './assertions.js';
import { show } from './show.js';

/**
 * The assertions that look at functions that throw and at Deferreds.
 *
 * @see Twisted, twisted.trial.unittest.TestCase: same names and return values.
 */
export class DeferredAssertions extends Assertions {
  /**
   * Fails unless `f(...args)` throws an error of the class, or of one of the classes.
   *
   * @returns The error.
   */
  assertRaises<E, A extends readonly unknown[]>(
    classes: ErrorClassOf<E> | readonly ErrorClassOf<E>[],
    f: (...args: A) => unknown,
    ...args: A
  ): E {
    return raised(this, classes, () => f(...args), this.assertRaises);
  }

  /**
   * Fails unless `f(...args)` throws an error of the class, or of one of the classes, whose message matches.
   *
   * @param pattern - Matched anywhere in the message; a string is the source of a regular expression.
   * @returns The error.
   */
  assertRaisesRegex<E, A extends readonly unknown[]>(
    classes: ErrorClassOf<E> | readonly ErrorClassOf<E>[],
    pattern: RegExp | string,
    f: (...args: A) => unknown,
    ...args: A
  ): E {
    const error = raised(this, classes, () => f(...args), this.assertRaisesRegex);
    const message = error instanceof Error ? error.message : String(error);
    if (message.search(pattern) >= 0) return error;
    const text = `The message ${show(message)} does not match ${String(pattern)}.`;
    throw causedBy(error, makeFailure(this, text, undefined, this.assertRaisesRegex));
  }

  /**
   * Expects a Deferred or Promise to fail with an error of one of the classes.
   *
   * @param deferred - It is given callbacks; a Promise is made a Deferred.
   * @param classes - At least one: without any, every error is refused.
   * @returns A Deferred that fires with the error; return it from the test, or add callbacks that look at the error. It
   * fails with the class's `failureException` when there is no error, or another one.
   */
  assertFailure<E>(
    deferred: Deferred<unknown> | Deferred<never> | PromiseLike<unknown>,
    ...classes: readonly ErrorClassOf<E>[]
  ): Deferred<E> {
    // Unread, it costs little; the callbacks run where the test's own lines are no longer on the stack.
    const place: { stack?: string } = {};
    captureStackTrace(place, this.assertFailure);
    const expected = classNames(classes);
    const refuse = (text: string, cause?: unknown): never => {
      const error = makeFailure(this, text, undefined, this.assertFailure);
      const stack = capturedStack(place) ?? '';
      const frames = stack.slice(stack.indexOf('\n'));
      error.stack = `${error.name}: ${text}${frames}`;
      throw cause === undefined ? error : causedBy(cause, error);
    };
    const watched: Deferred<unknown> = isDeferred(deferred) ? deferred : Deferred.fromPromise(deferred);
    return watched.addCallbacks(
      (value) => refuse(`${expected} expected, but the Deferred ${outcome(value)}`),
      (failure) => {
        if (failure.check(...classes) !== undefined) return failure.value as E;
        return refuse(`${expected} expected, but the Deferred ${outcome(failure)}`, failure.value);
      },
    ) as Deferred<E>;
  }

  /**
   * The result of a Deferred that has fired already; the Deferred then holds undefined.
   *
   * Fails when it has no result yet, or a failure.
   */
  successResultOf<T>(deferred: Deferred<T>): T {
    const result = takeResult(deferred);
    if (result === undefined) {
      const text = `A result was expected of ${describe(deferred)}, but it has none yet.`;
      throw makeFailure(this, text, undefined, this.successResultOf);
    }
    const [value] = result;
    if (!isFailure(value)) return value as T;
    const text = `A result was expected of the Deferred, but it ${outcome(value)}`;
    throw causedBy(value.value, makeFailure(this, text, undefined, this.successResultOf));
  }

  /**
   * The Failure of a Deferred that has failed already; the Deferred then holds undefined.
   *
   * Fails when it has no result yet, a value, or (if classes are given) an error of none of the classes.
   */
  failureResultOf(deferred: Deferred<unknown> | Deferred<never>, ...classes: readonly ErrorClass[]): Failure {
    const result = takeResult(deferred);
    const wanted = classes.length === 0 ? 'A failure' : `A failure with ${classNames(classes)}`;
    if (result === undefined) {
      const text = `${wanted} was expected of ${describe(deferred)}, but it has no result yet.`;
      throw makeFailure(this, text, undefined, this.failureResultOf);
    }
    const [value] = result;
    if (isFailure(value) && (classes.length === 0 || value.check(...classes) !== undefined)) return value;
    const text = `${wanted} was expected of the Deferred, but it ${outcome(value)}`;
    const error = makeFailure(this, text, undefined, this.failureResultOf);
    throw isFailure(value) ? causedBy(value.value, error) : error;
  }

  /** Fails if a Deferred has a result already. A result that comes later is left alone. */
  assertNoResult(deferred: Deferred<unknown> | Deferred<never>): void {
    if (!isDeferred(deferred)) throw notDeferred(deferred);
    let found: readonly [unknown] | undefined;
    const watched: Deferred<unknown> = deferred;
    watched.addBoth((result) => {
      found = [result];
      return result;
    });
    if (found === undefined) return;
    // What is complained of here is not reported a second time as unhandled.
    watched.addErrback(() => undefined);
    const [value] = found as readonly [unknown];
    throw makeFailure(
      this,
      `No result was expected, but the Deferred has ${outcome(value)}`,
      undefined,
      this.assertNoResult,
    );
  }
}

function raised<E>(
  test: object,
  classes: ErrorClassOf<E> | readonly ErrorClassOf<E>[],
  call: () => unknown,
  assertion: CallableFunction,
): E {
  const list = typeof classes === 'function' ? [classes] : classes;
  let returned: unknown;
  try {
    returned = call();
  } catch (error) {
    if (list.some((one) => error instanceof one)) return error as E;
    const text = `${classNames(classes)} expected, but ${show(error)} was thrown.`;
    throw causedBy(error, makeFailure(test, text, undefined, assertion));
  }
  const hint = isThenable(returned) ? ' Use assertFailure for what fails later.' : '';
  const text = `${classNames(classes)} expected, but nothing was thrown: ${show(returned)} was returned.${hint}`;
  throw makeFailure(test, text, undefined, assertion);
}

/** Takes the result of a Deferred, if it is there; what comes later is swallowed, as in Twisted. */
function takeResult(deferred: Deferred<unknown> | Deferred<never>): readonly [unknown] | undefined {
  if (!isDeferred(deferred)) throw notDeferred(deferred);
  let found: readonly [unknown] | undefined;
  const watched: Deferred<unknown> = deferred;
  watched.addBoth((result) => {
    found = [result];
  });
  return found;
}

function notDeferred(value: unknown): TypeError {
  const what = isThenable(value) ? 'a Promise, whose result can only be awaited' : show(value);
  return new TypeError(`A Deferred is needed here, not ${what}.`);
}

/** What a Deferred has come to, as the end of a sentence. */
function outcome(result: unknown): string {
  if (!isFailure(result)) return `fired with ${show(result)}.`;
  return `failed with ${result.type?.name ?? 'an error'}: ${result.getErrorMessage()}`;
}

function describe(deferred: unknown): string {
  return `the ${String(deferred)}`.replace(/^the <?(.*?)>?$/s, '$1');
}

function causedBy(cause: unknown, error: Error): Error {
  error.cause ??= cause;
  return error;
}
