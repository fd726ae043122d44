/** `txtrial/internet`: the asynchronous core. Every line re-exports one file; keep them sorted. */
export type { Settled } from './deferred.js';
export { type Canceller, Deferred, execute, fail, isDeferred, isThenable, maybeDeferred, succeed } from './deferred.js';
export { getDebugging, setDebugging } from './deferred_debug.js';
export * from './errors.js';
export { type ErrorClass, Failure, isFailure } from './failure.js';
export type { CallsLater, PendingCall, ReactorTime } from './reactor_time.js';
