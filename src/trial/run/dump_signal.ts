import { runAs } from '../life/attribution.js';
import { runningLife } from '../life/blocking.js';
import { keepListener } from '../life/own_listeners.js';

const SIGNAL = 'SIGUSR2';

/** On SIGUSR2 says what the running test is waiting for. A test that listens for the signal has it for itself. */
export class DumpSignal {
  /** Is given the text, of several lines. */
  tell: (text: string) => void;

  constructor(tell: (text: string) => void) {
    this.tell = tell;
  }

  /** Begins to listen. */
  start(): void {
    // Windows has no such signal.
    if (process.platform !== 'win32') keepListener(SIGNAL, this.#received);
  }

  readonly #received = (): void => {
    if (process.listenerCount(SIGNAL) === 1) runAs(undefined, this.tell, dump());
  };
}

function dump(): string {
  const life = runningLife();
  if (life === undefined) return 'No test is running.';
  return [`${life.testId} (${life.stepName}) is running.`, ...life.waitingLines()].join('\n');
}
