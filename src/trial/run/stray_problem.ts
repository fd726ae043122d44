import type { Failure } from '../../internet/failure.js';
import { explainedError } from '../network/explained_error.js';
import type { SuiteProblem } from './suite.js';

/**
 * An error of the run that is no test's.
 *
 * @param id - What it is charged to: a file, as the user would write it.
 * @param where - A sentence on when it happened.
 */
export function strayProblem(id: string, failure: Failure, where: string): SuiteProblem {
  const { errorName, message, stack } = explainedError(failure);
  return {
    kind: 'problem',
    event: { type: 'loadError', id, errorName, message: `${message}\n${where}`, stack: `${stack}\n${where}` },
    usage: undefined,
  };
}
