import type { TestEvent } from '../events/events.js';

/** Where a reporter writes. */
export interface ReporterOutput {
  /** Writes text as it is. */
  write(text: string): void;
  /** Whether colours are wanted there. */
  readonly colours: boolean;
}

/** What a reporter is told of the run besides its events. */
export interface ReporterOptions {
  readonly stdout: ReporterOutput;
  readonly stderr: ReporterOutput;
  /** Print an error at once, not only in the summary at the end. */
  readonly rtErrors: boolean;
}

/**
 * Turns the event stream of a run into something that a person or a program reads.
 *
 * A reporter that throws is reported once and left out from then on; the others go on.
 */
export interface Reporter {
  /** Called for each event, in order, synchronously. */
  event(event: TestEvent): void;
  /** Called once after `runFinished`; may return a Promise to wait for. */
  close?(): void | Promise<void>;
}

/** What a module given to `trial --reporter ./my_reporter.js` exports as its default. */
export type ReporterFactory = (options: ReporterOptions) => Reporter;
