/** What a test left of timers, sockets, files and the like that the reactor does not know of. */
import { Failure } from '../../internet/failure.js';
import { allowedBy } from '../leaks/allowed.js';
import type { Allows, Finding } from '../leaks/conclusion.js';
import { Inspection } from '../leaks/inspection.js';
import type { Account } from './account.js';
import type { LifeOptions } from './life_options.js';
import type { LivingTest } from './living_test.js';
import { monotonicMs, setTimer, soon } from './now.js';
import { ALLOWED_LEAKS } from './test_state.js';

/** How the runner waits. */
export const PATIENCE = { soon, setTimer, nowMs: monotonicMs };

/** Of a test that has made something. */
export class LeftOver {
  readonly #account: Account;
  #inspection: Inspection | undefined;

  constructor(account: Account) {
    this.#account = account;
  }

  /** The steps are over. Returns whether something is left now. */
  begin(): boolean {
    if (this.#account.made === undefined) return false;
    this.#inspection ??= Inspection.begin(this.#account, this.#account.allowsLeak, PATIENCE);
    return this.#inspection !== undefined;
  }

  /** As `Aftermath.waits`. */
  waits<A>(seconds: number, goOn: (argument: A) => void, argument: A): boolean {
    return this.#inspection?.waits(seconds, goOn, argument) ?? false;
  }

  /** Closes what is left, and says what it was. */
  take(): readonly Finding[] {
    return this.#inspection?.take() ?? [];
  }
}

/** What a test may leave behind. @param failed - Is told what the test's own part of it has thrown, if anything. */
export function allowance(
  test: LivingTest,
  { allowLeaks, leaks }: LifeOptions,
  failed: (failure: Failure) => void,
): Allows {
  // There is something only where an outer run watches.
  if (leaks === 'off') return () => 'off';
  const names = [...allowLeaks];
  try {
    names.push(...test[ALLOWED_LEAKS]());
  } catch (error) {
    failed(new Failure(error));
  }
  return (made) => allowedBy(made, names);
}

/** Has findings charged to a test or module; of those that are no errors, `allowed` or a warning tells. */
export function chargeLeaks(
  findings: readonly Finding[],
  { leaks }: Pick<LifeOptions, 'leaks'>,
  charge: (failure: Failure) => void,
  allowed: (name: string) => void,
): void {
  if (leaks === 'off') return;
  for (const finding of findings) {
    if ('allowedBy' in finding) allowed(finding.allowedBy);
    else if (leaks === 'warn') process.emitWarning(finding.error.message, finding.error.name);
    else charge(new Failure(finding.error));
  }
}
