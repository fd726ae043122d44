import type { Worker } from 'node:worker_threads';

const TEXT = `process.getBuiltinModule('node:worker_threads').parentPort.once('message', ({ text, data }) => {
  globalThis.eval(text)(data);
});`;

/**
 * Starts a thread that waits to be posted what it is to do: `data`, and as `text` a function of it. A thread takes as long to begin as trial itself, which can be loaded
 * meanwhile; and a process can end only when all its threads have begun.
 *
 * @returns One that does not keep the process, and whose errors are nobody's; undefined if there can be none.
 */
export function startWaitingThread(): Worker | undefined {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  // Nothing that was preloaded for the tests.
  const start = (execArgv: string[]) => new Worker(TEXT, { eval: true, execArgv, env: {} });
  let thread: Worker;
  try {
    thread = start(['--expose-internals']);
  } catch {
    try {
      thread = start([]);
    } catch {
      return undefined;
    }
  }
  thread.on('error', () => {});
  thread.unref();
  return thread;
}
