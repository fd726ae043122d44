import { Loading } from './discover/loading.js';

/**
 * Loads a module of the user's in a process that runs no tests, or before it does: that the module never ends loading is
 * seen, and it cannot end the process.
 *
 * @param seconds - How long it may take, 10 at least; 0: as long as it likes.
 * @throws as `Loading.load` does.
 */
export async function loadAlone<T>(name: string, load: () => Promise<T>, seconds: number): Promise<T> {
  const loading = new Loading({ timeoutSeconds: seconds, leaks: 'off' });
  try {
    return await loading.load(name, load);
  } finally {
    loading.end();
  }
}
