import { Failure } from '../../internet/failure.js';
import { charge, currentOwner } from '../life/attribution.js';
import { NetworkRefusedError } from './network_refused_error.js';

/**
 * Makes the error that the caller gets, and that its test has whatever the caller does with it.
 *
 * @param deed - What was wanted: `Connecting to 192.0.2.1:80`.
 */
export function refuse(deed: string): NetworkRefusedError {
  const error = new NetworkRefusedError(deed, refuse);
  charge(currentOwner(), new Failure(error), 'error', error);
  return error;
}
