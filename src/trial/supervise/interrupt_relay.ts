import type { ChildProcess } from 'node:child_process';
import type { ExitCode } from '../events/events.js';

/** As in run/interrupt.ts. Not shared with it: whatever is would be loaded, with all of the runner, before the first process starts. */
const STATUSES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const satisfies Partial<
  Record<NodeJS.Signals, ExitCode>
>;

/** From a terminal a signal comes to both processes; after this time it is taken to have come to this one alone. */
const GRACE_MS = 100;

/** After this time without an answer a test is taken to block the process in a way that cannot be helped. */
const PATIENCE_MS = 3000;

/**
 * Sees to it that the process that runs the tests has the signals that this one gets: the first asks it to end in good
 * order, the second kills it, whatever it is doing.
 */
export class InterruptRelay {
  #process: ChildProcess | undefined;
  #status: ExitCode | undefined;
  #signal: NodeJS.Signals | undefined;
  #timer: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;
  #hasArrived = false;

  /** Called when the process does not take a signal. */
  onIgnored: ((signal: NodeJS.Signals) => void) | undefined;

  /** The status to end with because of a signal; undefined: there was none. */
  get status(): ExitCode | undefined {
    return this.#status;
  }

  /** The signal that there was. */
  get signal(): NodeJS.Signals | undefined {
    return this.#signal;
  }

  start(): void {
    for (const signal of Object.keys(STATUSES)) process.on(signal, this.#received);
    // Windows has no such signals.
    if (process.platform === 'win32') return;
    process.on('SIGTSTP', this.#suspend);
    process.on('SIGCONT', this.#resume);
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#patience);
    for (const signal of Object.keys(STATUSES)) process.off(signal, this.#received);
    process.off('SIGTSTP', this.#suspend);
    process.off('SIGCONT', this.#resume);
  }

  /** From now on that is the process. */
  follow(process: ChildProcess): void {
    this.#process = process;
    if (this.#status !== undefined) process.kill('SIGKILL');
  }

  /** The process says that it has had a signal. */
  arrived(): void {
    this.#hasArrived = true;
  }

  /** Ctrl-Z reaches the group of this process only. */
  readonly #suspend = (): void => {
    this.#toGroup('SIGSTOP');
    process.kill(process.pid, 'SIGSTOP');
  };

  readonly #resume = (): void => {
    this.#toGroup('SIGCONT');
  };

  #toGroup(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.#process ?? {};
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, signal);
  }

  readonly #received = (signal: NodeJS.Signals): void => {
    if (this.#status !== undefined) {
      this.#process?.kill('SIGKILL');
      return;
    }
    this.#signal = signal;
    this.#status = STATUSES[signal as keyof typeof STATUSES];
    this.#timer = setTimeout(() => {
      if (!this.#hasArrived) this.#process?.kill(signal);
    }, GRACE_MS);
    this.#patience = setTimeout(() => {
      if (!this.#hasArrived) this.onIgnored?.(signal);
    }, PATIENCE_MS);
  };
}
