/** The life of one test: setUp, the test, cleanups, tearDown, then a look at what it left behind. */

import { TimeoutError } from '../../internet/errors.js';
import { Failure, isFailure } from '../../internet/failure.js';
import { whenSettled } from '../../internet/promises.js';
import { isDeferred, isThenable } from '../../internet/thenable.js';
import type { OutcomeCause } from '../events/events.js';
import { isReachable } from '../leaks/outside.js';
import { waitingLines } from '../waiting/waiting_lines.js';
import { Account } from './account.js';
import { Aftermath } from './aftermath.js';
import { charge, type Owner, runAs } from './attribution.js';
import { seemIntact } from './built_ins.js';
import { TestWarning } from './errors.js';
import { endWait, startWait, type Waiter } from './idle.js';
import type { LifeOptions } from './life_options.js';
import type { LivingTest } from './living_test.js';
import { soon } from './now.js';
import { restoreListeners } from './own_listeners.js';
import { pointAt } from './place.js';
import { giveBack, judgeReplaced, setAside } from './replaced.js';
import type { TestResult } from './result.js';
import { lostCleanupsText, nothingLeftText, notRun, refusesToWait, stalledText, timeoutText } from './step_texts.js';
import { isEmpty, isGenerator, type Step, stepMethod, testMethod } from './steps.js';
import { steps } from './steps_begun.js';
import { STATE, type TestState } from './test_state.js';
import type { Timed } from './timeouts.js';
import type { Todo } from './todo.js';
import { nextTurn, turnNow } from './turns.js';
import { Verdict } from './verdict.js';
import { Wait, type WaitOwner } from './wait.js';

// What comes next in a life.
const START = 0;
const SET_UP_ENDED = 1;
const TEST_ENDED = 2;
const CLEANUPS = 3;
const CLEANUP_ENDED = 4;
const TEAR_DOWN_ENDED = 5;
const LEFT_BEHIND = 6;
const DELAYED_CALLS = 7;
const VERDICT = 8;
const SELECTABLES = 9;
const REMOVED = 10;
const LAST = 11;
const OVER = 12;

// Taken before any test can replace them.
const { AbortController } = globalThis;
const { apply } = Reflect;
const { add, load } = Atomics;

const NO_ARGS: readonly never[] = [];

// Where a life is called from.
/** From anywhere: the rest follows in a later turn. */
const ELSEWHERE = 0;
/** From the event loop, with nothing of anybody's in between. */
const ON_TOP = 1;
/** From a tick or microtask, all of which are run before `start` returns. */
const DRAINING = 2;

/**
 * Takes a test through its steps, one after the other, each under its own time, and tells a TestResult what became of it.
 *
 * A step that returns nothing to wait for costs a call and a look at what it returned: no promise, timer or closure.
 * After a wait the life goes on in the test's own asynchronous context.
 */
export class Life implements Timed, Waiter, WaitOwner {
  /** Whose errors are this test's. */
  readonly account: Account;
  readonly #test: LivingTest;
  readonly #state: TestState;
  readonly #verdict: Verdict;
  /** Of a test that has left something; most have not. */
  #aftermath: Aftermath | undefined;
  readonly #result: TestResult;
  readonly #options: LifeOptions;
  readonly #onOver: (life: Life) => void;
  #next: number = START;
  #stepName = '';
  /** Of the step that has just ended. */
  #failure: Failure | undefined;
  #cause: OutcomeCause = 'error';
  #wait: Wait | undefined;
  #wasSetUp = false;
  #waited = false;
  /** How long what is waited for may take. */
  #waitSeconds = 0;
  #where: typeof ELSEWHERE | typeof ON_TOP | typeof DRAINING = ELSEWHERE;
  /** Goes on when the ticks and microtasks of now have run. */
  #waitsForTurn = false;
  /** How long the step may take, if that was known before it. */
  #seconds: number | undefined;
  /** A step has run since that was asked. */
  #secondsAreOld = false;
  /** Looked for when the test method is over, in a SynchronousTestCase before it, as in Trial. */
  #expected: Todo | undefined;
  #abort: AbortController | undefined;
  /** How many steps, of whatever test, had begun before. */
  #stepsBefore = 0;

