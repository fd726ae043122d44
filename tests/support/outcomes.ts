/** Runs tests inside of a test, and says what became of them. */
import { type SynchronousTestCase, TestCase, type TestResult, type Todo } from 'txtrial';
import type { Failure } from 'txtrial/internet';

/** Notes what a test tells its result, as `error TypeError`, `skip (reason)`, … */
export class Recorder implements TestResult {
  readonly outcomes: string[] = [];
  /** The errors, in the same order, without those outcomes that have none. */
  readonly errors: unknown[] = [];
  readonly causes: (string | undefined)[] = [];
  stopped = false;

  startTest(): void {
    this.outcomes.length = 0;
  }

  stopTest(): void {
    this.stopped = true;
  }

  addSuccess(): void {
    this.outcomes.push('success');
  }

  addError(_test: object, failure: Failure, cause?: string): void {
    this.#add(`${this.stopped ? 'late ' : ''}error`, failure, '', cause);
  }

  addFailure(_test: object, failure: Failure, cause?: string): void {
    this.#add('failure', failure, '', cause);
  }

  addSkip(_test: object, reason: string): void {
    this.outcomes.push(`skip (${reason})`);
  }

  addExpectedFailure(_test: object, failure: Failure, todo: Todo, cause?: string): void {
    this.#add('expectedFailure', failure, ` (${todo.reason})`, cause);
  }

  addUnexpectedSuccess(_test: object, todo: Todo): void {
    this.outcomes.push(`unexpectedSuccess (${todo.reason})`);
  }

  #add(kind: string, failure: Failure, rest: string, cause: string | undefined): void {
    this.outcomes.push(`${kind} ${failure.type?.name}${rest}`);
    this.errors.push(failure.value);
    this.causes.push(cause);
  }
}

/** A class of tests, as it is written. */
export type TestClass = new (methodName?: string) => SynchronousTestCase;

/** Runs one test and waits until it is over. */
export async function record(testClass: TestClass, methodName = 'test_it'): Promise<Recorder> {
  const recorder = new Recorder();
  await new testClass(methodName).run(recorder);
  return recorder;
}

/** The base of tests about what becomes of tests. */
export class OutcomeTestCase extends TestCase {
  /** Expects a test to have these outcomes, in this order. */
  async outcomesOf(testClass: TestClass, outcomes: readonly string[], methodName?: string): Promise<Recorder> {
    const recorder = await record(testClass, methodName);
    this.assertEqual(recorder.outcomes, [...outcomes]);
    return recorder;
  }

  /** Expects a test with this body to have these outcomes, in this order. */
  outcomes(body: (test: TestCase) => unknown, ...outcomes: readonly string[]): Promise<Recorder> {
    return this.outcomesOf(withBody(body), outcomes);
  }
}

/** A class with one test, `test_it`. */
export function withBody(body: (test: TestCase) => unknown): new (methodName?: string) => TestCase {
  return class Sample extends TestCase {
    test_it(): unknown {
      return body(this);
    }
  };
}

export class Boom extends Error {}
export class SubBoom extends Boom {}

/** A function that throws. */
export function throws(error: unknown): () => never {
  return () => {
    throw error;
  };
}
