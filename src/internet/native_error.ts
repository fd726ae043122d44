/** `Error` as it was when this module was loaded: a test that changes it does not change what is said of others. */
const { Error: NativeError } = globalThis;

export { NativeError };

/** Node's own `Error.captureStackTrace`. */
export const captureStackTrace: typeof Error.captureStackTrace = NativeError.captureStackTrace;

/** The text of a stack that `captureStackTrace` has put on an object, whatever `Error.prepareStackTrace` is by now. */
export function capturedStack(holder: { readonly stack?: string } | undefined): string | undefined {
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
