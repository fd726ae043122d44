import type { Outcome, TestEvent, TestFinished, Totals } from './events.js';

const totalOf = {
  success: 'successes',
  failure: 'failures',
  error: 'errors',
  skip: 'skips',
  expectedFailure: 'expectedFailures',
  unexpectedSuccess: 'unexpectedSuccesses',
} as const satisfies Record<Outcome['kind'], Exclude<keyof Totals, 'flaky'>>;

/** Whether an outcome is one that fails a run. */
export function isFailed({ kind }: Pick<Outcome, 'kind'>): boolean {
  return kind === 'failure' || kind === 'error';
}

/** Whether there is nothing to tell of a test but that it passed: so it is with most, and for these nobody need look further. */
export function hasOnlyPassed({ outcomes, attempts }: TestFinished): boolean {
  return outcomes.length === 1 && outcomes[0]?.kind === 'success' && attempts === undefined;
}

/** Folds the events of a run into its totals: they count outcomes, not tests. */
export class TotalsCounter {
  readonly #totals: { -readonly [Name in keyof Totals]: number };

  /** @param before - What was counted already. */
  constructor(before: Totals = none()) {
    this.#totals = { ...before };
  }

  /** Counts what the event adds; an event that adds nothing may be given as well. */
  add(event: TestEvent): void {
    if (event.type === 'testFinished' || event.type === 'verdictAmended') {
      if (event.type === 'testFinished' && event.flaky) this.#totals.flaky = (this.#totals.flaky ?? 0) + 1;
      for (const outcome of event.outcomes) this.#totals[totalOf[outcome.kind]] += 1;
    } else if (event.type === 'loadError') {
      this.#totals.errors += 1;
    }
  }

  /** The totals so far, as a copy. */
  totals(): Totals {
    return { ...this.#totals };
  }
}

/** Whether a run with these totals passed: unexpected successes are no reason to fail. */
export function wasSuccessful(totals: Totals): boolean {
  return totals.failures === 0 && totals.errors === 0;
}

/** As `wasSuccessful`, where tests that pass only when they are run again may be a reason to fail. */
export function hasPassed(totals: Totals, { flaky }: { readonly flaky: 'error' | 'warn' }): boolean {
  return wasSuccessful(totals) && (flaky === 'warn' || (totals.flaky ?? 0) === 0);
}

function none(): { -readonly [Name in keyof Totals]: number } {
  return { successes: 0, failures: 0, errors: 0, skips: 0, expectedFailures: 0, unexpectedSuccesses: 0 };
}
