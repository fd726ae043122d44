/** Node's own timers and clocks, taken before a test can replace them by fakes. */

export const { setTimeout: setTimer, clearTimeout: clearTimer, setImmediate: soon } = globalThis;

/** What keeps the event loop going now, by name. */
export const activeResources: () => string[] = process.getActiveResourcesInfo.bind(process);

/** Milliseconds from some start, never going back. */
export const monotonicMs: () => number = performance.now.bind(performance);

/** Milliseconds since 1970-01-01T00:00:00Z. */
export const epochMs: () => number = Date.now;
