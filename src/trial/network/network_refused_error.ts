import { captureStackTrace } from '../../internet/native_error.js';
import { ChargedError } from '../life/errors.js';

/** A test wanted to reach another machine under `--network=loopback`. */
export class NetworkRefusedError extends ChargedError {
  readonly code = 'ERR_NETWORK_REFUSED';

  constructor(deed: string, calledFunction: (...args: never[]) => unknown) {
    super(`${deed} is refused: with --network=loopback tests stay on this machine.`);
    captureStackTrace(this, calledFunction);
  }

  override get name(): string {
    return 'NetworkRefusedError';
  }
}
