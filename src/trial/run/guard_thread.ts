/**
 * Looks after a main thread that is blocked, by a test that computes for ever: Node tells it of a signal, and of a timer,
 * on a turn of its event loop only.
 *
 * Signals: this thread hears of Ctrl-C, SIGTERM and SIGHUP, too. Where the main thread does not take one, it has what runs
 * there cut off, as below; where that cannot be done it says so. At the second one it has the main thread's inspector end
 * the process.
 *
 * What asks what is going on (SIGUSR2, a key): where the main thread does not take it, it is made to answer through its inspector.
 * Enter is looked for there, too: two threads that read a terminal would take what is typed from one another, or from a test.
 *
 * Timeouts: when a step takes long, the main thread is asked through its inspector, which answers in the middle of
 * whatever runs, and has that cut off when its time is over (life/blocking.ts).
 */
import type { Worker } from 'node:worker_threads';
import { DUMP_KEY, DUMP_SIGNALS, STATUS_KEYS } from '../dump_keys.js';
import { askBlocked, CUT_OFF, DUMP, INTERRUPTED } from '../life/blocking.js';
import { steps } from '../life/steps_begun.js';
import { guardByHandles, guardByVm } from './guard_signals.js';
import { guardWork } from './guard_work.js';

// Taken before any test is loaded.
const emit = process.emit.bind(process) as (name: 'SIGINT', signal: 'SIGINT', number: number) => boolean;

/** What the thread is given. */
export interface GuardData {
  /** Of the process that supervises this one. */
  readonly parent: number | undefined;
  /** The signals, with their numbers. */
  readonly numbers: Readonly<Partial<Record<NodeJS.Signals, number>>>;
  /** What to say when they can do nothing. */
  readonly notices: Readonly<Partial<Record<NodeJS.Signals, string>>>;
  /** The signals that ask what is going on, with their numbers. */
  readonly questions: Readonly<Partial<Record<NodeJS.Signals, number>>>;
  /** The one of them that a key sends: only at a terminal it asks. */
  readonly DUMP_KEY: NodeJS.Signals;
  /** What the two threads tell each other. */
  readonly shared: Int32Array<SharedArrayBuffer>;
  readonly steps: Int32Array<SharedArrayBuffer>;
  /** Where it finds what it asks: what it evaluates in the main thread sees globals only. */
  readonly ask: string;
  /** The place of how many signals the main thread has taken. */
  readonly HANDLED: number;
  /** The place of how many questions it has taken. */
  readonly ANSWERED: number;
  /** The place of the answer to the last question; NONE until it is there. */
  readonly ANSWER: number;
  /** The place of what is 1 when the main thread may go on after it has asked to be cut off, and 2 when the thread is out of its way. */
  readonly GO_ON: number;
  readonly NONE: number;
  readonly CUT_OFF: number;
  readonly INTERRUPTED: number;
  readonly DUMP: number;
  readonly PATIENCE_MS: number;
  readonly LOOK_EVERY_MS: number;
}

const HANDLED = 0;
const ANSWER = 1;
const GO_ON = 2;
const ANSWERED = 3;
/** The answer to a question that has been answered to the user. */
const TOLD = 1;
const NONE = -2;
const PATIENCE_MS = 1000;
const LOOK_EVERY_MS = 100;
const ASK = 'txtrial.askBlocked';

export interface GuardOptions {
  /** One of `startWaitingThread`. */
  readonly thread: Worker | undefined;
  /** Another process started this one, which has to end with it, and sees to a second signal. */
  readonly isSupervised: boolean;
  readonly numbers: GuardData['numbers'];
  readonly notices: GuardData['notices'];
  /** Who takes the signals that ask what is going on. */
  readonly dump: GuardedDump;
}

/** What of a DumpSignal the thread has to do with. */
export interface GuardedDump {
  /** Called whenever one has come. */
  taken: () => void;
  /** Tells it in the middle of code that blocks. @returns whether it could. */
  askBlocked(): boolean;
  /** Looks there whether a key asks for it. @returns when to ask again, in milliseconds. */
  askForKey(elapsedMs: number): number;
}

/**
 * Has the thread begin.
 *
 * @returns What is to be called whenever the main thread takes a signal.
 */
export function beginGuard({ thread, isSupervised, numbers, notices, dump }: GuardOptions): () => void {
  const shared = new Int32Array(new SharedArrayBuffer(16));
  const parent = isSupervised ? process.ppid : undefined;
  const places = { HANDLED, ANSWERED, ANSWER, GO_ON, NONE, CUT_OFF, INTERRUPTED, DUMP, PATIENCE_MS, LOOK_EVERY_MS };
  const { signals } = process.getBuiltinModule('node:os').constants;
  const asking = [...DUMP_SIGNALS, ...STATUS_KEYS, DUMP_KEY];
  const questions = Object.fromEntries(asking.map((name) => [name, signals[name]]));
  const data: GuardData = { parent, numbers, notices, questions, DUMP_KEY, shared, steps, ask: ASK, ...places };
  const tell = (value: number) => {
    Atomics.store(shared, ANSWER, value);
    Atomics.notify(shared, ANSWER);
  };
  const answer = (elapsedMs: number): void => {
    // It waits for no answer any more.
    if (Atomics.load(shared, GO_ON) !== 0) return;
    if (elapsedMs === DUMP) {
      tell(dump.askBlocked() ? TOLD : 0);
      return;
    }
    const timeMs = askBlocked(elapsedMs, () => {
      tell(NONE);
      // A process that ended before that would say that it waits for a debugger.
      Atomics.wait(shared, GO_ON, 1, PATIENCE_MS);
    });
    const reply = timeMs === CUT_OFF || elapsedMs < 0 ? timeMs : Math.min(timeMs, dump.askForKey(elapsedMs));
    tell(reply);
    // Nothing of the test may run before it is cut off, which takes no time. Waiting here is not Atomics.wait's: it may be that
    // which the test is in, and V8 of Node 20 dies of two at once.
    while (reply === CUT_OFF && Atomics.load(shared, GO_ON) === 0);
  };
  Object.defineProperty(globalThis, Symbol.for(ASK), { value: answer, configurable: true });
  // Without it there is what Node does itself.
  if (thread !== undefined) {
    thread.on('message', () => emit('SIGINT', 'SIGINT', 2));
    thread.postMessage({ text: threadText(), data });
    // A listener that was added since would keep the process again.
    thread.unref();
  }
  dump.taken = () => Atomics.add(shared, ANSWERED, 1);
  return () => Atomics.add(shared, HANDLED, 1);
}

/** As text: files of its own would have to be found and read, as ES modules. */
const threadText = (): string => `(data) => {
  const work = (${guardWork.toString()})(data);
  try { (${guardByHandles.toString()})(data, work); } catch { (${guardByVm.toString()})(data, work); }
}`;
