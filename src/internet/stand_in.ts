/** Puts functions that watch in the place of Node's own. */

/** Of the functions that are replaced. */
// biome-ignore lint/suspicious/noExplicitAny: of any arguments.
export type Method = (...args: any[]) => unknown;

/**
 * Puts another function in the place of one, which looks the same, with the symbol by which `util.promisify` knows its results.
 *
 * @returns What takes it back.
 */
export function standIn(object: object, name: string, watch: (original: Method) => Method): () => void {
  return replace(object, name, (original: Method) => {
    const watched = watch(original);
    for (const key of Reflect.ownKeys(original)) {
      const descriptor = Object.getOwnPropertyDescriptor(original, key);
      if (descriptor !== undefined && key !== 'prototype') Object.defineProperty(watched, key, descriptor);
    }
    return watched;
  });
}

/** Puts another value in the place of one. Returns what takes it back. */
export function replace<T>(object: object, name: string, watch: (original: T) => T): () => void {
  const original = Reflect.get(object, name) as T;
  const watched = watch(original);
  Reflect.set(object, name, watched);
  return () => {
    // One that a test has put in its place, and not taken back, stays.
    if (Reflect.get(object, name) === watched) Reflect.set(object, name, original);
  };
}
