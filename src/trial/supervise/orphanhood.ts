// Taken before any test is loaded.
const { setInterval } = globalThis;
const kill = process.kill.bind(process);

/** While modules load nobody is in a hurry; later the thread that guards against blocked tests looks, too. */
const INTERVAL_MS = 250;

/**
 * Ends this process, and all that it has started, when the one that supervises it is gone: nobody would hear what becomes of
 * the tests.
 */
export function endWith(supervisor: number): void {
  if (process.platform === 'win32') return;
  const look = () => {
    if (process.ppid !== supervisor) kill(-process.pid, 'SIGKILL');
  };
  setInterval(look, INTERVAL_MS).unref();
}
