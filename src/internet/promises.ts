/** Promises as they were when this module was loaded: a test that puts others in their place stops nobody else. */
const { Promise: NativePromise } = globalThis;
const { then } = NativePromise.prototype;
const resolve = NativePromise.resolve.bind(NativePromise);

export { NativePromise };

/** `promise.then(fulfilled, rejected)`, whatever a test has put on promises. */
export function thenOf<T, R, E>(
  promise: Promise<T>,
  fulfilled: ((value: T) => R | PromiseLike<R>) | null | undefined,
  rejected: ((error: unknown) => E | PromiseLike<E>) | null | undefined,
): Promise<R | E> {
  return Reflect.apply(then, promise, [fulfilled, rejected]) as Promise<R | E>;
}

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
