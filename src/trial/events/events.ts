/** The one event stream of a run: what the runner emits, and all that any reporter knows. */

/** `tests.test_poetry.PoetryTestCase.test_client`: module, class, method. */
export type TestId = string;

/** Seconds since 1970-01-01T00:00:00Z, with a fraction. */
export type EpochSeconds = number;

/**
 * 0 all passed, 1 something failed, 2 the run could not be done, 129 ended by SIGHUP (the terminal has gone), 130
 * interrupted (Ctrl-C), 143 ended by SIGTERM.
 */
export type ExitCode = 0 | 1 | 2 | 129 | 130 | 143;

/** What can become of one test; one test may have several. */
export type OutcomeKind = 'success' | 'failure' | 'error' | 'skip' | 'expectedFailure' | 'unexpectedSuccess';

/** What brought an outcome about. */
export type OutcomeCause = 'assertion' | 'error' | 'logged' | 'unhandled' | 'late' | 'leak' | 'timeout' | 'death';

/** One thing that became of a test. Plain data: it survives JSON. */
export interface Outcome {
  /** What has become of it. */
  readonly kind: OutcomeKind;
  /** The class of the error. */
  readonly errorName?: string;
  /** The error's own. */
  readonly message?: string;
  /** In the user's own lines, without frames of txtrial's. */
  readonly stack?: string;
  /** Of a skip, an expected failure or an unexpected success; may be empty. */
  readonly reason?: string;
  /** What brought it about; absent for a success and a skip. */
  readonly cause?: OutcomeCause;
  /** What was left behind; absent for what the reactor had open. */
  readonly leak?: Leak;
}

/** Something that was made and not seen to its end. */
export interface Leak {
  /** `timer`, `socket`, `file`, …: what `allowLeaks` takes. */
  readonly kind: string;
  /** What it is, with its address, delay or file. */
  readonly description: string;
  /** `file:line:column` where it was made. */
  readonly place: string;
}

/** One of several runs of a test that failed and was run again. */
export interface Attempt {
  /** What became of the test this time. */
  readonly outcomes: readonly Outcome[];
  readonly startedAt: EpochSeconds;
  /** In seconds. */
  readonly duration: number;
  /** In the order of the run, from 1; of all attempts at one test the same. */
  readonly position: number;
  /** The test that ran just before, in the same process; of a further attempt the test itself. */
  readonly after?: TestId;
  /** Of a random order. */
  readonly seed?: number;
}

/** How many outcomes of each kind a run had. */
export interface Totals {
  readonly successes: number;
  readonly failures: number;
  readonly errors: number;
  readonly skips: number;
  readonly expectedFailures: number;
  readonly unexpectedSuccesses: number;
  /** Tests that passed only when they were run again; absent: none. Their outcomes count as those of other tests do. */
  readonly flaky?: number;
}

/** The first event: a run begins. */
export interface RunStarted {
  readonly type: 'runStarted';
  /** Of txtrial. */
  readonly version: string;
  readonly startedAt: EpochSeconds;
  /** How many tests are to run. */
  readonly planned: number;
  /** Of a random order. */
  readonly seed?: number;
}

/** A module that could not be loaded, or a name that does not exist: an error that is no test. */
export interface LoadError {
  readonly type: 'loadError';
  /** The argument or file that it is about. */
  readonly id: string;
  /** The class of the error. */
  readonly errorName: string;
  /** The error's own. */
  readonly message: string;
  /** In the user's own lines; what is wrong with an argument has one line of text here. */
  readonly stack: string;
}

/** A test begins. */
export interface TestStarted {
  readonly type: 'testStarted';
  readonly id: TestId;
  /** Absolute path of the module. */
  readonly file: string;
  /** Of the method in its file, from 1; absent for a method that was made at run time. */
  readonly line?: number;
  readonly startedAt: EpochSeconds;
}

/** A test has been running for longer than `--slow` asks for, or at a terminal for ten seconds, and still is. */
export interface TestSlow {
  readonly type: 'testSlow';
  readonly id: TestId;
  /** For how long by now. */
  readonly seconds: number;
}

/** A test is over; errors that turn up about it later are in a VerdictAmended. */
export interface TestFinished {
  readonly type: 'testFinished';
  readonly id: TestId;
  /** As in TestStarted. */
  readonly file: string;
  /** As in TestStarted. */
  readonly line?: number;
  /** With several attempts those of the last, unless it was skipped. */
  readonly outcomes: readonly Outcome[];
  /** In seconds; of the last attempt. */
  readonly duration: number;
  /** The test failed, was run again, and passed. */
  readonly flaky?: true;
  /** All of them, where there were several, in order. */
  readonly attempts?: readonly Attempt[];
  /** Of a test that failed: absolute path of the file with what it printed and logged; absent: it did neither. */
  readonly log?: string;
  /** For each thing that the test left behind and was allowed to: the kind or package that allows it. */
  readonly allowedLeaks?: readonly string[];
}

/** What turned up about a test after it had finished: these outcomes come on top of those it had. */
export interface VerdictAmended {
  readonly type: 'verdictAmended';
  readonly id: TestId;
  /** Those that are new. */
  readonly outcomes: readonly Outcome[];
  /** As in TestFinished. */
  readonly log?: string;
}

/** What a test printed to stdout or stderr, through `process` or `fs`, or gave to the log. */
export interface Output {
  readonly type: 'output';
  /** The test in whose asynchronous context it was written, also after its end; absent: in none. */
  readonly id?: TestId;
  /** Where it was written to. */
  readonly stream: 'stdout' | 'stderr' | 'log';
  /** A piece, as it was written: whole lines or not. */
  readonly text: string;
  /** As in TestFinished, where the test wrote nothing before it had failed. */
  readonly log?: string;
}

/** The last event: the run is over. */
export interface RunFinished {
  readonly type: 'runFinished';
  /** Where the tests ran more than once, those of the last pass. */
  readonly totals: Totals;
  /** Which passes failed, the first being 1; absent: none did, or there was one only. */
  readonly failedPasses?: readonly number[];
  /** As in TestFinished, of what modules left behind, and tests after they were over; absent: nothing. */
  readonly allowedLeaks?: readonly string[];
  /** In seconds. */
  readonly duration: number;
  /** Of the process. */
  readonly exitCode: ExitCode;
}

/** All that happens in a run, in order. A discriminated union on `type`. */
export type TestEvent =
  | RunStarted
  | LoadError
  | TestStarted
  | TestSlow
  | TestFinished
  | VerdictAmended
  | Output
  | RunFinished;
