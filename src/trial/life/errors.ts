/** The error classes that make an outcome of a test. */
import { isInstance } from '../../internet/error_text.js';

/**
 * An assertion of a test did not hold: its outcome is a failure, not an error.
 *
 * @see Twisted, twisted.trial.unittest.FailTest
 */
export class FailTest extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/**
 * Thrown (or fired) by a test or its `setUp` to say that it is skipped; the message is the reason.
 *
 * @see Twisted, twisted.trial.unittest.SkipTest
 */
export class SkipTest extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/**
 * A test is over and something that it started is not: delayed calls, or ports, connections, processes, readers.
 *
 * @see Twisted, twisted.trial.util.DirtyReactorAggregateError
 */
export class DirtyReactorAggregateError extends Error {
  override get name(): string {
    return 'DirtyReactorAggregateError';
  }
}

/**
 * An error that is on the account of the test from the moment it was made, whatever becomes of it: where it turns up
 * again, it is the same one.
 */
export class ChargedError extends Error {}

/** The error in question, if one of that kind is it or is behind it. */
export function chargedIn(error: unknown): ChargedError | undefined {
  for (const value of withCauses(error)) if (isInstance(value, ChargedError)) return value;
  return undefined;
}

/** Errors wrap others; a cycle of causes must end too. */
const MOST_CAUSES = 10;

/** What was thrown, its cause, the cause of that, and so on. */
export function withCauses(error: unknown): readonly unknown[] {
  const all = [error];
  for (
    let cause = partOf(error, 'cause');
    cause !== undefined && all.length < MOST_CAUSES;
    cause = partOf(cause, 'cause')
  ) {
    all.push(cause);
  }
  return all;
}

/**
 * A test did what would have ended the process or the run: `process.exit()`, `process.abort()`, a fatal signal to itself,
 * `reactor.stop()`. It is not done; this error is thrown at the caller instead and is an outcome of the test.
 */
export class ForbiddenExitError extends ChargedError {
  override get name(): string {
    return 'ForbiddenExitError';
  }
}

/** What a test does that has no effect, told as a warning. */
export class TestWarning extends Error {
  override get name(): string {
    return 'TestWarning';
  }
}

/** The run was interrupted while the test was running: by Ctrl-C, for one. */
export class InterruptedError extends Error {
  override get name(): string {
    return 'InterruptedError';
  }
}

/**
 * Whether an error says that an assertion did not hold: FailTest, the class's own `failureException`, and the errors of
 * node:assert and of libraries like it (`code: 'ERR_ASSERTION'` or `name: 'AssertionError'`).
 */
export function isAssertion(error: unknown, failureException: ErrorClass = FailTest): boolean {
  if (isInstance(error, failureException) || isInstance(error, FailTest)) return true;
  if (partOf(error, 'code') === 'ERR_ASSERTION') return true;
  const name = partOf(error, 'name');
  return name === 'AssertionError' || name === 'FailTest';
}

/** What may be known of an error. */
type ErrorPart =
  | 'address'
  | 'cause'
  | 'code'
  | 'errors'
  | 'killed'
  | 'name'
  | 'path'
  | 'port'
  | 'signal'
  | 'stack'
  | 'syscall';

/** A property of whatever was thrown; undefined when reading it throws. */
export function partOf(error: unknown, key: ErrorPart): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  try {
    return Reflect.get(error, key);
  } catch {
    // A getter, or a Proxy's trap: what it threw says nothing of the error itself.
    return undefined;
  }
}

/** A class of errors, as `instanceof` takes it. */
export type ErrorClass = abstract new (...args: never[]) => unknown;
