/** Node's own timers and clocks, taken before a test can replace them by fakes. */
import { own } from '../leaks/hush.js';

const { setTimeout, clearTimeout, setImmediate } = globalThis;

export const clearTimer = clearTimeout;

/** Calls `f(argument, second)` in the next turn of the event loop; it is the runner's doing, not a test's. */
export function soon<A, B>(f: (argument: A, second: B) => void, argument?: A, second?: B): NodeJS.Immediate {
  own.making = true;
  const immediate = setImmediate(f as (argument?: A, second?: B) => void, argument, second);
  own.making = false;
  return immediate;
}

/** Calls `f(argument)` after so many milliseconds; it is the runner's doing, not a test's. */
export function setTimer<A>(f: (argument: A) => void, ms: number, argument?: A): NodeJS.Timeout {
  own.making = true;
  const timer = setTimeout(f as (argument?: A) => void, ms, argument);
  own.making = false;
  return timer;
}

/** What keeps the event loop going now, by name. */
export const activeResources: () => string[] = process.getActiveResourcesInfo.bind(process);

/** Milliseconds from some start, never going back. */
export const monotonicMs: () => number = performance.now.bind(performance);

/** Milliseconds since 1970-01-01T00:00:00Z. */
export const epochMs: () => number = Date.now;