  constructor(test: LivingTest, result: TestResult, options: LifeOptions, onOver: (life: Life) => void) {
    this.#test = test;
    this.#state = test[STATE];
    this.#result = result;
    this.#verdict = new Verdict(test, result);
    this.account = new Account(test, this.#verdict, result, options);
    this.#options = options;
    this.#onOver = onOver;
  }

  get depth(): number {
    return this.account.depth;
  }

  /** Whether nothing more is going to happen. */
  get over(): boolean {
    return this.#next === OVER;
  }

  /** Aborted when a step of the test is given up. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.account.givenUp !== undefined) this.#abort.abort(this.account.givenUp);
    }
    return this.#abort.signal;
  }

  get testId(): string {
    return testName(this.#test);
  }

  /** Of the step that is under way. */
  get stepName(): string {
    return this.#stepName;
  }

  /** What the step that is under way may take. */
  stepSeconds(): number {
    return this.#secondsNow() ?? this.#state.defaultTimeout;
  }

  /**
   * Goes through all steps that need not be waited for; the rest follows by itself.
   *
   * @param isOnTop - Whether this is called by the event loop, with nothing of anybody's in between. Then what is waited for
   * may also come by ticks and microtasks.
   */
  start(isOnTop = false): void {
    this.#state.life = this;
    if (isOnTop) this.#where = ON_TOP;
    runAs(this.account, proceed, this);
    if (isOnTop && this.#wait !== undefined) this.#drain();
    this.#where = ELSEWHERE;
    giveBack();
  }

  /** Most of what is waited for has come when the ticks and microtasks of now have run: no turn of the event loop for that. */
  #drain(): void {
    this.#where = DRAINING;
    giveBack();
    const isDrained = turnNow();
    setAside(false);
    this.#where = ELSEWHERE;
    if (this.#waitsForTurn) {
      this.#waitsForTurn = false;
      if (isDrained) runAs(this.account, proceed, this);
      else nextTurn(proceedAsItself, this);
    } else if (this.#wait !== undefined) {
      this.#beginWaiting();
    }
  }

  #beginWaiting(): void {
    startWait(this);
    this.#options.deadline.set(this, this.#waitSeconds);
  }

