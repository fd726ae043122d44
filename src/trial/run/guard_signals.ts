/** How the guard thread hears of signals. Texts are made of these functions: they may name nothing from outside but what is global. */
import type { GuardData } from './guard_thread.js';
import type { GuardWork } from './guard_work.js';

/** What Node makes of a signal's handle. */
interface SignalHandle {
  onsignal: () => void;
  start(number: number): number;
}

/** There in a thread that was started with `--expose-internals`. */
interface Internals {
  internalBinding(name: 'signal_wrap'): { readonly Signal: new () => SignalHandle };
}

/**
 * Listens as the main thread does, on an event loop of its own: both hear of each signal. Node has this for the main thread
 * only; what is below it works in all.
 *
 * @throws where Node does not let it.
 */
export function guardByHandles({ numbers, questions, DUMP_KEY, LOOK_EVERY_MS }: GuardData, work: GuardWork): void {
  // Node says that it is for tests.
  process.emitWarning = () => {};
  const load = Reflect.get(globalThis, 'require') as (id: string) => unknown;
  const { internalBinding } = load('internal/test/binding') as Internals;
  const { Signal } = internalBinding('signal_wrap');
  const attend = (pauses: Generator<number, void>) => {
    const { done, value } = pauses.next();
    if (done !== true) setTimeout(attend, value, pauses);
  };
  const listen = (signals: GuardData['numbers'], begin: GuardWork['received']) => {
    for (const [name, number] of Object.entries(signals)) {
      if (number === undefined) continue;
      const handle = new Signal();
      handle.onsignal = () => attend(begin(name as NodeJS.Signals));
      handle.start(number);
    }
  };
  listen(numbers, work.received);
  // Elsewhere nobody presses a key, and the signal ends the process.
  const isAtKeyboard = process.getBuiltinModule('node:tty').isatty(0);
  listen(isAtKeyboard ? questions : { ...questions, [DUMP_KEY]: undefined }, work.asked);
  setInterval(work.look, LOOK_EVERY_MS);
}

/**
 * Waits inside of `vm` with `breakOnSigint`, for which Node listens outside of any event loop: for SIGINT, and nothing else.
 * It is handed on to the main thread, which does not hear of it.
 */
export function guardByVm({ LOOK_EVERY_MS }: GuardData, work: GuardWork): void {
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const { Script } = process.getBuiltinModule('node:vm');
  const never = new Int32Array(new SharedArrayBuffer(4));
  const wait = (ms: number) => Atomics.wait(never, 0, 0, ms);
  let pauses: Generator<number, void> | undefined;
  const waitForSignal = () => {
    for (const ms of pauses ?? []) wait(ms);
    for (;;) {
      wait(LOOK_EVERY_MS);
      work.look();
    }
  };
  Object.assign(globalThis, { waitForSignal });
  const forSignal = new Script('waitForSignal()');
  for (;;) {
    try {
      forSignal.runInThisContext({ breakOnSigint: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
    }
    // The signal came in the middle of it.
    work.recover();
    parentPort?.postMessage(undefined);
    const isFirst = pauses === undefined;
    pauses = work.received('SIGINT');
    // After the second nothing is waited for: out here a further one does what it does by default.
    if (!isFirst) for (const ms of pauses) wait(ms);
  }
}
