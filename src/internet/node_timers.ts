/**
 * Node's own timers, as they were when this module was loaded.
 *
 * The reactor and the runner live on these, so a test that puts fake timers in place of the global ones stops neither.
 */
import { performance } from 'node:perf_hooks';

export const setTimer = globalThis.setTimeout;
export const clearTimer = globalThis.clearTimeout;
export const setTicker = globalThis.setInterval;
export const clearTicker = globalThis.clearInterval;
export const soon = globalThis.setImmediate;
export const clearSoon = globalThis.clearImmediate;
export const afterThisCall = process.nextTick;

const readClock = performance.now.bind(performance);
const startedAt = performance.timeOrigin;

/** Seconds since 1970-01-01T00:00:00Z. Unlike `Date.now()` it never goes back, and nobody's fake clock moves it. */
export function secondsNow(): number {
  return (startedAt + readClock()) / 1000;
}
