/** Messages and errors, from whoever has something to say to whoever wants to hear it. */
import { inspect } from 'node:util';
import { currentContext } from './context.js';
import { type FailureLike, failureOf, isFailureLike } from './failure_shape.js';

/** One logged message or error. */
export interface LogEvent {
  /** Seconds since 1970-01-01T00:00:00Z, with a fraction. */
  readonly time: number;
  /** Which part of the program speaks; `-` when it does not say. */
  readonly system: string;
  /** The text: of a message its parts, of an error what `why` says and the error's own message. */
  readonly message: string;
  /** Whether it was logged by `err`. */
  readonly isError: boolean;
  /** The error, when an Error or a Failure was logged. A logged text has none. */
  readonly failure?: FailureLike;
  /** What was being done when the error happened. */
  readonly why?: string;
  /** Whatever else the context holds, see `callWithContext`. */
  readonly [key: string]: unknown;
}

/** Is called with each event. What it throws is reported to the other observers. */
export type LogObserver = (event: LogEvent) => void;

// Taken when this is loaded: a test may put a fake clock in its place.
const { now: epochMs } = Date;

// Replaced, never changed: an observer may add or remove one while an event is handed round.
let observers: readonly LogObserver[] = [];

/**
 * Has `observer` called with every event from now on; one that is added twice is called twice.
 *
 * @see Twisted, log.addObserver
 */
export function addObserver(observer: LogObserver): void {
  if (typeof observer !== 'function') {
    throw new TypeError(`Cannot observe the log with ${inspect(observer)}. Pass a function that takes an event.`);
  }
  observers = [...observers, observer];
}

/** Ends what one `addObserver` began. An observer that is not there is ignored. */
export function removeObserver(observer: LogObserver): void {
  const index = observers.indexOf(observer);
  if (index !== -1) observers = observers.toSpliced(index, 1);
}

/**
 * Logs a message.
 *
 * @param parts - Put together with spaces; what is not a string is shown as `console.log` shows it.
 * @see Twisted, log.msg
 */
export function msg(...parts: readonly unknown[]): void {
  if (observers.length === 0) return;
  publish({ ...now(), message: textOf(parts), isError: false });
}

/**
 * Logs an error.
 *
 * Under `trial` an Error or Failure that is logged fails the running test, unless the test takes it by
 * `flushLoggedErrors`; a text does not. As long as nobody observes the log, errors go to stderr with their traceback.
 *
 * @param error - An Error or a Failure; anything else is logged as text.
 * @param why - What was being done when it happened; stands before the error's own message.
 * @see Twisted, log.err
 */
export function err(error?: unknown, why?: string): void {
  const event = { ...now(), isError: true, ...(why === undefined ? undefined : { why }) };
  const failure = isFailureLike(error) ? error : isError(error) ? failureOf(error) : undefined;
  const text = failure?.getErrorMessage() ?? (error === undefined && why !== undefined ? '' : textOf([error]));
  const message = why === undefined ? text : text === '' ? why : `${why} ${text}`;
  publish(failure === undefined ? { ...event, message } : { ...event, message, failure });
}

/** The text that a log file or a terminal shows for an event: an error's with its traceback. */
export function eventText(event: LogEvent): string {
  if (event.failure === undefined) return event.message;
  const traceback = event.failure.getTraceback();
  return event.why === undefined ? traceback : `${event.why}\n${traceback}`;
}

function now(): { readonly time: number; readonly system: string } {
  const context = currentContext();
  return { ...context, time: epochMs() / 1000, system: context.system ?? '-' };
}

function textOf(parts: readonly unknown[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : inspect(part))).join(' ');
}

function isError(value: unknown): value is Error {
  // Errors of another realm (a vm context, a worker) are no instances of this realm's Error.
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
  } catch {
    // A Proxy whose traps throw.
    return false;
  }
}

function publish(event: LogEvent): void {
  if (observers.length === 0) {
    if (event.isError) process.stderr.write(`${eventText(event)}\n`);
    return;
  }
  let broken: { readonly observer: LogObserver; readonly error: unknown }[] | undefined;
  for (const observer of observers) {
    try {
      observer(event);
    } catch (error) {
      broken ??= [];
      broken.push({ observer, error });
    }
  }
  // Only when everybody has heard of the event itself.
  if (broken !== undefined) for (const { observer, error } of broken) reportBroken(observer, error);
}

/** Tells the others that an observer threw. The broken one is left out, and what they throw in turn goes to stderr. */
function reportBroken(broken: LogObserver, error: unknown): void {
  const why = `Log observer ${broken.name || '(without a name)'} threw:`;
  const failure = isFailureLike(error) ? error : failureOf(isError(error) ? error : new Error(inspect(error)));
  const event = { ...now(), message: `${why} ${failure.getErrorMessage()}`, isError: true, failure, why };
  const others = observers.filter((observer) => observer !== broken);
  if (others.length === 0) process.stderr.write(`${eventText(event)}\n`);
  for (const observer of others) {
    try {
      observer(event);
    } catch (second) {
      process.stderr.write(`Log observer ${observer.name || '(without a name)'} threw: ${inspect(second)}\n`);
    }
  }
}
