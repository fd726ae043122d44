/** Promises as they were when this module was loaded: a test that puts others in their place stops nobody else. */
const { Promise: NativePromise } = globalThis;
const { then } = NativePromise.prototype;
const resolve = NativePromise.resolve.bind(NativePromise);

export { NativePromise };

/**
 * Has one of the two called with what comes of `thenable`, as `await` does it: later, and once, whatever its `then` does.
 */
export function whenSettled<T>(
  thenable: PromiseLike<T>,
  fulfilled: (value: T) => void,
  rejected: (error: unknown) => void,
): void {
  Reflect.apply(then, resolve(thenable), [fulfilled, rejected]);
}
