/** Keeps where `fetch` was called: it opens its sockets later, with nothing of the caller on the stack. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { capturePlace, type Place } from './place.js';

let store: AsyncLocalStorage<Place> | undefined;
let original: typeof fetch | undefined;
let patched: typeof fetch | undefined;

/** The place of the fetch in whose context this is called. */
export function currentFetch(): Place | undefined {
  return store?.getStore();
}

/** Begins to watch. */
export function beginFetchWatch(): void {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
  if (descriptor?.configurable !== true) return;
  original = globalThis.fetch;
  const call = original;
  patched = function fetch(...args: Parameters<typeof globalThis.fetch>) {
    store ??= new AsyncLocalStorage();
    return store.run(capturePlace(8, fetch), call, ...args);
  };
  Object.defineProperty(globalThis, 'fetch', { value: patched, configurable: true, enumerable: true, writable: true });
}

/** Ends what `beginFetchWatch` began. */
export function endFetchWatch(): void {
  // One that a test has put in its place, and not taken back, stays.
  if (original !== undefined && globalThis.fetch === patched) globalThis.fetch = original;
  original = patched = undefined;
}
