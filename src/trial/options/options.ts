import type { TestOrder } from '../discover/order.js';
import type { LeakMode } from '../life/life_options.js';
import type { TracebackFormat } from '../reporters/reporter.js';

/** Everything a run was asked for: made once from defaults, configuration and argv, then only read. */
export interface Options {
  /** Paths, folders, globs, dotted ids, `path:Class.method`, as given. */
  readonly selectors: readonly string[];
  /** The directory that trial was started in; ids are relative to it. */
  readonly cwd: string;
  readonly reporter: string;
  /** Made in `cwd` unless absolute. */
  readonly tempDirectory: string;
  readonly logFile: string;
  /** Run the tests with the temporary directory as working directory. */
  readonly chdir: boolean;
  readonly order: TestOrder;
  /** Of a random order; undefined: not random. */
  readonly randomSeed: number | undefined;
  readonly recurse: boolean;
  readonly exitFirst: boolean;
  readonly untilFailure: boolean;
  readonly repeat: number;
  /** How often a test that has failed is run again, at most. */
  readonly retries: number;
  /** Whether a test that passes only when it is run again fails the run. */
  readonly flaky: 'error' | 'warn';
  /** Find the earlier tests that make tests fail, instead of reporting on a run. */
  readonly bisect: boolean;
  readonly dryRun: boolean;
  readonly list: boolean;
  readonly grep: RegExp | undefined;
  /** Replaces the default of 120 seconds; 0: no timeouts. */
  readonly timeoutSeconds: number;
  /** What tests may connect to. */
  readonly network: 'any' | 'loopback';
  /** A test that runs longer is told of while it runs; 0: none is, undefined: one that runs long, to somebody at a terminal. */
  readonly slowSeconds: number | undefined;
  readonly uncleanWarnings: boolean;
  /** What becomes of what tests leave behind. */
  readonly leaks: LeakMode;
  /** Kinds of things, and packages, whose leaks are only counted. */
  readonly allowLeaks: readonly string[];
  /** Show what tests print with what goes wrong with them only. */
  readonly capture: boolean;
  readonly rtErrors: boolean;
  readonly tracebackFormat: TracebackFormat;
  /** How many of the slowest tests are listed at the end; 0: all, undefined: none. */
  readonly durations: number | undefined;
  readonly debugStacktraces: boolean;
  readonly forceGc: boolean;
  /** Wait for a debugger before the tests. */
  readonly debug: boolean;
  /** With `debug`: stop in the debugger at each failure and error. */
  readonly postMortem: boolean;
  /** Write a CPU profile of the tests. */
  readonly profile: boolean;
  /** Run the tests in a process of their own, and go on in another when it dies; undefined: under CI. */
  readonly supervise: boolean | undefined;
  /** Modules to import before the tests. */
  readonly imports: readonly string[];
}

/** Everything but what depends on where and for what trial was started. */
export const DEFAULTS: Omit<Options, 'cwd'> = {
  selectors: [],
  reporter: 'verbose',
  tempDirectory: '_trial_temp',
  logFile: 'test.log',
  chdir: true,
  order: 'alphabetical',
  randomSeed: undefined,
  recurse: true,
  exitFirst: false,
  untilFailure: false,
  repeat: 1,
  retries: 0,
  flaky: 'warn',
  bisect: false,
  dryRun: false,
  list: false,
  grep: undefined,
  timeoutSeconds: 120,
  network: 'any',
  slowSeconds: undefined,
  uncleanWarnings: false,
  leaks: 'error',
  allowLeaks: [],
  capture: false,
  rtErrors: false,
  tracebackFormat: 'plain',
  durations: undefined,
  debugStacktraces: false,
  forceGc: false,
  debug: false,
  postMortem: true,
  profile: false,
  supervise: undefined,
  imports: [],
};

/** What becomes of leaks: with `--unclean-warnings` these are warnings as well. */
export function leaksAre({ leaks, uncleanWarnings }: Options): Options['leaks'] {
  return uncleanWarnings && leaks === 'error' ? 'warn' : leaks;
}

/** What configuration or argv say; the rest is default. */
export type PartialOptions = { -readonly [Key in keyof Omit<Options, 'cwd'>]?: Options[Key] } & {
  /** Source files that name their tests: those are added to the selectors. */
  testModules?: readonly string[];
};
