/**
 * The frames of what is going on, as they are now.
 *
 * @param below - The function whose callers are wanted.
 */
export function framesNow(below: (...args: never[]) => unknown): string[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const asked: { stack?: string } = {};
  try {
    // A test may have put its own there.
    Reflect.deleteProperty(Error, 'prepareStackTrace');
    Error.stackTraceLimit = 50;
    Error.captureStackTrace(asked, below);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepareStackTrace !== undefined) Error.prepareStackTrace = prepareStackTrace;
  }
  return (asked.stack ?? '').split('\n').slice(1);
}
