/**
 * Sees Ctrl-C while a test blocks the event loop: Node tells the main thread of a signal on a turn of its loop only.
 *
 * A thread of its own waits inside of `vm` with `breakOnSigint`, for which Node listens to the signal outside of any
 * event loop. The thread hands each one on to the main thread. Where that does not take it, it says so, and at the second
 * one has the main thread's inspector interrupt the test and end the process.
 */
import type { Worker } from 'node:worker_threads';

// Taken before any test is loaded.
const emit = process.emit.bind(process) as (name: 'SIGINT', signal: 'SIGINT', number: number) => boolean;

/** Starts the thread; it does not keep the process. */
export function startInterruptThread(): void {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  /** How many signals the main thread knows of. */
  const handled = new Int32Array(new SharedArrayBuffer(4));
  // As text: a file of its own would have to be found and read, as an ES module.
  const thread: Worker = new Worker(`(${run.toString()})(process.getBuiltinModule('node:worker_threads').workerData)`, {
    eval: true,
    workerData: { handled },
    // Not what was preloaded for the tests.
    execArgv: [],
    env: {},
  });
  thread.on('message', () => {
    Atomics.add(handled, 0, 1);
    emit('SIGINT', 'SIGINT', 2);
  });
  // Without it there is what Node does itself.
  thread.on('error', () => {});
  // A listener that is added later would keep the process again.
  thread.unref();
}

/** What the thread does. It is made a text of: it may name nothing from outside but what is global. */
function run({ handled }: { handled: Int32Array<SharedArrayBuffer> }): void {
  const patienceMs = 1000;
  const { writeSync } = process.getBuiltinModule('node:fs');
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const { Script } = process.getBuiltinModule('node:vm');
  const { Session } = process.getBuiltinModule('node:inspector');

  const never = new Int32Array(new SharedArrayBuffer(4));
  const wait = (ms: number) => Atomics.wait(never, 0, 0, ms);
  let received = 0;
  const isIgnored = () => Atomics.load(handled, 0) < received;
  const waitForSignal = () => {
    if (received > 0) {
      wait(patienceMs);
      if (isIgnored())
        writeSync(2, '\ntrial: A test blocks the event loop and cannot be ended. Ctrl-C again stops all.\n');
    }
    wait(Number.POSITIVE_INFINITY);
  };
  Object.assign(globalThis, { waitForSignal });
  const forSignal = new Script('waitForSignal()');

  for (;;) {
    try {
      forSignal.runInThisContext({ breakOnSigint: true });
    } catch {
      received += 1;
    }
    parentPort?.postMessage(undefined);
    if (received === 1) continue;
    wait(patienceMs / 5);
    if (!isIgnored()) continue;
    const missed = received - Atomics.load(handled, 0);
    const session = new Session();
    session.connectToMainThread();
    // At the end Node would say that it waits for the session, taking it for a debugger.
    const quietly = "process.on('exit', () => process.getBuiltinModule('node:fs').closeSync(2));";
    const signals = "process.emit('SIGINT', 'SIGINT', 2);".repeat(missed);
    session.post('Runtime.evaluate', { expression: quietly + signals });
    wait(patienceMs);
    // What it hangs in is not JavaScript. Out here the signal does what it does by default.
    process.kill(process.pid, 'SIGINT');
  }
}
