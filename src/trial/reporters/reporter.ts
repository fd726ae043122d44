import type { TestEvent, TestId } from '../events/events.js';

/** Where a reporter writes. */
export interface ReporterOutput {
  /** Writes text as it is. It is kept back for as long as no test waits, at most 16 KiB of it. */
  write(text: string): void;
  /** Whether colours are wanted there. */
  readonly colours: boolean;
  /** Whether it is a terminal. */
  readonly isTerminal?: boolean;
}

/**
 * How errors are printed: `plain` has a stack as Node prints it, `emacs` one `file:line:column:function` a line,
 * which editors find, `brief` the error and the place where it was thrown.
 */
export type TracebackFormat = 'plain' | 'emacs' | 'brief';

/** Something that went wrong: a test, or without `file` what could not be loaded. */
export interface FailedTest {
  /** The test, or what could not be loaded. */
  readonly id: TestId;
  /** Absolute. */
  readonly file?: string;
}

/** What a reporter is told of the run besides its events. */
export interface ReporterOptions {
  /** For the report. */
  readonly stdout: ReporterOutput;
  /** For what goes wrong with reporting. */
  readonly stderr: ReporterOutput;
  /** Print an error at once, not only in the summary at the end. */
  readonly rtErrors: boolean;
  /** How errors are to be printed. */
  readonly tracebackFormat: TracebackFormat;
  /** What a test prints is not to be shown when it comes, but with what goes wrong with the test. */
  readonly capture?: boolean;
  /** The directory that trial was started in. */
  readonly cwd?: string;
  /** How many of the slowest tests are to be listed at the end; 0: all of them, absent: none. */
  readonly durations?: number;
  /** Makes the command that runs these again, for a shell in the directory that trial was started in. */
  readonly repro?: (failed: readonly FailedTest[]) => string;
}

/** Whether what is written to stderr comes to stand in the line that stdout has open. */
export function sharesLine({ stdout, stderr }: ReporterOptions): boolean {
  return stdout.isTerminal === true && stderr.isTerminal === true;
}

/**
 * Turns the event stream of a run into something that a person or a program reads.
 *
 * A reporter that throws, or returns a Promise that rejects, is told of once and left out from then on: trial's own report
 * goes on in its place, on stderr, and the run fails.
 */
export interface Reporter {
  /**
   * Set: what tests print to stdout comes only as `output` events, and the reporter does with it what it likes; what
   * they print to stderr goes there, and comes as events as well; with `capture` it does not go there.
   * Not set: all goes where it belongs at once, and there are no such events.
   */
  readonly takesOutput?: boolean;
  /** Called for each event, in order, synchronously; what an async one does is waited for at the end of the run. */
  event(event: TestEvent): void;
  /** Called once after `runFinished`; may return a Promise to wait for. */
  close?(): void | Promise<void>;
}

/** What a module given to `trial --reporter ./my_reporter.js` exports as its default. */
export type ReporterFactory = (options: ReporterOptions) => Reporter;
