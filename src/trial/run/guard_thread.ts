/**
 * Looks after a main thread that is blocked, by a test that computes for ever: Node tells it of a signal, and of a timer,
 * on a turn of its event loop only.
 *
 * Ctrl-C: this thread waits inside of `vm` with `breakOnSigint`, for which Node listens to the signal outside of any event
 * loop. It hands each one on to the main thread. Where that does not take it, it has what runs there cut off, as below; where
 * that cannot be done it says so. At the second one it has the main thread's inspector end the process.
 *
 * Timeouts: when a step takes long, the main thread is asked through its inspector, which answers in the middle of
 * whatever runs, and has that cut off when its time is over (life/blocking.ts).
 */
import type { Worker } from 'node:worker_threads';
import { askBlocked, CUT_OFF, INTERRUPTED } from '../life/blocking.js';
import { steps } from '../life/steps_begun.js';

// Taken before any test is loaded.
const emit = process.emit.bind(process) as (name: 'SIGINT', signal: 'SIGINT', number: number) => boolean;

/** Where the thread finds what it asks: what it evaluates in the main thread sees globals only. */
const ASK = 'txtrial.askBlocked';

// What the two threads tell each other, in one array: the place of each.
/** How many signals the main thread knows of. */
const HANDLED = 0;
/** The answer to the last question; NONE until it is there. */
const ANSWER = 1;
/** Set to 1 when the main thread may go on after it has asked to be cut off, and to 2 when this thread is out of its way. */
const GO_ON = 2;
const NONE = -2;

const PATIENCE_MS = 1000;

/**
 * Starts the thread; it does not keep the process.
 *
 * @param isSupervised - Another process started this one, which has to end with it, and sees to a second Ctrl-C.
 */
export function startGuardThread(isSupervised: boolean): void {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const shared = new Int32Array(new SharedArrayBuffer(12));
  const parent = isSupervised ? process.ppid : undefined;
  // As text: a file of its own would have to be found and read, as an ES module.
  const thread: Worker = new Worker(`(${run.toString()})(process.getBuiltinModule('node:worker_threads').workerData)`, {
    eval: true,
    workerData: { parent, shared, steps, ask: ASK, HANDLED, ANSWER, GO_ON, NONE, CUT_OFF, INTERRUPTED, PATIENCE_MS },
    // Not what was preloaded for the tests.
    execArgv: [],
    env: {},
  });
  const answer = (elapsedMs: number): void => {
    // It waits for no answer any more.
    if (Atomics.load(shared, GO_ON) !== 0) return;
    const reply = askBlocked(elapsedMs, () => {
      tell(NONE);
      // A process that ended before that would say that it waits for a debugger.
      Atomics.wait(shared, GO_ON, 1, PATIENCE_MS);
    });
    const tell = (value: number) => {
      Atomics.store(shared, ANSWER, value);
      Atomics.notify(shared, ANSWER);
    };
    tell(reply);
    // Nothing of the test may run before it is cut off.
    if (reply === CUT_OFF) Atomics.wait(shared, GO_ON, 0);
  };
  Object.defineProperty(globalThis, Symbol.for(ASK), { value: answer, configurable: true });
  thread.on('message', () => {
    Atomics.add(shared, HANDLED, 1);
    emit('SIGINT', 'SIGINT', 2);
  });
  // Without it there is what Node does itself.
  thread.on('error', () => {});
  // A listener that is added later would keep the process again.
  thread.unref();
}

interface GuardData {
  /** Of the process that supervises this one. */
  readonly parent: number | undefined;
  readonly shared: Int32Array<SharedArrayBuffer>;
  readonly steps: Int32Array<SharedArrayBuffer>;
  readonly ask: string;
  readonly HANDLED: number;
  readonly ANSWER: number;
  readonly GO_ON: number;
  readonly NONE: number;
  readonly CUT_OFF: number;
  readonly INTERRUPTED: number;
  readonly PATIENCE_MS: number;
}

