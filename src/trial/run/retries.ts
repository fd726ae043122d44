import type { Attempt, EpochSeconds, Outcome, TestEvent, TestFinished, TestId } from '../events/events.js';
import { isFailed } from '../events/outcome.js';

/** What the attempts of a run have in common. */
export interface RetriesOptions {
  /** How often a test that has failed is run again, at most. */
  readonly retries: number;
  /** Of a random order. */
  readonly seed: number | undefined;
  /** How many tests of the pass came before the first. */
  readonly before: number;
  readonly log?: AttemptLog | undefined;
}

/** Somebody who goes on with the attempts at a test where this process has died. */
export interface AttemptLog {
  /** Those at the first test of this run that other processes have made. */
  readonly before: readonly Attempt[];
  /** A further attempt at the test that is running begins. */
  begun(startedAt: EpochSeconds): void;
  /** These are over, and another one follows. */
  made(attempts: readonly Attempt[]): void;
}

/**
 * Makes one test of the attempts at it: stands between those who make events of a test and those who take them. An attempt is
 * over when `again` is asked, so that what came late in the meantime counts with it.
 */
export class Retries {
  readonly #options: RetriesOptions;
  readonly #emit: (event: TestEvent) => void;
  #id: TestId | undefined;
  #startedAt = 0;
  /** The test that ran before the one that runs. */
  #after: TestId | undefined;
  #position: number;
  /** Of the test that runs, those that are over. */
  #attempts: Attempt[];
  /** How many of those another process has made. */
  #inherited: number;
  #finished: TestFinished | undefined;

  constructor(options: RetriesOptions, emit: (event: TestEvent) => void) {
    this.#options = options;
    this.#emit = emit;
    const { before = [] } = options.log ?? {};
    this.#position = before[0]?.position ?? options.before;
    this.#attempts = [...before];
    this.#inherited = before.length;
  }

  /** All tests are about to be run again. */
  newPass(): void {
    this.#position = 0;
  }

  /** Takes an event of an attempt. */
  readonly take = (event: TestEvent): void => {
    if (event.type === 'testStarted') {
      this.#startedAt = event.startedAt;
      if (this.#attempts.length > 0) {
        this.#id = event.id;
        this.#options.log?.begun(event.startedAt);
        return;
      }
      this.#after = this.#id;
      this.#id = event.id;
      this.#position += 1;
    } else if (event.type === 'testFinished') {
      this.#finished = event;
      return;
    } else if (event.type === 'verdictAmended' && event.id === this.#id && this.#amend(event.outcomes)) {
      return;
    }
    this.#emit(event);
  };

  /**
   * Whether the test whose attempt is over is to be run again; if it is not, its end is told.
   *
   * @param isAllowed - The run goes on.
   */
  again(isAllowed: boolean): boolean {
    const event = this.#finished;
    if (event === undefined) return false;
    this.#finished = undefined;
    this.#attempts.push(this.#attemptOf(event));
    if (isAllowed && event.outcomes.some(isFailed) && this.#attempts.length <= this.#options.retries) {
      this.#options.log?.made(this.#attempts);
      return true;
    }
    const attempts = this.#attempts;
    this.#attempts = [];
    this.#inherited = 0;
    this.#emit(attempts.length === 1 ? event : verdictOn(event, attempts));
    return false;
  }

  /** What came late belongs to the attempt that is not told of yet. Returns whether there is one. */
  #amend(outcomes: readonly Outcome[]): boolean {
    if (this.#finished !== undefined) {
      this.#finished = { ...this.#finished, outcomes: [...this.#finished.outcomes, ...outcomes] };
      return true;
    }
    const last = this.#attempts.pop();
    if (last === undefined) return false;
    this.#attempts.push({ ...last, outcomes: [...last.outcomes, ...outcomes] });
    this.#options.log?.made(this.#attempts);
    return true;
  }

  #attemptOf({ id, outcomes, duration }: TestFinished): Attempt {
    const { seed } = this.#options;
    const after = this.#attempts.length > this.#inherited ? id : this.#after;
    return {
      outcomes,
      startedAt: this.#startedAt,
      duration,
      position: this.#position,
      ...(after === undefined ? undefined : { after }),
      ...(seed === undefined ? undefined : { seed }),
    };
  }
}

/**
 * What becomes of a test that was run several times.
 *
 * A skip says nothing of whether the test would have passed, so it does not take a failure away.
 */
export function verdictOn(event: TestFinished, attempts: readonly Attempt[]): TestFinished {
  const telling = attempts.findLast(({ outcomes }) => !outcomes.every(({ kind }) => kind === 'skip'));
  const outcomes = telling?.outcomes ?? event.outcomes;
  const verdict = { ...event, outcomes, attempts };
  return outcomes.some(isFailed) ? verdict : { ...verdict, flaky: true };
}
