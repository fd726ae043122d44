/** The attempts at the test that is running: what the processes tell of them, and those that a process did not survive. */
import type { Attempt, TestFinished, TestId, TestStarted } from '../events/events.js';
import { verdictOn } from '../run/retries.js';

export interface AttemptsOptions {
  /** How often a test that has failed is run again, at most. */
  readonly retries: number;
  readonly randomSeed: number | undefined;
}

export class Attempts {
  #made: readonly Attempt[] = [];
  #startedAt = 0;
  #position = 0;
  #id: TestId | undefined;
  /** The test that ran last in the process that is on, and the one before the attempt. */
  #last: TestId | undefined;
  #after: TestId | undefined;

  /** Those that are over. */
  get made(): readonly Attempt[] {
    return this.#made;
  }

  /** Another process is on. */
  newProcess(): void {
    this.#last = undefined;
  }

  /** @param position - The test's place in the order of the run, from 1. */
  testStarted({ id, startedAt }: TestStarted, position: number): void {
    this.#id = id;
    this.#made = [];
    this.#position = position;
    this.begun(startedAt);
  }

  /** A further attempt begins. */
  begun(startedAt: number): void {
    this.#after = this.#last;
    this.#last = this.#id;
    this.#startedAt = startedAt;
  }

  /** These have been made so far. */
  told(made: readonly Attempt[]): void {
    this.#made = made;
  }

  /**
   * The running attempt has ended with its process.
   *
   * @param end - What would become of the test if that were all.
   * @param mayRetry - Whether there can be a further attempt.
   * @returns What becomes of the test; undefined: it is to be run again.
   */
  died(end: TestFinished, { retries, randomSeed: seed }: AttemptsOptions, mayRetry: boolean): TestFinished | undefined {
    if (retries === 0) return end;
    const { outcomes } = end;
    const duration = Math.max(0, Date.now() / 1000 - this.#startedAt);
    const attempt: Attempt = {
      outcomes,
      startedAt: this.#startedAt,
      duration,
      position: this.#position,
      ...(this.#after === undefined ? undefined : { after: this.#after }),
      ...(seed === undefined ? undefined : { seed }),
    };
    this.#made = [...this.#made, attempt];
    if (mayRetry && this.#made.length <= retries) return undefined;
    return this.#made.length === 1 ? end : verdictOn({ ...end, duration }, this.#made);
  }
}
