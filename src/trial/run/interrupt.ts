import type { ExitCode } from '../events/events.js';

// Taken before any test is loaded: what a test puts in its place is not for us.
const on = process.on.bind(process);

/** The status that each signal ends trial with: 128 and the signal's number, as shells have it. */
const STATUSES = { SIGINT: 130, SIGTERM: 143 } as const satisfies Partial<Record<NodeJS.Signals, ExitCode>>;

/**
 * What Ctrl-C (SIGINT) and SIGTERM do. While tests run the first asks the run to end, so that the running test's
 * cleanups happen and what has run is reported. The second, and any before the first test, ends the process at once.
 */
export class Interrupt {
  readonly #controller = new AbortController();
  readonly #endNow: (status: ExitCode) => void;
  #status: ExitCode | undefined;
  #testsRun = false;

  /** @param endNow - Ends the process with that status. */
  constructor(endNow: (status: ExitCode) => void) {
    this.#endNow = endNow;
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The status that the process is to end with because of a signal; undefined: there was none. */
  get status(): ExitCode | undefined {
    return this.#status;
  }

  /** Begins to listen. */
  start(): void {
    on('SIGINT', this.#received);
    on('SIGTERM', this.#received);
  }

  /** From now on there is a run to be ended in good order. */
  testsBegin(): void {
    this.#testsRun = true;
  }

  readonly #received = (signal: NodeJS.Signals): void => {
    const status = STATUSES[signal as keyof typeof STATUSES];
    if (this.#status !== undefined || !this.#testsRun) this.#endNow(status);
    this.#status ??= status;
    this.#controller.abort(new Error(`Interrupted by ${signal}.`));
  };
}
