import type { Worker } from 'node:worker_threads';
import { blockedNotice } from '../blocked_notice.js';
import type { ExitCode } from '../events/events.js';
import { runAs } from '../life/attribution.js';
import { hasCome, keepListener } from '../life/own_listeners.js';
import { beginGuard, type GuardedDump } from './guard_thread.js';

/** The status that each signal ends trial with: 128 and the signal's number, as shells have it. */
const STATUSES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const satisfies Partial<
  Record<NodeJS.Signals, ExitCode>
>;

/** Added to a signal's number it is the status. */
const STATUS_OF_SIGNAL = 128;

/**
 * What Ctrl-C (SIGINT), SIGTERM and SIGHUP do. While tests run the first asks the run to end, so that the running test's
 * cleanups happen and what has run is reported. The second, and any before the first test, ends the process at once.
 */
export class Interrupt {
  readonly #controller = new AbortController();
  readonly #endNow: (status: ExitCode) => void;
  #status: ExitCode | undefined;
  #testsRun = false;
  /** Tells the thread that guards against blocked tests of each signal. */
  #taken: (() => void) | undefined;

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
    for (const signal of Object.keys(STATUSES)) keepListener(signal, this.#received);
  }

  /**
   * From now on signals are heard also while this thread is blocked.
   *
   * @param thread - Is to hear of them: one of `startWaitingThread`.
   * @param isSupervised - Another process sees to a second signal.
   * @param dump - Is made to answer meanwhile.
   */
  guard(thread: Worker | undefined, isSupervised: boolean, dump: GuardedDump): void {
    const signals = Object.entries(STATUSES) as [NodeJS.Signals, number][];
    const numbers = Object.fromEntries(signals.map(([signal, status]) => [signal, status - STATUS_OF_SIGNAL]));
    const notices = Object.fromEntries(signals.map(([signal]) => [signal, blockedNotice(signal)]));
    this.#taken = beginGuard({ thread, isSupervised, numbers, notices, dump });
  }

  /** From now on there is a run to be ended in good order. */
  testsBegin(): void {
    this.#testsRun = true;
  }

  readonly #received = (signal: NodeJS.Signals, number?: unknown): void => {
    if (!hasCome(number)) return;
    this.#taken?.();
    const status = STATUSES[signal as keyof typeof STATUSES];
    if (this.#status !== undefined || !this.#testsRun) {
      // Not in the context of a test that it has interrupted: tests may not end the process.
      runAs(undefined, this.#endNow, status);
    }
    this.#status ??= status;
    this.#controller.abort(new Error(`Interrupted by ${signal}.`));
  };
}