  #endWaiting(): void {
    this.#options.deadline.clear();
    endWait(this);
  }

  /** Ends the step that is being waited for; cleanups and tearDown run, then the test is over. */
  interrupt(error: Error): void {
    this.#giveUp(error, 'error');
  }

  timedOut(seconds: number): void {
    setAside(true);
    this.#timeOut(timeoutText(testName(this.#test), this.#stepName, seconds));
  }

  isReachable(): boolean {
    return isReachable(this.account.made) || this.#options.makers?.().some(({ made }) => isReachable(made)) === true;
  }

  nothingLeft(): void {
    if (this.#wait === undefined) this.stalled();
    else this.#timeOut(nothingLeftText(testName(this.#test), this.#stepName));
  }

  /** Code of trial's own has ended with an exception: it has met what a test has replaced. */
  stalled(): void {
    this.#endWaiting();
    this.cutOff(new Error(stalledText(testName(this.#test), this.#stepName)), 'error');
  }

  /** Has an error without a frame of the user's say where the test is. */
  pointAt(error: Error): void {
    pointAt(error, this.#test);
  }

  /** The step is about to be cut off: that is not to be taken for its timeout. */
  stopClock(): void {
    this.#options.deadline.clear();
  }

  /** The step's code has blocked the event loop and was cut off: the step is over. */
  cutOff(error: Error, cause: OutcomeCause): void {
    if (this.over) return;
    this.#where = ELSEWHERE;
    if (this.#wait !== undefined) {
      this.#giveUp(error, cause);
      return;
    }
    setAside(true);
    this.account.givenUp ??= error;
    this.#waited = true;
    if (this.#next >= LEFT_BEHIND) this.#verdict.addError(new Failure(error), cause);
    this.#failure = new Failure(error);
    this.#cause = cause;
    runAs(this.account, proceed, this);
    giveBack();
  }

  /** Code of another test, which is over, has blocked the event loop and was cut off. */
  othersBlocked(owner: Owner, error: Error): void {
    owner.trouble({}, new Failure(error), 'late');
    // It may have been called by code of this test's, whose turns went with it.
    if (this.#wait === undefined && !this.over) runAs(this.account, proceed, this);
  }

  waitEnded(wait: Wait, failure: Failure | undefined): void {
    if (this.#wait !== wait) {
      // Its step was given up. What the work made of that is no news; an error of later is.
      if (failure !== undefined && !wait.cancelling) this.account.trouble(wait, failure, 'late');
      return;
    }
    this.#wait = undefined;
    this.#failure = failure;
    if (wait.starting) return;
    setAside(failure !== undefined);
    if (this.#where === ELSEWHERE) this.#endWaiting();
    runAs(this.account, proceed, this);
    giveBack();
  }

  /** Goes on until something has to be waited for, or the life is over. */
  proceed(): void {
    while (this.#advance());
  }

  #advance(): boolean {
    switch (this.#next) {
      case START:
        return this.#start();
      case SET_UP_ENDED:
        if (this.#failure !== undefined) {
          this.#verdict.setUpFailed(this.#failure, this.#cause);
          this.#next = CLEANUPS;
          return true;
        }
        this.#wasSetUp = true;
        this.#next = TEST_ENDED;
        if (this.#state.synchronous) this.#expected = this.#todo();
        return this.#runMethod(this.#state.methodName, testMethod);
      case TEST_ENDED:
        if (!this.#state.synchronous) this.#expected = this.#todo();
        this.#verdict.testEnded(this.#failure, this.#cause, this.#expected);
        this.#next = CLEANUPS;
        return true;
      case CLEANUPS: {
        const cleanup = this.#state.cleanups?.pop();
        if (cleanup !== undefined) {
          this.#next = CLEANUP_ENDED;
          this.#seconds = undefined;
          return this.#step('cleanup', cleanup.f, undefined, cleanup.args);
        }
        this.#next = TEAR_DOWN_ENDED;
        this.#failure = undefined;
        this.#verdict.cleanedUp();
        return !this.#wasSetUp || this.#runMethod('tearDown', stepMethod);
      }
      case CLEANUP_ENDED:
        if (this.#failure !== undefined) this.#verdict.addError(this.#failure, this.#cause);
        this.#next = CLEANUPS;
        return true;
      case TEAR_DOWN_ENDED:
        if (this.#failure !== undefined) this.#verdict.tearDownFailed(this.#failure, this.#cause);
        this.#dropCleanups();
        if (this.depth === 0) this.#judgeReplaced();
        this.#next = LEFT_BEHIND;
        return true;
      case LEFT_BEHIND:
        return this.#waitTurn();
      case DELAYED_CALLS:
        this.#lookAround();
        if (this.#aftermath?.waits(this, proceed, this) === true) return false;
        this.#aftermath?.cancelCalls();
        this.#next = VERDICT;
        return true;
      case VERDICT:
        this.#options.collectGarbage?.();
        this.#verdict.reach();
        this.#next = SELECTABLES;
        return true;
      case SELECTABLES:
        this.#aftermath?.removeSelectables();
        this.#next = this.#aftermath === undefined ? LAST : REMOVED;
        return true;
      case REMOVED:
        if (this.#aftermath?.waitsForRemoved(proceed, this) === true) return false;
        this.#next = LAST;
        return true;
      default:
        this.#finish();
        return false;
    }
  }

  /** Charges what the test has replaced that code everywhere relies on. */
  #judgeReplaced(): void {
    const judgement = judgeReplaced(this.#stepsBefore);
    const { leaks } = this.#options;
    if (judgement === undefined || leaks === 'off') return;
    const { error, isSure } = judgement;
    if (leaks === 'warn') process.emitWarning(error.message, error.name);
    else if (isSure) this.#verdict.addError(new Failure(pointAt(error, this.#test)), 'leak');
    else charge(undefined, new Failure(error), 'leak');
  }

  /** Cleanups that tearDown added never run, as in Trial; here that is said. */
  #dropCleanups(): void {
    const length = this.#state.cleanups?.length ?? 0;
    if (length === 0) return;
    this.#state.cleanups = undefined;
    const text = lostCleanupsText(testName(this.#test), length);
    process.emitWarning(pointAt(new TestWarning(text), this.#test));
  }

  #start(): boolean {
    this.#stepsBefore = load(steps, 0);
    this.#result.startTest?.(this.#test);
    this.#next = LAST;
    try {
      // Not taken apart: that would go through an iterator, for each test.
      const skip = this.#test.getSkip();
      if (skip[0]) {
        this.#verdict.skipped(skip[1] ?? '');
        return true;
      }
      // So that one that makes no sense is an error also of a test that need not wait.
      this.#seconds = this.#state.synchronous ? undefined : this.#test.getTimeout();
    } catch (error) {
      setAside(true);
      this.#verdict.addError(new Failure(error), 'error');
      return true;
    }
    this.#next = SET_UP_ENDED;
    return this.#runMethod('setUp', stepMethod);
  }

  /** Runs a step that is a method of the test's, under the time that it has now. */
  #runMethod(name: string, find: typeof stepMethod): boolean {
    try {
      const found = find(this.#test, name);
      if (isEmpty(found)) {
        this.#failure = undefined;
        return true;
      }
      if (typeof found === 'function') {
        if (this.#secondsAreOld && !this.#state.synchronous) this.#seconds = this.#secondsNow();
        this.#secondsAreOld = true;
        return this.#step(name, found, this.#test, NO_ARGS);
      }
      this.#failure = new Failure(this.#misuse(found));
    } catch (error) {
      if (setAside(true)) return this.#runMethod(name, find);
      this.#failure = new Failure(error);
    }
    this.#cause = 'error';
    return true;
  }

  /** Runs a step. Returns whether it is over; its failure is in `#failure` then. */
  #step(name: string, f: Step, self: unknown, args: readonly unknown[]): boolean {
    add(steps, 0, 1);
    this.#stepName = name;
    this.#failure = undefined;
    this.#cause = 'error';
    let returned: unknown;
    giveBack();
    try {
      returned = apply(f, self, args);
      if (!seemIntact()) setAside(false);
      if (returned === undefined || returned === null) return true;
      if (typeof returned !== 'object' && typeof returned !== 'function') return true;
      return this.#isOver(returned);
    } catch (error) {
      setAside(true);
      this.#failure = new Failure(error);
      return true;
    }
  }

  /** Whether a step that returned this is over. */
  #isOver(returned: object): boolean {
    if (isFailure(returned)) {
      // A SynchronousTestCase has no use for what its steps return.
      if (!this.#state.synchronous) this.#failure = returned;
      return true;
    }
    if (!isThenable(returned)) {
      if (isGenerator(returned)) throw this.#misuse(notRun(this.#stepName));
      return true;
    }
    const deferred = isDeferred(returned) ? returned : undefined;
    if (this.#state.synchronous) {
      // A promise that is rejected is heard of in the next turn, as one that nobody handles.
      this.#waited = true;
      throw this.#misuse(refusesToWait(this.#stepName, deferred === undefined ? 'Promise' : 'Deferred'));
    }
    const seconds = this.#seconds ?? this.#test.getTimeout();
    const wait = new Wait(this, deferred);
    this.#wait = wait;
    if (deferred !== undefined) deferred.addCallbacks(wait.succeeded, wait.failed);
    else whenSettled(returned, wait.succeeded, wait.failed);
    wait.starting = false;
    if (this.#wait === undefined) return true;
    this.#waited = true;
    this.#waitSeconds = seconds;
    if (this.#where === ELSEWHERE) this.#beginWaiting();
    return false;
  }

  generatorReturned(): Failure {
    return new Failure(this.#misuse(notRun(this.#stepName)));
  }

  /** The error of a step that is written in a way that cannot work. */
  #misuse(text: string): TypeError {
    return pointAt(new TypeError(text), this.#test);
  }

  #timeOut(text: string): void {
    const lines = [text, ...this.waitingLines()];
    this.#giveUp(pointAt(new TimeoutError(lines.join('\n')), this.#test), 'timeout');
  }

  /** What the test waits for, as far as that is known, or has begun when its code is still running. */
  waitingLines({ isBlocked = this.#wait === undefined } = {}): readonly string[] {
    const { trace, made = [] } = this.account;
    if (trace === undefined) return [];
    return waitingLines(this.#wait?.deferred, trace, this.#options.reactor, made, { isBlocked });
  }

  #giveUp(error: Error, cause: OutcomeCause): void {
    const wait = this.#wait;
    if (wait === undefined) return;
    setAside(true);
    this.#wait = undefined;
    this.#endWaiting();
    this.account.givenUp ??= error;
    this.#failure = new Failure(error);
    this.#cause = cause;
    runAs(this.account, cancelAndProceed, this, wait, error);
    giveBack();
  }

  cancel(wait: Wait, reason: Error): void {
    wait.cancelling = true;
    soon(endCancelling, wait);
    this.#abort?.abort(reason);
    try {
      wait.cancel();
    } catch (error) {
      this.account.trouble(wait, new Failure(error), 'error');
    }
  }

  /** What the test is expected to fail with; a `todo` that makes no sense is an error. */
  #todo(): Todo | undefined {
    try {
      return this.#test.getTodo();
    } catch (error) {
      this.#verdict.addError(new Failure(error), 'error');
      return undefined;
    }
  }

  /** Waits a turn of the event loop, unless that could not bring anything to light. */
  #waitTurn(): boolean {
    this.#lookAround();
    const isDirty = this.#aftermath?.begin() === true;
    this.#next = DELAYED_CALLS;
    if (!this.#options.turnBeforeVerdict && !this.#waited && !isDirty) return true;
    // Also gets out of whatever code of the test's has just fired the Deferred that was waited for.
    if (isDirty) soon(proceed, this);
    else if (this.#where === DRAINING) this.#waitsForTurn = true;
    else if (this.#where === ON_TOP && turnNow()) return true;
    else nextTurn(proceedAsItself, this);
    return false;
  }

  #lookAround(): void {
    if (this.#aftermath !== undefined || (this.account.made === undefined && this.#options.reactor.isQuiet())) return;
    this.#aftermath = new Aftermath(this.#options, this.#verdict, this.account);
  }

  /** How long a step that begins now may take; undefined when that cannot be told, which is an error where one waits. */
  #secondsNow(): number | undefined {
    try {
      return this.#test.getTimeout();
    } catch {
      return undefined;
    }
  }

  #finish(): void {
    this.#verdict.addTroubles();
    this.account.showWarnings();
    this.account.close();
    if (this.depth === 0) restoreListeners();
    this.#next = OVER;
    this.#state.life = undefined;
    this.#result.stopTest?.(this.#test);
    this.#onOver(this);
  }
}

/** A test that cannot say its id still has its class and its method. */
function testName(test: LivingTest): string {
  try {
    return test.id();
  } catch {
    // What its own `id` threw says nothing of the wait that is to be reported.
    return `${test.constructor.name}.${test[STATE].methodName}`;
  }
}

function proceed(life: Life): void {
  life.proceed();
}

function proceedAsItself(life: Life): void {
  runAs(life.account, proceed, life);
}

function endCancelling(wait: Wait): void {
  wait.cancelling = false;
}

function cancelAndProceed(life: Life, wait: Wait, reason: Error): void {
  life.cancel(wait, reason);
  life.proceed();
}
