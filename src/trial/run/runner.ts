/** Runs the tests of a suite, one after the other, and says as events what becomes of them. */

import { Failure } from '../../internet/failure.js';
import { reactor } from '../../internet/reactor.js';
import { allowedLeaksOf } from '../case/attributes.js';
import { SynchronousTestCase } from '../case/synchronous_test_case.js';
import type { OutcomeCause, TestEvent, Totals } from '../events/events.js';
import { hasPassed, TotalsCounter, wasSuccessful } from '../events/outcome.js';
import { reportLateLeaks } from '../leaks/made.js';
import { currentOwner, reportLate, reportStrays, runAs } from '../life/attribution.js';
import type { Blockable } from '../life/blockable.js';
import { beginBlockable, endBlockable, isBeingInterrupted } from '../life/blocking.js';
import { ForbiddenExitError, InterruptedError } from '../life/errors.js';
import { stopRequested } from '../life/exit_guard.js';
import { whenStalled } from '../life/idle.js';
import { LeftBehind } from '../life/left_behind.js';
import { Life } from '../life/life.js';
import type { LifeOptions } from '../life/life_options.js';
import { monotonicMs, soon } from '../life/now.js';
import { lookForReplaced } from '../life/replaced.js';
import { DEFAULT_TIMEOUT, STATE } from '../life/test_state.js';
import { Deadline } from '../life/timeouts.js';
import { beginWatch } from '../life/watch.js';
import { leaksAre, type Options } from '../options/options.js';
import { shownPath } from '../shown_path.js';
import { garbageCollector } from './force_gc.js';
import { inspectModule, type ModuleMaker } from './module_leaks.js';
import { OwnRun } from './own_run.js';
import { stopInDebugger } from './post_mortem.js';
import { Preparation, type Prepared } from './preparation.js';
import type { AttemptLog, Retries, RetriesOptions } from './retries.js';
import { settle } from './settle.js';
import { strayProblem } from './stray_problem.js';
import type { Suite, SuiteProblem, SuiteTest } from './suite.js';
import { TestReport } from './test_report.js';

/**
 * Runs a suite.
 *
 * @param suite - Its tests and problems, in order. Each test gets one instance of its class, made
 * before the first test runs; further passes (`untilFailure`, `repeat`) run the same instances.
 * @param emit - Gets `loadError`, `testStarted`, `testFinished` and `verdictAmended`, synchronously and in order.
 * @param signal - Aborted to end the run early: the running test still has its cleanups and tearDown.
 * @param modules - Knows what goes wrong in what the modules of the tests began: it is asked after each test.
 * @param start - Where to go on if another process has run a part.
 */
export async function runSuite(
  suite: Suite,
  options: Options,
  emit: (event: TestEvent) => void,
  signal?: AbortSignal,
  modules?: ModuleTroubles,
  start?: RunStart,
): Promise<SuiteResult> {
  const collectGarbage = options.forceGc ? await garbageCollector() : undefined;
  const { retries, randomSeed: seed } = options;
  const makeRetries =
    retries > 0
      ? await retriesMaker({ retries, seed, before: start?.testsBefore ?? 0, log: start?.attempts })
      : undefined;
  // Awaited and not returned as it is: that would call whatever `then` the tests have put on promises.
  return await new Promise((resolve) => {
    new SuiteRun(suite, options, emit, signal, modules, start, makeRetries, resolve).start(collectGarbage);
  });
}

/** What became of a run. */
export interface SuiteResult {
  /** Of the last pass, with the suite's problems. */
  readonly totals: Totals;
  /** The first is 1. */
  readonly failedPasses: readonly number[];
  /** How often the tests were begun with. */
  readonly passes: number;
  /** For each thing that a module left behind and was allowed to: the kind or package that allows it. */
  readonly allowedLeaks: readonly string[];
}

type RetriesMaker = (emit: (event: TestEvent) => void) => Retries;

