import type { Failure } from '../../internet/failure.js';
import type { ErrorClass } from './errors.js';

/**
 * Says that a test is expected to fail, and why.
 *
 * @see Twisted, twisted.trial.unittest.Todo
 */
export class Todo {
  /** Shown with the outcome; may be empty. */
  readonly reason: string;
  /** The errors that are expected; undefined: every one. */
  readonly errors: readonly ErrorClass[] | undefined;

  /**
   * @param reason - Shown with the outcome; may be empty.
   * @param errors - Only errors of these classes are expected; without them every error is.
   */
  constructor(reason: string, errors?: readonly ErrorClass[]) {
    this.reason = reason;
    this.errors = errors;
  }

  /** Whether a test that ends with this failure ends as expected. */
  expected(failure: Failure): boolean {
    return this.errors === undefined || failure.check(...this.errors) !== undefined;
  }
}

/**
 * Makes a Todo of what a `todo` attribute holds.
 *
 * @param value - Text, a Todo, `{ reason, errors }`, or anything else (then it is the reason; `true` has none).
 */
export function makeTodo(value: unknown): Todo {
  if (value instanceof Todo) return value;
  if (typeof value === 'object' && value !== null && ('reason' in value || 'errors' in value)) {
    const { reason, errors } = value as { readonly reason?: unknown; readonly errors?: unknown };
    return new Todo(reasonText(reason ?? ''), errors === undefined || errors === null ? undefined : classes(errors));
  }
  return new Todo(reasonText(value));
}

/** The text of a `skip` or `todo` attribute that is set. */
export function reasonText(value: unknown): string {
  return value === true ? '' : String(value);
}

function classes(errors: unknown): readonly ErrorClass[] {
  const list: readonly unknown[] = Array.isArray(errors) ? errors : [errors];
  for (const item of list) {
    if (typeof item !== 'function') {
      throw new TypeError(`The errors of a todo must be error classes, not ${String(item)}.`);
    }
  }
  return list as readonly ErrorClass[];
}
