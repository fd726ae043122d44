import { DUMP_KEY, DUMP_SIGNALS, isAtKeyboard, STATUS_KEYS } from '../dump_keys.js';
import { runAs } from '../life/attribution.js';
import { blockedDump, runningCode } from '../life/blocking.js';
import { setTimer, soon } from '../life/now.js';
import { hasCome, keepListener, releaseListener } from '../life/own_listeners.js';

// Taken before any test is loaded.
const kill = process.kill.bind(process);

/**
 * Says what the running test is waiting for: on SIGUSR2, and on Ctrl-\ at a terminal. A test that listens for the signal has it
 * for itself.
 */
export class DumpSignal {
  /** Is given the text, of several lines. */
  tell: (text: string) => void;
  /** Called whenever a signal has come. */
  taken: () => void = () => undefined;
  /** Asked, in the middle of code that blocks, about a key that was pressed; gives when to ask again, in milliseconds. */
  lookAtKey: ((elapsedMs: number) => number) | undefined;
  #isTold = false;
  #isBlocked = false;

  constructor(tell: (text: string) => void) {
    this.tell = tell;
  }

  /** Begins to listen. */
  start(): void {
    for (const signal of [...DUMP_SIGNALS, ...STATUS_KEYS]) keepListener(signal, this.#received);
    keepListener(DUMP_KEY, this.#keyPressed);
  }

  /** Tells it in the middle of code that blocks the event loop. @returns whether it could. */
  readonly askBlocked = (): boolean => {
    const text = blockedDump();
    if (text === undefined) return false;
    runAs(undefined, this.tell, text);
    // The signal is still to come: when the event loop turns.
    this.#isTold = true;
    soon(() => setTimer(this.#turned, 1));
    return true;
  };

  /** As it, where a key may have been pressed. @returns when to ask again, in milliseconds. */
  readonly askForKey = (elapsedMs: number): number => {
    this.#isBlocked = true;
    try {
      return runAs(undefined, () => this.lookAtKey?.(elapsedMs) ?? Number.POSITIVE_INFINITY);
    } finally {
      this.#isBlocked = false;
    }
  };

  readonly #turned = (): void => {
    this.#isTold = false;
  };

  /** Tells it. */
  readonly ask = (): void => {
    if (this.#isBlocked) this.askBlocked();
    else runAs(undefined, this.tell, dump());
  };

  readonly #received = (signal: NodeJS.Signals, number?: unknown): void => {
    if (!hasCome(number)) return;
    this.taken();
    if (process.listenerCount(signal) === 1 && !this.#isTold) this.ask();
  };

  readonly #keyPressed = (signal: NodeJS.Signals, number?: unknown): void => {
    if (!hasCome(number)) return;
    if (isAtKeyboard()) {
      this.#received(signal, number);
      return;
    }
    // Nobody has pressed a key: it does what it does to any program.
    releaseListener(signal, this.#keyPressed);
    kill(process.pid, signal);
  };
}

function dump(): string {
  const code = runningCode();
  if (code === undefined) return 'No test is running.';
  return [`${code.testId} (${code.stepName}) is running.`, ...code.waitingLines()].join('\n');
}
