import type { ExitCode } from '../events/events.js';

// Taken before any test is loaded: what a test puts in its place is not for us.
const on = process.on.bind(process);
const removeListener = process.removeListener.bind(process);

/** The status that each signal ends trial with: 128 and the signal's number, as shells have it. */
const STATUSES = { SIGINT: 130, SIGTERM: 143 } as const satisfies Partial<Record<NodeJS.Signals, ExitCode>>;

/**
 * What Ctrl-C (SIGINT) and SIGTERM do: the first asks the run to end, so that the running test's cleanups happen and
 * what has run is reported; the second ends the process at once.
 */
export class Interrupt {
  readonly #controller = new AbortController();
  readonly #endNow: (status: ExitCode) => void;
  #status: ExitCode | undefined;

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

  /** Leaves signals to do what they do otherwise. */
  stop(): void {
    removeListener('SIGINT', this.#received);
    removeListener('SIGTERM', this.#received);
  }

  readonly #received = (signal: NodeJS.Signals): void => {
    const status = STATUSES[signal as keyof typeof STATUSES];
    if (this.#status !== undefined) this.#endNow(status);
    this.#status ??= status;
    this.#controller.abort(new Error(`Interrupted by ${signal}.`));
  };
}
