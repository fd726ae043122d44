/** An error on its way through callbacks. */
import { inspect } from 'node:util';
import { setFailureMaker } from '../log/failure_shape.js';
import {
  briefErrorText,
  classOf,
  errorHead,
  errorMessage,
  errorText,
  foreignNames,
  isError,
  isInstance,
} from './error_text.js';
import { capturedStack, captureStackTrace } from './native_error.js';

/** A class of errors, as `check` and `trap` take it. */
export type ErrorClass<E = unknown> = abstract new (...args: never[]) => E;

/** Where a traceback can be printed to. */
export interface TracebackSink {
  write(text: string): unknown;
}

const FAILURE_MARK = Symbol.for('txtrial.Failure');

/**
 * Holds an error that happened, whatever was thrown, until somebody deals with it.
 *
 * Errbacks are given a Failure and not the bare error, so that a result is told from an error even when a program uses
 * error objects as results.
 *
 * @example
 * d.addErrback((failure) => {
 *   failure.trap(ConnectionRefusedError);
 *   return 'nobody listens there';
 * });
 * @see Twisted, failure.Failure
 */
export class Failure {
  /** The error: an Error, or whatever was thrown. */
  readonly value: unknown;

  // A value that is no Error has no stack, so the Failure keeps where it was made.
  readonly #made: { readonly stack?: string } | undefined;

  /**
   * @param error - What went wrong. Another Failure is copied; a value that is no Error is kept as it is. Without an
   * argument the Failure holds an Error that says so.
   */
  constructor(...error: [error?: unknown]) {
    const value = error.length === 0 ? new Error('A Failure was made without an error.') : error[0];
    if (isFailure(value)) {
      this.value = value.value;
      this.#made = #made in value ? value.#made : undefined;
    } else {
      this.value = value;
      if (!isError(value)) {
        const made: { stack?: string } = {};
        captureStackTrace(made, new.target);
        this.#made = made;
      }
    }
  }

  /** The class of the error; undefined for null and undefined. */
  get type(): ErrorClass | undefined {
    return classOf(this.value);
  }

  /**
   * The first of the classes that the error is an instance of.
   *
   * An error that came from a worker thread is matched by the names of its classes.
   *
   * @param errorClasses - Classes, or names of classes.
   * @returns The class or name as it was given, or undefined when none matches.
   * @see Twisted, Failure.check
   */
  check<C extends ErrorClass | string>(...errorClasses: readonly C[]): C | undefined {
    return errorClasses.find((wanted) => this.#matches(wanted));
  }

  /**
   * Goes on when the error is an instance of one of the classes, else throws it.
   *
   * @param errorClasses - Classes, or names of classes.
   * @returns The class or name that matched.
   * @throws The error itself when none matches.
   * @see Twisted, Failure.trap
   */
  trap<C extends ErrorClass | string>(...errorClasses: readonly C[]): C {
    const matched = this.check(...errorClasses);
    if (matched === undefined) throw this.value;
    return matched;
  }

  /** What the error says, without the name of its class. */
  getErrorMessage(): string {
    return errorMessage(this.value);
  }

  /**
   * The error with its message first, then the frames in the user's own sources, then its causes in the same form.
   *
   * @param options - `all` keeps the frames of Node and of this package.
   */
  getTraceback(options: { readonly all?: boolean } = {}): string {
    return errorText(this.value, { stack: capturedStack(this.#made), ...options });
  }

  /** The error in few words: class and message, then a line `file:line:column:function` for each frame; no causes. */
  getBriefTraceback(): string {
    return briefErrorText(this.value, capturedStack(this.#made));
  }

  /**
   * Writes the traceback.
   *
   * @param stream - Where to; stderr by default.
   */
  printTraceback(stream: TracebackSink = process.stderr): void {
    stream.write(`${this.getTraceback()}\n`);
  }

  /** Throws the error. */
  raiseException(): never {
    throw this.value;
  }

  /** `[Failure instance: TypeError: what it says]`. */
  toString(): string {
    return `[Failure instance: ${errorHead(this.value)}]`;
  }

  get [FAILURE_MARK](): true {
    return true;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  #matches(wanted: ErrorClass | string): boolean {
    const { value } = this;
    if (typeof wanted !== 'string') {
      return isInstance(value, wanted) || foreignNames(value).includes(wanted.name);
    }
    if (foreignNames(value).includes(wanted)) return true;
    for (let type = classOf(value); typeof type === 'function'; type = Object.getPrototypeOf(type)) {
      if (type.name === wanted) return true;
    }
    return false;
  }
}

/** Whether `value` is a Failure, of this copy of the package or of another one. */
export function isFailure(value: unknown): value is Failure {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return (value as { [FAILURE_MARK]?: unknown })[FAILURE_MARK] === true;
  } catch {
    // A Proxy whose traps throw is none.
    return false;
  }
}

setFailureMaker((error) => new Failure(error));
