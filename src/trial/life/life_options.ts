import type { Maker } from '../leaks/made.js';
import type { LifeReactor } from './janitor.js';
import type { Deadline } from './timeouts.js';

/** Whether what a test leaves behind is an error, a warning, or nothing. */
export type LeakMode = 'error' | 'warn' | 'off';

/** What a life is told by the run that it belongs to. */
export interface LifeOptions {
  readonly deadline: Deadline;
  /** Where left-over calls and selectables are looked for. */
  readonly reactor: LifeReactor;
  /** Left-over calls and selectables are warned of, and are no error. */
  readonly uncleanWarnings: boolean;
  /** What becomes of other things that a test leaves: they are closed in any case. */
  readonly leaks: LeakMode;
  /** Kinds and packages whose leaks are only counted, in all tests. */
  readonly allowLeaks: readonly string[];
  /** Wait a turn of the event loop before the verdict, so that promises which the test left rejected are in it. */
  readonly turnBeforeVerdict: boolean;
  /** What was made when modules were loaded, or by them since. */
  readonly makers?: (() => readonly Maker[]) | undefined;
  /** Collects garbage before the verdict. */
  readonly collectGarbage: (() => void) | undefined;
}
