/** `Error` as it was when this module was loaded: a test that changes it does not change what is said of others. */
const { Error: NativeError } = globalThis;

export { NativeError };

/** Node's own `Error.captureStackTrace`. */
export const captureStackTrace: typeof Error.captureStackTrace = NativeError.captureStackTrace;

/** A stack, whose text is made when it is asked for. */
export interface Captured {
  readonly stack?: string;
}

/**
 * Keeps the stack of now, whatever `Error.stackTraceLimit` is.
 *
 * @param called - It and what it calls are left out.
 * @param frames - How many are kept.
 */
export function captureStack(
  called: ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown),
  frames: number,
): Captured {
  const captured: Captured = {};
  const limit = NativeError.stackTraceLimit;
  NativeError.stackTraceLimit = frames;
  captureStackTrace(captured, called);
  NativeError.stackTraceLimit = limit;
  return captured;
}

/** The text of a stack that `captureStackTrace` has put on an object, whatever `Error.prepareStackTrace` is by now. */
export function capturedStack(holder: Captured | undefined): string | undefined {
  if (holder === undefined) return undefined;
  const { prepareStackTrace } = NativeError;
  if (prepareStackTrace === undefined) return holder.stack;
  Reflect.deleteProperty(NativeError, 'prepareStackTrace');
  try {
    return holder.stack;
  } finally {
    NativeError.prepareStackTrace = prepareStackTrace;
  }
}
