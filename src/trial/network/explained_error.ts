import type { Failure } from '../../internet/failure.js';
import { type SerializedError, serializeError } from '../events/serialize_error.js';
import { explainPortInUse } from './port_in_use.js';

/** An error as plain data; of a port in use it says who has it. */
export function explainedError(failure: Failure): SerializedError {
  const error = serializeError(failure);
  const why = explainPortInUse(failure.value);
  if (why === undefined) return error;
  return { ...error, message: `${error.message}\n${why}`, stack: `${error.stack}\n${why}` };
}
