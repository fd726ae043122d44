/** Tests whose class has a `run` of its own, or that are another copy's: all that is known of them is what they tell the result. */
import { Deferred } from '../../internet/deferred.js';
import { Failure } from '../../internet/failure.js';
import type { OutcomeCause } from '../events/events.js';
import { currentOwner } from '../life/attribution.js';
import type { Blockable } from '../life/blockable.js';
import { Life } from '../life/life.js';
import type { LifeOptions } from '../life/life_options.js';
import type { LivingTest } from '../life/living_test.js';
import { soon } from '../life/now.js';
import { pointAt } from '../life/place.js';
import type { TestResult } from '../life/result.js';
import { ALLOWED_LEAKS, DEFAULT_TIMEOUT, STATE, SUPPRESSIONS, type TestState } from '../life/test_state.js';
import { Deadline, type Timed } from '../life/timeouts.js';
import type { Todo } from '../life/todo.js';
import type { Suppression } from '../life/warnings.js';
import type { SuiteTest } from './suite.js';
import type { TestReport } from './test_report.js';

/** A test of which anything may be missing. */
export type OtherTest = Partial<LivingTest> & { run(result: TestResult): unknown };

/**
 * Runs such a test as the only step of a life around it: what it does is charged to it, it has its time, and has to tell
 * its result something before it is over.
 */
export class OwnRun {
  /** The life around it. */
  readonly life: Life;
  readonly #test: OtherTest;
  readonly #heard: Heard;

