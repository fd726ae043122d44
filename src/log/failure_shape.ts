/** What logging knows of a Failure: its shape alone, so that this folder imports nothing of the rest. */

/** A Failure as logging sees it. */
export interface FailureLike {
  /** The error itself: an Error, or whatever was thrown. */
  readonly value: unknown;
  /** What the error says. */
  getErrorMessage(): string;
  /** The error with its stack, in several lines. */
  getTraceback(): string;
}

const FAILURE_MARK = Symbol.for('txtrial.Failure');

/** Whether `value` is a Failure, of this copy of the package or of another one. */
export function isFailureLike(value: unknown): value is FailureLike {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return Reflect.get(value, FAILURE_MARK) === true;
  } catch {
    // A Proxy whose traps throw.
    return false;
  }
}

/** Stands in for a Failure in programs that log and use nothing else of this package. */
class BareFailure implements FailureLike {
  readonly value: Error;

  constructor(value: Error) {
    this.value = value;
  }

  getErrorMessage(): string {
    return this.value.message;
  }

  getTraceback(): string {
    return this.value.stack ?? String(this.value);
  }
}

let wrap: (error: Error) => FailureLike = (error) => new BareFailure(error);

/**
 * Says how an error becomes a Failure. The module that holds the class calls it; the arrow between the two folders
 * points the other way, so it cannot be imported from here.
 *
 * @internal
 */
export function setFailureMaker(maker: (error: Error) => FailureLike): void {
  wrap = maker;
}

/** The Failure of an error that was logged. */
export function failureOf(error: Error): FailureLike {
  return wrap(error);
}
