import { capturedStack, captureStack } from '../../internet/native_error.js';

const MOST = 50;

/**
 * The frames of what is going on, as they are now.
 *
 * @param below - The function whose callers are wanted.
 */
export function framesNow(below: (...args: never[]) => unknown): string[] {
  return (capturedStack(captureStack(below, MOST)) ?? '').split('\n').slice(1);
}
