/** Where a test is written, for errors of the runner's own: these have no frame in the user's code. */
import type { LivingTest } from './living_test.js';
import { STATE } from './test_state.js';

/** Gives an error that says something of a test the test's method as its only frame, where that is known. */
export function pointAt<E extends Error>(error: E, test: LivingTest): E {
  const { place, methodName } = test[STATE];
  if (place === undefined) return error;
  const { file, line } = place;
  // Without a column: the line is that of the source, and not to be mapped like those of the text that runs.
  const where = line === undefined ? file : `${file}:${line}`;
  error.stack = `${error.name}: ${error.message}\n    at ${test.constructor.name}.${methodName} (${where})`;
  return error;
}
