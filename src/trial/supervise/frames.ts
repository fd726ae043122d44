/** What goes between a supervised process and its supervisor: one JSON text a line. */
import type { Attempt, EpochSeconds, ExitCode, LoadError, TestEvent, Totals } from '../events/events.js';
import type { Options } from '../options/options.js';
import type { ReportOptions } from '../report_to.js';

/** The file descriptor of the supervised process. */
export const WIRE = 3;

/** How the run is to be reported; the first frame of a run. Third parties' reporters are answered with a `ReporterAnswer`. */
export interface Reporting {
  readonly type: 'reporting';
  readonly options: ReportOptions & Pick<Options, 'exitFirst' | 'flaky' | 'retries' | 'randomSeed'>;
  /** The tests run more than once. */
  readonly severalPasses: boolean;
}

export interface ReporterAnswer {
  readonly takesOutput: boolean;
}

/** The temporary directory has been taken. */
export interface DirectoryTaken {
  readonly type: 'directory';
  /** Absolute, both. */
  readonly path: string;
  readonly log: string;
}

/** A module is about to be loaded. */
export interface ModuleLoading {
  readonly type: 'loading';
  /** As the user would write it. */
  readonly id: string;
}

export type PlannedTest = readonly [id: string, file: string, line?: number];

/** What is about to run: tests, and what could not be loaded in their place. */
export interface Plan {
  readonly type: 'plan';
  readonly items: readonly (PlannedTest | LoadError)[];
}

/** A further attempt at the test that is running begins. */
export interface AttemptBegun {
  readonly type: 'attemptBegun';
  readonly startedAt: EpochSeconds;
}

/** All attempts at the test that is running that are over. */
export interface AttemptsMade {
  readonly type: 'attemptsMade';
  readonly attempts: readonly Attempt[];
}

/** To be written as it is: to stdout what no reporter takes, to stderr everything. */
export interface Text {
  readonly type: 'stdout' | 'stderr';
  readonly text: string;
}

/** The process has had a signal that asks it to end. */
export interface Interrupted {
  readonly type: 'interrupted';
}

/** The last frame. */
export interface End {
  readonly type: 'end';
  readonly status: ExitCode;
  /** The process will kill itself: Node could not end it. */
  readonly isByForce: boolean;
}

export type Frame =
  | TestEvent
  | Reporting
  | DirectoryTaken
  | ModuleLoading
  | Plan
  | AttemptBegun
  | AttemptsMade
  | Text
  | Interrupted
  | End;

/** What a fresh process is told, as the first line that it reads: where the dead one had come to. */
export interface Resume {
  /** Where the temporary directory is; absent: it was not taken. */
  readonly directory?: string;
  /** Modules whose loading killed a process, and what there is to say of it. */
  readonly deadly: readonly (readonly [id: string, message: string])[];
  /** Absent: no process had come to its tests. */
  readonly progress?: ResumedProgress;
}

export interface ResumedProgress {
  readonly items: Plan['items'];
  /** The item to go on with. */
  readonly next: number;
  /** How often all have run before. */
  readonly passes: number;
  /** Which of those failed, the first being 1. */
  readonly failedPasses: readonly number[];
  /** Of this pass, so far. */
  readonly totals: Totals;
  /** At the first of the items to go on with. */
  readonly attempts: readonly Attempt[];
}
