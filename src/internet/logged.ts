/** How code of the user's is called that must not stop what goes on. */
import { err } from '../log/publisher.js';
import { Failure } from './failure.js';

/** Calls `f`; what it throws is logged. */
export function logged(f: () => void): void {
  try {
    f();
  } catch (error) {
    err(new Failure(error));
  }
}
