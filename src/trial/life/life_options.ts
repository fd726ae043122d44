import type { LifeReactor } from './janitor.js';
import type { Deadline } from './timeouts.js';

/** What a life is told by the run that it belongs to. */
export interface LifeOptions {
  readonly deadline: Deadline;
  /** Where left-over calls and selectables are looked for. */
  readonly reactor: LifeReactor;
  /** Left-over calls and selectables are warned of, and are no error. */
  readonly uncleanWarnings: boolean;
  /** Wait a turn of the event loop before the verdict, so that promises which the test left rejected are in it. */
  readonly turnBeforeVerdict: boolean;
  /** Collects garbage before the verdict. */
  readonly collectGarbage: (() => void) | undefined;
}