/** What the thread does. It is made a text of: it may name nothing from outside but what is global. */
function run(data: GuardData): void {
  const { parent, shared, steps, ask, HANDLED, ANSWER, GO_ON, NONE, CUT_OFF, INTERRUPTED, PATIENCE_MS } = data;
  const lookEveryMs = 100;
  const mostTries = 25;
  const { writeSync } = process.getBuiltinModule('node:fs');
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const { Script } = process.getBuiltinModule('node:vm');
  const { Session } = process.getBuiltinModule('node:inspector');

  const never = new Int32Array(new SharedArrayBuffer(4));
  const wait = (ms: number) => Atomics.wait(never, 0, 0, ms);
  let received = 0;
  const isIgnored = () => Atomics.load(shared, HANDLED) < received;
  const waitForSignal = () => {
    if (received > 0) {
      wait(PATIENCE_MS);
      if (isIgnored() && !cutOff() && parent === undefined)
        writeSync(2, '\ntrial: A test blocks the event loop and cannot be ended. Ctrl-C again stops all.\n');
    }
    for (;;) {
      wait(lookEveryMs);
      // Nobody would hear any more what becomes of the tests.
      if (parent !== undefined && process.ppid !== parent && process.platform !== 'win32')
        process.kill(-process.pid, 'SIGKILL');
      look();
    }
  };
  /** Returns whether that helped. */
  const cutOff = (): boolean => {
    for (let tries = 0; tries < mostTries && isIgnored(); tries++) {
      const answer = askMain(INTERRUPTED);
      if (answer === CUT_OFF) return true;
      if (answer >= PATIENCE_MS) return false;
      wait(answer);
    }
    return !isIgnored();
  };
  let step = -1;
  let since = 0;
  let askAtMs = 0;
  const look = () => {
    const now = performance.now();
    const begun = Atomics.load(steps, 0);
    if (begun !== step) {
      step = begun;
      since = now;
      askAtMs = 2 * lookEveryMs;
    } else if (now - since >= askAtMs) {
      const answer = askMain(now - since);
      if (answer > CUT_OFF) askAtMs = now - since + answer;
    }
  };
  let session: InstanceType<typeof Session> | undefined;
  const askMain = (elapsedMs: number): number => {
    session = new Session();
    session.connectToMainThread();
    Atomics.store(shared, ANSWER, NONE);
    Atomics.store(shared, GO_ON, 0);
    const expression = `globalThis[Symbol.for(${JSON.stringify(ask)})]?.(${elapsedMs})`;
    session.post('Runtime.evaluate', { expression });
    // What it is in is not JavaScript, or it is gone: then there is nothing to be done.
    Atomics.wait(shared, ANSWER, NONE, PATIENCE_MS);
    return heed();
  };
  /** Does as the main thread has answered. */
  const heed = (): number => {
    const answer = Atomics.load(shared, ANSWER);
    if (answer === CUT_OFF && Atomics.load(shared, GO_ON) === 0) {
      session?.post('Runtime.terminateExecution');
      Atomics.store(shared, GO_ON, 1);
      Atomics.notify(shared, GO_ON);
      // It has to have been seen before the session ends.
      Atomics.wait(shared, ANSWER, CUT_OFF, PATIENCE_MS);
    }
    session?.disconnect();
    session = undefined;
    Atomics.store(shared, GO_ON, 2);
    Atomics.notify(shared, GO_ON);
    return answer === NONE ? PATIENCE_MS : answer;
  };
  Object.assign(globalThis, { waitForSignal });
  const forSignal = new Script('waitForSignal()');

  for (;;) {
    try {
      forSignal.runInThisContext({ breakOnSigint: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
      received += 1;
    }
    // The signal came in the middle of it.
    if (session !== undefined) heed();
    parentPort?.postMessage(undefined);
    if (received === 1) continue;
    wait(PATIENCE_MS / 5);
    if (!isIgnored()) continue;
    const missed = received - Atomics.load(shared, HANDLED);
    const last = new Session();
    last.connectToMainThread();
    // At the end Node would say that it waits for the session, taking it for a debugger.
    const quietly = "process.on('exit', () => process.getBuiltinModule('node:fs').closeSync(2));";
    const emits = "process.emit('SIGINT', 'SIGINT', 2);".repeat(missed);
    last.post('Runtime.evaluate', { expression: quietly + emits });
    wait(PATIENCE_MS);
    // What it hangs in is not JavaScript. Out here the signal does what it does by default.
    process.kill(process.pid, 'SIGINT');
  }
}
