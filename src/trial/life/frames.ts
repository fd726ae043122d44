import { capturedStack, captureStackTrace, NativeError } from '../../internet/native_error.js';

/**
 * The frames of what is going on, as they are now.
 *
 * @param below - The function whose callers are wanted.
 */
export function framesNow(below: (...args: never[]) => unknown): string[] {
  const { stackTraceLimit } = NativeError;
  const asked: { stack?: string } = {};
  NativeError.stackTraceLimit = 50;
  captureStackTrace(asked, below);
  NativeError.stackTraceLimit = stackTraceLimit;
  return (capturedStack(asked) ?? '').split('\n').slice(1);
}
