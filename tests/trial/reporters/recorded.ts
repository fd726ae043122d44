import type { Outcome, RunFinished, TestEvent, Totals } from 'txtrial/reporter';
import type { ReporterFactory, ReporterOptions } from '../../../src/trial/reporters/reporter.js';

const NOTHING: Totals = {
  successes: 0,
  failures: 0,
  errors: 0,
  skips: 0,
  expectedFailures: 0,
  unexpectedSuccesses: 0,
};

/** What a reporter prints for events that nobody ran tests for. */
export function printed(
  factory: ReporterFactory,
  events: readonly TestEvent[],
  { colours = false, ...rest }: Partial<ReporterOptions> & { readonly colours?: boolean } = {},
): string {
  let text = '';
  const stdout = {
    write(piece: string): void {
      text += piece;
    },
    colours,
  };
  const reporter = factory({ stdout, stderr: stdout, rtErrors: false, tracebackFormat: 'plain', ...rest });
  for (const event of events) reporter.event(event);
  void reporter.close?.();
  return text;
}

/** A run of these tests, begun and finished. */
export function run(...events: readonly (TestEvent | readonly TestEvent[])[]): TestEvent[] {
  return [runStarted(), ...events.flat(), runFinished()];
}

export function runStarted(more: { readonly seed?: number } = {}): TestEvent {
  return { type: 'runStarted', version: '1.2.3', startedAt: 0, planned: 1, ...more };
}

export function runFinished(totals: Partial<Totals> = {}, exitCode: 0 | 1 | 130 = 0): RunFinished {
  return { type: 'runFinished', totals: { ...NOTHING, ...totals }, duration: 0.0124, exitCode };
}

/** A test with its outcomes. */
export function test(id: string, ...outcomes: readonly (Outcome | Outcome['kind'])[]): TestEvent[] {
  return [started(id), finished(id, ...outcomes)];
}

export function started(id: string): TestEvent {
  return { type: 'testStarted', id, file: '/x.ts', startedAt: 0 };
}

export function finished(id: string, ...outcomes: readonly (Outcome | Outcome['kind'])[]): TestEvent {
  const list = outcomes.map((outcome) => (typeof outcome === 'string' ? { kind: outcome } : outcome));
  return { type: 'testFinished', id, file: '/x.ts', outcomes: list, duration: 0.5 };
}

export function error(message: string, kind: 'error' | 'failure' = 'error'): Outcome {
  return { kind, errorName: 'Error', message, stack: `Error: ${message}\n    at f (/x.ts:1:2)` };
}