async function retriesMaker(options: RetriesOptions): Promise<RetriesMaker> {
  const retries = await import('./retries.js');
  return (emit) => new retries.Retries(options, emit);
}

/** How far a run has come. */
export interface RunStart {
  /** The index of the first item to run. */
  readonly next: number;
  /** How many tests of this pass have been run. */
  readonly testsBefore: number;
  /** How often all items have been run. */
  readonly passes: number;
  /** Which of those failed, the first being 1. */
  readonly failedPasses: readonly number[];
  /** What this pass has brought so far; undefined: nothing. */
  readonly totals: Totals | undefined;
  readonly attempts?: AttemptLog;
}

/** What goes wrong in no test, in what modules began when they were loaded. */
export interface ModuleTroubles {
  /** Gives what is new. */
  takeProblems(): readonly SuiteProblem[];
  /** As `takeProblems`, at the end of the run. */
  takeAllProblems(): readonly SuiteProblem[];
  /** Those that may have something open. */
  makers(): readonly ModuleMaker[];
}

/** For so long tests that need not wait may keep the event loop from turning. */
const LONGEST_WITHOUT_TURN_MS = 5;

class SuiteRun {
  readonly #suite: Suite;
  readonly #options: Options;
  readonly #emit: (event: TestEvent) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #modules: ModuleTroubles | undefined;
  readonly #done: (result: SuiteResult) => void;
  /** In which the run was begun: a run inside of a test belongs to that test. */
  readonly #context = currentOwner();
  readonly #deadline = new Deadline();
  readonly #onFailure: typeof stopInDebugger | undefined;
  readonly #retries: Retries | undefined;
  /** The test whose attempt has failed, for the next one. */
  #again: Prepared | undefined;
  /** Takes the events of a test. */
  readonly #emitOfTest: (event: TestEvent) => void;
  #pass: TotalsCounter;
  readonly #items: (Prepared | SuiteProblem)[] = [];
  #lifeOptions: LifeOptions | undefined;
  #preparation: Preparation | undefined;
  #next: number;
  #passes: number;
  readonly #failedPasses: number[];
  /** Of modules. */
  readonly #allowedLeaks: string[] = [];
  #stopped = false;
  #isEnding = false;
  /** The next test when nothing was under way any more. */
  #stalledAt = -1;
  /** Not inside of a test that another run runs. */
  #isOutermost = true;
  #running: SuiteTest | undefined;
  #life: Life | undefined;
  /** That of the test which is running, if it has a `run` of its own. */
  #ownRun: OwnRun | undefined;
  #starting = false;
  /** When the event loop has turned last. */
  #turnedMs = 0;
  readonly #strays: SuiteProblem[] = [];
  #end: () => void = () => undefined;

