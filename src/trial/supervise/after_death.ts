import type { ExitCode } from '../events/events.js';
import { InterruptedError } from '../life/errors.js';
import { shownPath } from '../shown_path.js';
import type { Course } from './course.js';
import { ProcessDiedError } from './death.js';
import type { PlannedTest, Resume } from './frames.js';
import type { RunReport } from './run_report.js';
import { endOf, type Place, place, strayDeath } from './verdicts.js';

/** Processes that die one after the other before a test of theirs begins: then no further one is started. */
const MOST_BARREN_DEATHS = 2;

/** Says whose error the death of a process is, and what is left to be done. */
export class AfterDeath {
  readonly #report: RunReport;
  /** Modules whose loading killed a process, and what there is to say of it. */
  readonly #deadly = new Map<string, string>();
  #barren = 0;

  constructor(report: RunReport) {
    this.#report = report;
  }

  /**
   * A process has died before its run was over.
   *
   * @param how - What is known of it.
   * @returns what a fresh one is told, or the status to end with.
   */
  async died(course: Course, how: string): Promise<Resume | ExitCode> {
    const { progress, options, severalPasses } = this.#report;
    this.#report.isInParts = true;
    this.#barren = course.hasBegun ? 0 : this.#barren + 1;
    if (!course.isPlanned) return this.#diedLoading(course.loading, how);
    if (progress === undefined) return 2;
    const { running } = progress;
    if (running !== undefined) {
      this.#endTest(running, new ProcessDiedError(`The process died while this test was running. ${how}`), 'death');
      if (progress.running !== undefined) return this.#resume();
    } else if (!course.hasBegun && (this.#barren >= MOST_BARREN_DEATHS || progress.isAtEnd)) {
      return this.#giveUp(how);
    } else {
      this.#strayDeath(course, how);
    }
    if (options?.exitFirst === true || (progress.isAtEnd && !severalPasses)) return this.#report.end(1);
    return this.#resume();
  }

  /** It has died of a signal that was to end the run. @returns the status to end with. */
  async interrupted(signal: NodeJS.Signals | undefined, status: ExitCode): Promise<ExitCode> {
    this.#report.isInParts = true;
    const running = this.#report.progress?.running;
    if (running !== undefined) {
      this.#endTest(running, new InterruptedError(`Interrupted by ${signal}.`), 'error');
    }
    return this.#report.isStarted ? this.#report.end(status) : status;
  }

  async #diedLoading(file: string | undefined, how: string): Promise<Resume | ExitCode> {
    if (file === undefined || this.#deadly.has(file)) {
      this.#report.tell(`The process of the tests died before it had loaded them. ${how}`);
      return this.#report.progress === undefined ? 2 : this.#giveUp(how);
    }
    const message = `The process that was to run the tests died while this module was loading. ${how}`;
    this.#deadly.set(file, message);
    return this.#resume();
  }

  #resume(): Resume {
    const { directory, progress, attempts } = this.#report;
    const made = progress?.running === undefined ? [] : attempts.made;
    return {
      ...(directory.path === undefined ? undefined : { directory: directory.path }),
      deadly: [...this.#deadly],
      ...(progress === undefined ? undefined : { progress: { ...progress.resumed, attempts: made } }),
    };
  }

  /** Charges an error to a test. A death ends it only if there is not to be a further attempt. */
  #endTest(test: Place & { readonly startedAt: number }, error: Error, cause: 'death' | 'error', isLast = false): void {
    const options = this.#report.options ?? { retries: 0, randomSeed: undefined };
    const mayRetry = cause === 'death' && !isLast;
    const log = this.#report.directory.ownLog(test.id);
    const end = { ...endOf(test, error, cause), ...(log === undefined ? undefined : { log }) };
    const event = this.#report.attempts.died(end, options, mayRetry);
    if (event !== undefined) this.#report.event(event);
    this.#report.note(`error in ${test.id}`, error.stack ?? error.message);
  }

  /** A death in no test. */
  #strayDeath({ hasBegun, loading }: Course, how: string): void {
    const { progress, options } = this.#report;
    const last = hasBegun ? progress?.last : undefined;
    const file = last === undefined ? (loading ?? 'trial') : shownPath(last.file, options?.cwd ?? '');
    const event = strayDeath(file, last, how);
    this.#report.event(event);
    this.#report.note('error', event.stack);
  }

  /** It is always the same: what has not run will not. */
  #giveUp(how: string): Promise<ExitCode> {
    const message = `This test was not run: the process that was to run it died again and again before it began. ${how}`;
    const running = this.#report.progress?.running;
    if (running !== undefined) this.#endTest(running, new ProcessDiedError(message), 'death', true);
    for (const item of this.#report.progress?.toCome ?? []) {
      if ('type' in item) this.#report.event(item);
      else this.#notRun(item, message);
    }
    return this.#report.end(1);
  }

  #notRun([id, file, line]: PlannedTest, message: string): void {
    const startedAt = Date.now() / 1000;
    const test = { ...place(id, file, line), startedAt };
    this.#report.event({ type: 'testStarted', ...test });
    this.#endTest(test, new ProcessDiedError(message), 'death', true);
  }
}
