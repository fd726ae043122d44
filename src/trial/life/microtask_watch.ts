/**
 * Keeps the context of what a callback of `queueMicrotask` throws.
 *
 * Before Node 24 such an exception arrives without one, alone of all callbacks: it could be charged to nobody.
 */
import { currentOwner, runAs } from './attribution.js';

// Taken before any test can replace it.
const { process } = globalThis;

let original: typeof queueMicrotask | undefined;

/** Begins, where this Node needs it. */
export function beginMicrotaskWatch(): void {
  if (Number.parseInt(process.versions.node, 10) >= 24) return;
  original = globalThis.queueMicrotask;
  globalThis.queueMicrotask = queueInContext;
}

/** Ends what `beginMicrotaskWatch` began. */
export function endMicrotaskWatch(): void {
  if (original === undefined) return;
  // One that a test has put in its place, and not taken back, stays.
  if (globalThis.queueMicrotask === queueInContext) globalThis.queueMicrotask = original;
  original = undefined;
}

function queueInContext(callback: () => void): void {
  const queue = original ?? queueMicrotask;
  const owner = currentOwner();
  if (owner === undefined || typeof callback !== 'function') {
    queue(callback);
    return;
  }
  queue(() => {
    try {
      callback();
    } catch (error) {
      runAs(owner, () => Reflect.apply(process.emit, process, ['uncaughtException', error, 'uncaughtException']));
    }
  });
}
