import { className, errorMessage } from '../../internet/error_text.js';
import type { Failure } from '../../internet/failure.js';

/** An error as plain data. */
export interface SerializedError {
  /** The name of its class. */
  readonly errorName: string;
  readonly message: string;
  /** The error, its frames in the user's own lines, its causes in the same form. */
  readonly stack: string;
}

/** Makes plain data of what went wrong, whatever was thrown; what cannot even be read gives an error that says so. */
export function serializeError(failure: Failure): SerializedError {
  try {
    const { value } = failure;
    return { errorName: className(value), message: errorMessage(value), stack: failure.getTraceback() };
  } catch (error) {
    // A getter of the error threw, or a Proxy's trap.
    const message = `An error was thrown that cannot be shown: ${error instanceof Error ? error.message : 'its parts throw'}`;
    return { errorName: 'Error', message, stack: message };
  }
}