  constructor(
    suite: Suite,
    options: Options,
    emit: (event: TestEvent) => void,
    signal: AbortSignal | undefined,
    modules: ModuleTroubles | undefined,
    start: RunStart | undefined,
    makeRetries: RetriesMaker | undefined,
    done: (result: SuiteResult) => void,
  ) {
    this.#suite = suite;
    this.#options = options;
    this.#onFailure = options.debug && options.postMortem ? stopInDebugger : undefined;
    this.#emit = (event) => {
      this.#pass.add(event);
      emit(event);
    };
    this.#retries = makeRetries?.(this.#emit);
    this.#emitOfTest = this.#retries?.take ?? this.#emit;
    this.#signal = signal;
    this.#modules = modules;
    this.#done = done;
    this.#pass = new TotalsCounter(start?.totals);
    this.#next = start?.next ?? 0;
    this.#passes = start?.passes ?? 0;
    this.#failedPasses = [...(start?.failedPasses ?? [])];
  }

  /** Makes the instances and begins with the first test. */
  start(collectGarbage: (() => void) | undefined): void {
    const { timeoutSeconds } = this.#options;
    this.#lifeOptions = this.#begin(collectGarbage);
    this.#preparation = new Preparation(
      this.#lifeOptions,
      timeoutSeconds === 0 ? Number.POSITIVE_INFINITY : timeoutSeconds,
    );
    // Nobody waits for the call itself: what blocks is cut off with all that has called it.
    soon(prepareTests, this);
  }

  /** Makes the instances that are still to be made. */
  prepareTests(): void {
    for (let i = this.#items.length; i < this.#suite.length && !this.#stopped; i++) {
      const item = this.#suite[i];
      if (item === undefined) break;
      this.#items.push(item.kind === 'problem' ? item : this.#prepare(item, this.#firstBlocked));
    }
    soon(runTests, this);
  }

  readonly #firstBlocked = (made: Prepared): void => {
    this.#items.push(made);
    soon(prepareTests, this);
  };

  readonly #againBlocked = (made: Prepared): void => {
    this.#again = made;
    soon(runTests, this);
  };

  #begin(collectGarbage: (() => void) | undefined): LifeOptions {
    const endWatch = beginWatch(this.#stray);
    beginBlockable(this);
    this.#isOutermost = !reactor.running;
    const left = new LeftBehind(reactor, { inside: !this.#isOutermost });
    if (this.#isOutermost) {
      reactor.startUnder({ stopRequested });
      whenStalled(this.#stalled);
    }
    this.#signal?.addEventListener('abort', this.#interrupted);
    if (this.#signal?.aborted === true) this.#stopped = true;
    this.#end = () => {
      this.#signal?.removeEventListener('abort', this.#interrupted);
      this.#deadline.close();
      endBlockable(this);
      if (this.#isOutermost) whenStalled(undefined);
      this.#lookForReplaced();
      this.#allowedLeaks.push(...reportLateLeaks());
      reportLate();
      reportStrays();
      endWatch();
      this.#tellStrays(this.#modules?.takeAllProblems());
      // Until here something may have gone wrong in the last pass.
      this.#judgePass();
      this.#done({
        totals: this.#pass.totals(),
        failedPasses: this.#failedPasses,
        passes: this.#passes,
        allowedLeaks: this.#allowedLeaks,
      });
    };
    return {
      deadline: this.#deadline,
      reactor: left,
      uncleanWarnings: this.#options.uncleanWarnings,
      leaks: leaksAre(this.#options),
      allowLeaks: this.#options.allowLeaks,
      turnBeforeVerdict: true,
      makers: () => this.#modules?.makers() ?? [],
      collectGarbage,
    };
  }

  #prepare(test: SuiteTest, blocked: (made: Prepared) => void): Prepared {
    if (this.#preparation !== undefined && !this.#options.dryRun) return this.#preparation.make(test, blocked);
    return { kind: 'prepared', test, instance: undefined, broken: undefined };
  }

  /** Runs tests until one has to be waited for, or none is left. */
  #runTests(): void {
    while (!this.#stopped) {
      const item = this.#again ?? this.#items[this.#next];
      if (item === undefined) break;
      if (this.#again === undefined) this.#next += 1;
      this.#again = undefined;
      if (item.kind === 'problem') this.#report(item);
      else if (!this.#runTest(item)) return;
      this.#testOver();
      if (item.kind === 'prepared' && this.#fileEnds(item)) return;
      if (this.#isDue()) return;
    }
    this.#passOver();
  }

  /** Whether the event loop is to turn before the next test, which begins then: signals, timers and sockets are seen there only. */
  #isDue(): boolean {
    if (monotonicMs() - this.#turnedMs < LONGEST_WITHOUT_TURN_MS) return false;
    soon(runTests, this);
    return true;
  }

  /** A problem is told of once, and counts in every pass. */
  #report({ event }: SuiteProblem): void {
    if (this.#passes === 0) this.#emit(event);
    else this.#pass.add(event);
  }

  /** Begins a test. Returns whether it is over. */
  #runTest({ test, instance, broken, cause }: Prepared): boolean {
    const report = new TestReport(test, this.#emitOfTest, this.#onFailure);
    this.#running = test;
    if (instance === undefined) {
      report.startTest();
      if (broken === undefined) report.addSuccess();
      else report.addError(test, broken, cause);
      report.stopTest();
      return true;
    }
    if (this.#lifeOptions === undefined) return true;
    const isOther = !(STATE in instance) || instance.run !== SynchronousTestCase.prototype.run;
    if (isOther) this.#ownRun = new OwnRun(instance, test, report, this.#lifeOptions, this.#lifeOver);
    const life = this.#ownRun?.life ?? new Life(instance, report, this.#lifeOptions, this.#lifeOver);
    this.#life = life;
    this.#starting = true;
    life.start(true);
    this.#starting = false;
    return life.over;
  }

  get life(): Life | undefined {
    return this.#ownRun?.running ?? this.#life;
  }

  get running(): Blockable | undefined {
    return this.#preparation?.running ?? this.life;
  }

  /** The code was cut off, with whatever of this run had called it. */
  cutOff(running: Blockable, error: Error, cause: OutcomeCause): void {
    this.#starting = false;
    if (this.#ownRun === undefined) running.cutOff(error, cause);
    else this.#ownRun.cutOff(running, error, cause);
  }

  get isStopping(): boolean {
    return this.#stopped;
  }

  readonly #lifeOver = (): void => {
    this.#life = undefined;
    this.#ownRun = undefined;
    if (!this.#starting) this.#goOn();
  };

  readonly #goOn = (): void => {
    runAs(this.#context, next, this);
  };

  /** The test that was waited for is over. */
  next(): void {
    this.#testOver();
    const item = this.#items[this.#next - 1];
    if (item?.kind === 'prepared' && this.#fileEnds(item)) return;
    if (!this.#isDue()) this.#runTests();
  }

  /** Looks at what the module of a test has open if that was its last test. Returns whether that takes a while. */
  #fileEnds({ test }: Prepared): boolean {
    const { file, module } = test;
    if (this.#modules === undefined || this.#options.repeat > 1 || this.#options.untilFailure) return false;
    const next = this.#items[this.#next];
    if (next?.kind === 'prepared' && next.test.file === file) return false;
    const id = shownPath(file, this.#options.cwd);
    const maker = this.#modules.makers().find((candidate) => candidate.id === id);
    if (maker === undefined) return false;
    for (let i = this.#next; i < this.#items.length; i++) {
      const item = this.#items[i];
      if (item?.kind === 'prepared' && item.test.file === file) return false;
    }
    const allowed = [...this.#options.allowLeaks, ...allowedLeaksOf(module)];
    return inspectModule(maker, file, allowed, this.#options, (problems, allowedLeaks) => {
      this.#allowedLeaks.push(...allowedLeaks);
      this.#tellStrays(problems);
      runAs(this.#context, runTests, this);
    });
  }

  /** The same at the end of the run, for all modules. */
  #allFilesEnd(over: () => void): void {
    const makers = [...(this.#modules?.makers() ?? [])];
    const next = (): void => {
      const maker = makers.shift();
      if (maker === undefined) {
        over();
        return;
      }
      const isLooking = inspectModule(
        maker,
        undefined,
        this.#options.allowLeaks,
        this.#options,
        (problems, allowedLeaks) => {
          this.#allowedLeaks.push(...allowedLeaks);
          this.#tellStrays(problems);
          next();
        },
      );
      if (!isLooking) next();
    };
    next();
  }

  #testOver(): void {
    const test = this.#running;
    this.#running = undefined;
    reportLate();
    if (test !== undefined && this.#retries?.again(!this.#stopped) === true)
      this.#again = this.#prepare(test, this.#againBlocked);
    this.#tellStrays(this.#modules?.takeProblems());
    if (this.#options.exitFirst && !wasSuccessful(this.#pass.totals())) this.#stopped = true;
  }

  #passOver(): void {
    this.#passes += 1;
    const { untilFailure, repeat } = this.#options;
    const isEndless = untilFailure && repeat === 1;
    const again =
      (isEndless ? this.#items.length > 0 : this.#passes < repeat) &&
      (!untilFailure || hasPassed(this.#pass.totals(), this.#options));
    if (!again || this.#stopped) {
      this.#finish();
      return;
    }
    this.#judgePass();
    this.#pass = new TotalsCounter();
    this.#retries?.newPass();
    this.#next = 0;
    soon(runTests, this);
  }

  #judgePass(): void {
    if (!hasPassed(this.#pass.totals(), this.#options)) this.#failedPasses.push(this.#passes);
  }

  runTests(): void {
    this.#turnedMs = monotonicMs();
    this.#lookForReplaced();
    this.#runTests();
  }

  /** What was replaced in no test, or in one that did not seem to need a look. */
  #lookForReplaced(): void {
    const error = this.#isOutermost && this.#options.leaks !== 'off' ? lookForReplaced() : undefined;
    if (error !== undefined) this.#stray(new Failure(error), 'leak');
  }

  /** Nothing is under way, and the run is not over: code of trial's own has ended with an exception. */
  readonly #stalled = (): void => {
    if (this.#isEnding || this.#stalledAt === this.#next) return;
    this.#stalledAt = this.#next;
    this.#lookForReplaced();
    if (this.#life === undefined) soon(runTests, this);
    else this.#life.stalled();
  };

  #finish(): void {
    this.#isEnding = true;
    this.#lookForReplaced();
    const shutdown = this.#isOutermost ? reactor.endUnder() : undefined;
    if (shutdown === undefined) this.#settle();
    else shutdown.addBoth(() => this.#settle());
  }

  /** A run inside of a test leaves what is under way to that test. */
  #settle(): void {
    const isWanted = this.#isOutermost && this.#signal?.aborted !== true;
    if (isWanted) settle(this.#options.timeoutSeconds || DEFAULT_TIMEOUT, () => this.#allFilesEnd(this.#end));
    else soon(this.#end);
  }

  readonly #interrupted = (): void => {
    this.#stopped = true;
    const { life } = this;
    if (life === undefined || isBeingInterrupted(life)) return;
    const reason: unknown = this.#signal?.reason;
    this.#life?.interrupt(new InterruptedError(reason instanceof Error ? reason.message : 'Interrupted.'));
  };

  /** Something went wrong in no test's context. */
  readonly #stray = (failure: Failure, cause: OutcomeCause): void => {
    if (cause === 'logged' && this.#life !== undefined) {
      // As in Twisted: what is logged is an error of the test that is running.
      this.#life.account.trouble(failure, failure, cause);
      return;
    }
    if (failure.value instanceof ForbiddenExitError && this.#preparation?.refuse(failure) === true) return;
    const test = this.#running;
    const where =
      test === undefined
        ? 'This happened outside of any test.'
        : `This happened outside of any test, while ${test.id} was running: that it has to do with it is a guess.`;
    const file = test === undefined ? 'trial' : shownPath(test.file, this.#options.cwd);
    this.#strays.push(strayProblem(file, failure, where));
    if (test === undefined) this.#tellStrays();
  };

  /** Tells of what went wrong in no test: not while a test runs, whose line it would break. */
  #tellStrays(more: readonly SuiteProblem[] = []): void {
    if (this.#strays.length === 0 && more.length === 0) return;
    for (const { event } of [...this.#strays.splice(0), ...more]) this.#emit(event);
  }
}

function prepareTests(run: SuiteRun): void {
  run.prepareTests();
}

function next(run: SuiteRun): void {
  run.next();
}

function runTests(run: SuiteRun): void {
  run.runTests();
}
