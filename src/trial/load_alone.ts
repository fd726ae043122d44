import { Loading } from './discover/loading.js';
import { UsageError } from './usage_error.js';

/**
 * Loads a module of the user's in a process that runs no tests, or before it does: that the module never ends loading is
 * seen, and it cannot end the process.
 *
 * @param seconds - How long it may take, 10 at least; 0: as long as it likes.
 * @throws as `Loading.load` does, and UsageError if something in the module goes wrong that nobody handles.
 */
export async function loadAlone<T>(name: string, load: () => Promise<T>, seconds: number): Promise<T> {
  const loading = new Loading({ timeoutSeconds: seconds, leaks: 'off' });
  try {
    const loaded = await loading.load(name, load);
    await loading.settled();
    const [problem] = loading.takeProblems();
    if (problem === undefined) return loaded;
    const { errorName, message } = problem.event;
    throw new UsageError(`${errorName}: ${message.split('\n', 1)[0]} (nobody handles it)`);
  } finally {
    loading.end();
  }
}