  constructor(
    test: OtherTest,
    suiteTest: SuiteTest,
    report: TestReport,
    options: LifeOptions,
    onOver: (life: Life) => void,
  ) {
    this.#test = test;
    const deadline = new PatientDeadline(() => this.#inner !== undefined);
    const heard = new Heard(report);
    this.#heard = heard;
    const body = new RunAsTest(test, suiteTest, options, heard);
    const around = new Around(report, heard, () => pointAt(toldNothing(suiteTest), body));
    this.life = new Life(body, around, { ...options, deadline }, (life) => {
      deadline.close();
      onOver(life);
    });
  }

  /** The life whose code runs now: that which `super.run(result)` has begun, if it is not the code of `run` itself. */
  get running(): Life {
    return currentOwner() === this.life.account ? this.life : (this.#inner ?? this.life);
  }

  /** The code of `running` was cut off, with whatever had called it. */
  cutOff(running: Blockable, error: Error, cause: OutcomeCause): void {
    running.cutOff(error, cause);
    if (running === this.life) return;
    // Whatever in `run` has called that is gone, too, and what it waits for may not come any more.
    const rest = () => {
      if (!this.life.over) this.life.cutOff(error, cause);
    };
    if (this.#inner === undefined) soon(rest);
    else this.#heard.onStop = () => soon(rest);
  }

  get #inner(): Life | undefined {
    return this.#test[STATE]?.life;
  }
}

/** The time of the steps that `super.run(result)` takes is not that of `run`, which has its own again after them. */
class PatientDeadline extends Deadline {
  readonly #isBusy: () => boolean;

  constructor(isBusy: () => boolean) {
    super();
    this.#isBusy = isBusy;
  }

  override set(waiter: Timed, seconds: number): void {
    const timedOut = () => {
      if (this.#isBusy()) this.set(waiter, seconds);
      else waiter.timedOut(seconds);
    };
    super.set({ timedOut }, seconds);
  }
}

/** The result that `run` is given. The test begins before it and ends after it, however often it says so. */
class Heard implements TestResult {
  /** Whether it was told of anything. */
  isAny = false;
  /** Called at the end of the next test. */
  onStop: (() => void) | undefined;
  readonly #report: TestReport;
  /** What has been told: of an error that cut off both only once. */
  readonly #told = new Set<unknown>();

  constructor(report: TestReport) {
    this.#report = report;
  }

  /** Whether there was nothing but success. */
  get isSuccess(): boolean {
    return this.isAny && this.#told.size === 0;
  }

  startTest(): void {
    // It has been told.
  }

  stopTest(): void {
    this.onStop?.();
    this.onStop = undefined;
  }

  addSuccess(): void {
    this.isAny = true;
  }

  addFailure(test: object, failure: Failure, cause?: OutcomeCause): void {
    if (this.#isNew(failure.value)) this.#report.addFailure(test, failure, cause);
  }

  addError(test: object, failure: Failure, cause?: OutcomeCause): void {
    if (this.#isNew(failure.value)) this.#report.addError(test, failure, cause);
  }

  addSkip(test: object, reason: string): void {
    if (this.#isNew(Symbol())) this.#report.addSkip(test, reason);
  }

  addExpectedFailure(test: object, failure: Failure, todo: Todo, cause?: OutcomeCause): void {
    if (this.#isNew(failure.value)) this.#report.addExpectedFailure(test, failure, todo, cause);
  }

  addUnexpectedSuccess(test: object, todo: Todo): void {
    if (this.#isNew(Symbol())) this.#report.addUnexpectedSuccess(test, todo);
  }

  addAllowedLeak(test: object, name: string): void {
    this.#report.addAllowedLeak(test, name);
  }

  #isNew(told: unknown): boolean {
    this.isAny = true;
    // The same primitive twice is two errors.
    const isNew = typeof told === 'object' && told !== null ? !this.#told.has(told) : true;
    this.#told.add(told);
    return isNew;
  }
}

/** Is told what becomes of the life around `run`. */
class Around implements TestResult {
  readonly #report: TestReport;
  readonly #heard: Heard;
  readonly #toldNothing: () => Error;

  /** @param toldNothing - Makes the error of a test that has told nothing. */
  constructor(report: TestReport, heard: Heard, toldNothing: () => Error) {
    this.#report = report;
    this.#heard = heard;
    this.#toldNothing = toldNothing;
  }

  startTest(): void {
    this.#report.startTest();
  }

  stopTest(): void {
    this.#report.stopTest();
  }

  addSuccess(test: object): void {
    if (this.#heard.isSuccess) this.#report.addSuccess();
    else if (!this.#heard.isAny) this.#report.addError(test, new Failure(this.#toldNothing()));
  }

  addFailure(test: object, failure: Failure, cause?: OutcomeCause): void {
    this.#heard.addFailure(test, failure, cause);
  }

  addError(test: object, failure: Failure, cause?: OutcomeCause): void {
    this.#heard.addError(test, failure, cause);
  }

  addSkip(test: object, reason: string): void {
    this.#heard.addSkip(test, reason);
  }

  addAllowedLeak(test: object, name: string): void {
    this.#heard.addAllowedLeak(test, name);
  }
}

/** Its `run`, as a test with one step. */
class RunAsTest implements LivingTest {
  readonly [STATE]: TestState;
  readonly #test: OtherTest;
  readonly #id: string;
  readonly #heard: Heard;

  constructor(test: OtherTest, suiteTest: SuiteTest, options: LifeOptions, heard: Heard) {
    const { id, module } = suiteTest;
    const defaultTimeout = test[STATE]?.defaultTimeout ?? DEFAULT_TIMEOUT;
    this[STATE] = {
      methodName: 'run',
      synchronous: false,
      id,
      module,
      place: suiteTest,
      defaultTimeout,
      options,
      cleanups: undefined,
      life: undefined,
    };
    this.#test = test;
    this.#id = id;
    this.#heard = heard;
    // Of whose test the errors speak, and whose `failureException` counts.
    Object.defineProperty(this, 'constructor', { value: test.constructor });
  }

  setUp(): void {
    // All is in `run`.
  }

  run(): unknown {
    return this.#test.run(this.#heard);
  }

  /** What `run` has begun and not waited for ends before the next test begins. */
  tearDown(): Deferred<void> | undefined {
    if (this.#test[STATE]?.life === undefined) return undefined;
    const over = new Deferred<void>();
    this.#heard.onStop = () => over.callback();
    return over;
  }

  id(): string {
    return this.#id;
  }

  getSkip(): readonly [false, undefined] {
    // It asks itself.
    return [false, undefined];
  }

  getTodo(): undefined {
    return undefined;
  }

  getTimeout(): number {
    return this.#test.getTimeout?.() ?? this[STATE].defaultTimeout;
  }

  [SUPPRESSIONS](): readonly Suppression[] {
    return this.#test[SUPPRESSIONS]?.() ?? [];
  }

  [ALLOWED_LEAKS](): readonly string[] {
    return this.#test[ALLOWED_LEAKS]?.() ?? [];
  }
}

function toldNothing({ id, testClass }: SuiteTest): Error {
  return new Error(
    `${id} reported nothing: ${testClass.name} has a method run of its own, which trial calls to run the test, and that told ` +
      'its result neither of success nor of anything else. Return super.run(result) in it, or call result.addSuccess(this) ' +
      'and its like. If it is not meant to run tests, give it another name.',
  );
}
