/** Work in other threads. */
import { err } from '../log/publisher.js';
import type { Deferred, Settled } from './deferred.js';
import type { FromThread, ModuleFunction } from './thread_message.js';
import { callHere, ThreadPool } from './thread_pool.js';

// Node's own, from before a test can replace it.
const { setImmediate } = globalThis;

let shared: ThreadPool | undefined;

/** @internal Whether this is the thread that the program began in. */
export function onMainThread(): boolean {
  return process.getBuiltinModule('node:worker_threads').isMainThread;
}

/** The pool that `deferToThread` uses, made when it is first asked for; when that was stopped, a new one. */
export function getThreadPool(): ThreadPool {
  if (shared === undefined || shared.stopped) shared = new ThreadPool();
  return shared;
}

/**
 * Calls `f(...args)` in a thread of the pool.
 *
 * The function is sent as source, so it sees none of the variables around it: using one fails with an error that names
 * it. `{ module: import.meta.url, name: 'f' }` calls an export of a module instead, which the thread imports.
 *
 * @param f - The function; it may return a promise.
 * @param args - It is called with structured clones of them, and its result is cloned as well.
 * @returns A Deferred of the result. An error keeps its class's name, message, stack and fields; `Failure.check` matches
 * it by the names of its classes. A thread that dies fails it with ThreadDied, or with the error that killed it.
 * Cancelling takes work back that has not begun; of work that has begun the result is ignored.
 * @example
 * deferToThread((n: number) => { let sum = 0; for (let i = 0; i < n; i++) sum += i; return sum; }, 1e9);
 * @see Twisted, threads.deferToThread
 */
export function deferToThread<A extends readonly unknown[], R>(f: (...args: A) => R, ...args: A): Deferred<Settled<R>>;
export function deferToThread(f: ModuleFunction, ...args: readonly unknown[]): Deferred<unknown>;
export function deferToThread(
  f: ((...args: never[]) => unknown) | ModuleFunction,
  ...args: readonly unknown[]
): Deferred<unknown> {
  return getThreadPool().run(f, args);
}

/**
 * Calls `f(...args)` in a thread of the pool; its result is of no interest, its error is logged.
 *
 * @see Twisted, IReactorInThreads.callInThread
 */
export function callInThread<A extends readonly unknown[]>(
  f: ((...args: A) => unknown) | ModuleFunction,
  ...args: A
): void {
  getThreadPool()
    .run(f, args)
    .addErrback((failure) => err(failure, 'A call in a thread failed:'));
}

/**
 * Calls a function on the main thread, in its next turn. What it throws is logged.
 *
 * @param f - On the main thread a function or `{ module, name }`; in a thread of the pool `{ module, name }`, since a
 * function cannot leave its thread.
 * @param args - What it is called with; from another thread structured clones of them.
 * @throws TypeError for a function in another thread.
 * @see Twisted, IReactorFromThreads.callFromThread
 */
export function callFromThread<A extends readonly unknown[]>(
  f: ((...args: A) => unknown) | ModuleFunction,
  ...args: A
): void {
  const isMainThread = onMainThread();
  if (typeof f !== 'function') {
    const { parentPort } = process.getBuiltinModule('node:worker_threads');
    if (isMainThread) setImmediate(() => void callHere(f, args));
    else parentPort?.postMessage({ type: 'call', f: { module: f.module, name: f.name }, args } satisfies FromThread);
    return;
  }
  if (!isMainThread) {
    throw new TypeError('A function cannot be called from another thread. Pass { module: import.meta.url, name }.');
  }
  setImmediate(() => {
    try {
      f(...args);
    } catch (error) {
      err(error, 'A call from a thread failed:');
    }
  });
}
