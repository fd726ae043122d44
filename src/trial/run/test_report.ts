import { isInstance } from '../../internet/error_text.js';
import type { Failure } from '../../internet/failure.js';
import type { Leak, Outcome, OutcomeCause, TestEvent, TestFinished } from '../events/events.js';
import { LeakError } from '../leaks/leak_error.js';
import { epochMs, monotonicMs } from '../life/now.js';
import type { TestResult } from '../life/result.js';
import type { Todo } from '../life/todo.js';
import { explainedError } from '../network/explained_error.js';
import { notePortInUse } from '../network/port_in_use.js';
import type { SuiteTest } from './suite.js';

const SUCCESS: Outcome = Object.freeze({ kind: 'success' });

/** Makes events of what becomes of one test. */
export class TestReport implements TestResult {
  readonly #test: SuiteTest;
  readonly #emit: (event: TestEvent) => void;
  readonly #onFailure: ((id: string, failure: Failure) => void) | undefined;
  #outcomes: Outcome[] | undefined;
  #allowedLeaks: string[] | undefined;
  #startedMs = 0;

  constructor(
    test: SuiteTest,
    emit: (event: TestEvent) => void,
    onFailure: ((id: string, failure: Failure) => void) | undefined,
  ) {
    this.#test = test;
    this.#emit = emit;
    this.#onFailure = onFailure;
  }

  startTest(): void {
    const { id, file, line } = this.#test;
    this.#outcomes = [];
    const startedAt = epochMs() / 1000;
    this.#startedMs = monotonicMs();
    this.#emit(
      line === undefined
        ? { type: 'testStarted', id, file, startedAt }
        : { type: 'testStarted', id, file, line, startedAt },
    );
  }

  stopTest(): void {
    const outcomes = this.#outcomes;
    if (outcomes === undefined) return;
    this.#outcomes = undefined;
    const { id, file, line } = this.#test;
    const duration = (monotonicMs() - this.#startedMs) / 1000;
    const allowedLeaks = this.#allowedLeaks;
    this.#allowedLeaks = undefined;
    // Written out, since this is made for each test.
    const event: TestFinished =
      line === undefined
        ? { type: 'testFinished', id, file, outcomes, duration }
        : { type: 'testFinished', id, file, line, outcomes, duration };
    this.#emit(allowedLeaks === undefined ? event : { ...event, allowedLeaks });
  }

  addSuccess(): void {
    this.#add(SUCCESS);
  }

  addFailure(_test: object, failure: Failure, cause: OutcomeCause = 'assertion'): void {
    this.#onFailure?.(this.#test.id, failure);
    this.#add({ kind: 'failure', ...explainedError(failure), cause });
  }

  addError(_test: object, failure: Failure, cause: OutcomeCause = 'error'): void {
    this.#onFailure?.(this.#test.id, failure);
    const leak = leakOf(failure.value);
    this.#add({ kind: 'error', ...explainedError(failure), cause, ...(leak === undefined ? undefined : { leak }) });
  }

  addSkip(_test: object, reason: string): void {
    this.#add({ kind: 'skip', reason });
  }

  addExpectedFailure(_test: object, failure: Failure, todo: Todo, cause: OutcomeCause = 'error'): void {
    this.#add({ kind: 'expectedFailure', ...explainedError(failure), reason: todo.reason, cause });
  }

  addUnexpectedSuccess(_test: object, todo: Todo): void {
    this.#add({ kind: 'unexpectedSuccess', reason: todo.reason });
  }

  addAllowedLeak(_test: object, name: string): void {
    this.#allowedLeaks ??= [];
    this.#allowedLeaks.push(name);
  }

  noteTrouble({ value }: Failure): void {
    notePortInUse(value);
  }

  #add(outcome: Outcome): void {
    if (this.#outcomes !== undefined) this.#outcomes.push(outcome);
    else this.#emit({ type: 'verdictAmended', id: this.#test.id, outcomes: [outcome] });
  }
}

function leakOf(value: unknown): Leak | undefined {
  if (!isInstance(value, LeakError)) return undefined;
  const { kind, description, place } = value;
  return { kind, description, place };
}
