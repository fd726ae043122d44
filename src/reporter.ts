/// <reference types="node" preserve="true" />
/** `txtrial/reporter`: the event stream of a run and what a third-party reporter implements. */
export type {
  Attempt,
  EpochSeconds,
  ExitCode,
  Leak,
  LoadError,
  Outcome,
  OutcomeCause,
  OutcomeKind,
  Output,
  RunFinished,
  RunStarted,
  TestEvent,
  TestFinished,
  TestId,
  TestSlow,
  TestStarted,
  Totals,
  VerdictAmended,
} from './trial/events/events.js';
export type {
  FailedTest,
  Reporter,
  ReporterFactory,
  ReporterOptions,
  ReporterOutput,
  TracebackFormat,
} from './trial/reporters/reporter.js';
