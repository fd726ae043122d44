import type {
  Outcome,
  OutcomeCause,
  OutcomeKind,
  Output,
  RunFinished,
  TestEvent,
  TestFinished,
  TestId,
  TestStarted,
} from '../events/events.js';
import { hasOnlyPassed, isFailed } from '../events/outcome.js';
import { attemptsText, failedAttemptsText } from './attempts_text.js';
import { errorText } from './error_text.js';
import { FLAKY, LABELS } from './labels.js';
import { Outputs } from './outputs.js';
import type { FailedTest, ReporterOptions, TracebackFormat } from './reporter.js';

const DOUBLE_LINE = '='.repeat(79);
const SINGLE_LINE = '-'.repeat(79);

/** The kinds that are listed at the end, in the order in which they are. */
const LISTED = ['skip', 'expectedFailure', 'failure', 'error', 'unexpectedSuccess'] as const satisfies OutcomeKind[];

/** Keeps what the end of a run has to tell: every outcome but successes, those with equal texts together. */
export class Summary {
  readonly #format: TracebackFormat;
  readonly #repro: ReporterOptions['repro'];
  readonly #outputs: Outputs;
  /** How many of the slowest tests are wanted. */
  readonly #slowest: number | undefined;
  /** The last pass of each in which it was. */
  readonly #flaky = new Map<string, TestFinished>();
  #durations: { readonly id: TestId; readonly duration: number }[] = [];
  /** For each kind: heading and text of an outcome, and the tests that had it. */
  readonly #groups = new Map<OutcomeKind, Map<string, FailedTest[]>>();
  /** The test that a pass begins with. */
  #first: TestStarted | undefined;
  /** The tests of this pass over them, as far as it has come, by file. */
  #started = new Map<string, TestId[]>();
  /** Those of the file that was the last one. */
  #startedOfFile: TestId[] = [];
  #file: string | undefined;
  /** By kind or package: how often it was left behind and allowed to. */
  #allowed = new Map<string, number>();
  #testsRun = 0;
  #passes = 1;

  constructor(options: ReporterOptions) {
    const { tracebackFormat, repro, durations } = options;
    this.#outputs = new Outputs(options);
    this.#slowest = durations;
    this.#format = tracebackFormat;
    this.#repro = repro;
  }

  /** How many tests have run, with what could not be loaded. */
  get testsRun(): number {
    return this.#testsRun;
  }

  /** How often the tests have been begun with: `--until-failure` and `--repeat` run them again and again. */
  get passes(): number {
    return this.#passes;
  }

  /** Takes note of an event. Returns whether a further pass begins with it. */
  add(event: TestEvent): boolean {
    this.#outputs.add(event);
    switch (event.type) {
      case 'testStarted':
        return this.#begins(event);
      case 'testFinished':
        this.#testsRun++;
        if (this.#slowest !== undefined) this.#durations.push(event);
        if (!hasOnlyPassed(event)) this.#addFinished(event);
        if (event.allowedLeaks !== undefined) this.#addAllowed(event.allowedLeaks);
        break;
      case 'runFinished':
        if (event.allowedLeaks !== undefined) this.#addAllowed(event.allowedLeaks);
        break;
      case 'verdictAmended': {
        const file = this.#fileOf(event.id);
        this.#addOutcomes(file === undefined ? event : { id: event.id, file }, event.outcomes);
        break;
      }
      case 'loadError':
        this.#testsRun++;
        this.#addText('error', `${heading({ kind: 'error' })}\n${errorText(event, this.#format)}`, event);
        break;
      default:
    }
    return false;
  }

  #addAllowed(names: readonly string[]): void {
    for (const name of names) this.#allowed.set(name, (this.#allowed.get(name) ?? 0) + 1);
  }

  /** What of something that a test wrote is to be printed at once. */
  live(event: Output): string {
    return this.#outputs.live(event);
  }

  /** Every outcome worth telling, each text once with the tests that had it, and how many leaks were allowed. */
  errors(): string {
    const told = new Set<TestId>();
    let text = '';
    for (const kind of LISTED) {
      for (const [outcome, tests] of this.#groups.get(kind) ?? []) {
        const ids = tests.map(({ id }) => this.#withOutput(id, told)).join('\n');
        text += `${DOUBLE_LINE}\n${outcome}\n\n${ids}\n${this.#reproOf(kind, tests)}`;
      }
    }
    for (const event of this.#flaky.values()) {
      const id = this.#withOutput(event.id, told);
      text += `${DOUBLE_LINE}\n${FLAKY.tree}\n${attemptsText(event, this.#format)}\n\n${id}\n${this.#reproOf('error', [event])}`;
    }
    if (this.#allowed.size === 0) return text;
    const counts = [...this.#allowed].map(([name, count]) => `${name} ${count}`);
    return `${text}${DOUBLE_LINE}\nLeft behind, and allowed: ${counts.join(', ')}\n`;
  }

  /** For each text that `errors` has, the command that brings it about again. */
  repros(): string {
    let text = '';
    for (const kind of LISTED) {
      for (const tests of this.#groups.get(kind)?.values() ?? []) text += this.#reproOf(kind, tests);
    }
    for (const event of this.#flaky.values()) text += this.#reproOf('error', [event]);
    return text;
  }

  /** The slowest tests, where they are wanted; which passes failed, where there were several; how many ran in which time. */
  ran({ duration, failedPasses = [] }: RunFinished): string {
    const failed = failedPasses.length === 0 ? '' : failedPassesText(failedPasses, this.#passes);
    return `${this.#slowestText()}${failed}${ranText(this.#testsRun, duration)}`;
  }

  #slowestText(): string {
    if (this.#slowest === undefined || this.#durations.length === 0) return '';
    const bySlowness = this.#durations.sort((a, b) => b.duration - a.duration);
    const listed = bySlowness.slice(0, this.#slowest || undefined);
    const lines = listed.map(({ id, duration }) => `${duration.toFixed(3).padStart(9)}s  ${id}\n`);
    return `${SINGLE_LINE}\nThe ${listed.length} slowest of ${bySlowness.length} tests:\n${lines.join('')}`;
  }

  #withOutput(id: TestId, told: Set<TestId>): string {
    const isFirst = !told.has(id);
    told.add(id);
    return id + this.#outputs.below(id, isFirst);
  }

  #reproOf(kind: OutcomeKind, tests: readonly FailedTest[]): string {
    if (this.#repro === undefined || !isFailed({ kind })) return '';
    return `repro: ${this.#repro(tests)}\n`;
  }

  #begins(event: TestStarted): boolean {
    const { file, id } = event;
    const isAgain = id === this.#first?.id && file === this.#first.file;
    this.#first ??= event;
    if (isAgain) this.#beginPass();
    if (file !== this.#file) {
      this.#file = file;
      this.#startedOfFile = this.#started.get(file) ?? [];
      this.#started.set(file, this.#startedOfFile);
    }
    this.#startedOfFile.push(id);
    return isAgain;
  }

  /** A test that has run comes again: of the passes before the last only what failed is told. */
  #beginPass(): void {
    this.#passes++;
    for (const kind of this.#groups.keys()) if (!isFailed({ kind })) this.#groups.delete(kind);
    this.#durations = [];
    this.#started = new Map();
    this.#file = undefined;
    this.#allowed = new Map();
    this.#testsRun = 0;
  }

  #addFinished(event: TestFinished): void {
    const { flaky, attempts, outcomes } = event;
    if (flaky) this.#flaky.set(`${event.file}:${event.id}`, event);
    const after = attempts === undefined || flaky ? '' : `\n\n${failedAttemptsText(event)}`;
    this.#addOutcomes(event, outcomes, after);
  }

  #addOutcomes(test: FailedTest, outcomes: readonly Outcome[], after = ''): void {
    if (outcomes.every(isSuccess)) return;
    // What was left behind beside something worse is a note to that.
    const worse = outcomes.find((outcome) => outcome.cause !== 'leak' && isFailed(outcome));
    for (const outcome of outcomes) {
      if (outcome.kind === 'success' || (worse !== undefined && outcome.cause === 'leak')) continue;
      const notes = outcome === worse ? notesText(outcomes, this.#format) : '';
      this.#addText(outcome.kind, `${heading(outcome)}\n${outcomeText(outcome, this.#format)}${notes}${after}`, test);
    }
  }

  #addText(kind: OutcomeKind, text: string, { id, file }: FailedTest): void {
    const texts = this.#groups.get(kind) ?? new Map<string, FailedTest[]>();
    this.#groups.set(kind, texts);
    const test = file === undefined ? { id } : { id, file };
    const tests = texts.get(text);
    if (tests === undefined) texts.set(text, [test]);
    else if (this.#passes === 1 || !tests.some((other) => other.id === id && other.file === file)) tests.push(test);
  }

  #fileOf(id: TestId): string | undefined {
    for (const [file, started] of this.#started) if (started.includes(id)) return file;
    return undefined;
  }
}

function isSuccess({ kind }: Outcome): boolean {
  return kind === 'success';
}

/** What brought an outcome about, where its kind does not say it: a failure is an assertion's, an error was thrown. */
const CAUSES: Readonly<Record<OutcomeCause, string>> = {
  assertion: '',
  error: '',
  logged: ' (logged error)',
  unhandled: ' (unhandled error)',
  late: ' (late error)',
  leak: ' (leak)',
  timeout: ' (timeout)',
  death: ' (death)',
};

/** The line above an outcome: `[ERROR] (timeout)`. */
function heading({ kind, cause }: Pick<Outcome, 'kind' | 'cause'>): string {
  return LABELS[kind].tree + (cause === undefined ? '' : CAUSES[cause]);
}

/** What the test left behind, to go under what else went wrong in it. */
function notesText(outcomes: readonly Outcome[], format: TracebackFormat): string {
  let text = '';
  for (const outcome of outcomes) {
    if (outcome.cause === 'leak') text += `\n\nIt also left something behind:\n${errorText(outcome, format)}`;
  }
  return text;
}

/** What an outcome has to say for itself. */
function outcomeText(outcome: Outcome, format: TracebackFormat): string {
  switch (outcome.kind) {
    case 'skip':
      return outcome.reason ?? '';
    case 'unexpectedSuccess':
      return `Reason: ${quoted(outcome.reason)}`;
    case 'expectedFailure':
      return `Reason: ${quoted(outcome.reason)}\n${errorText(outcome, format)}`;
    default:
      return errorText(outcome, format);
  }
}

/** Of very many passes the first will do. */
const MOST_PASSES = 20;

function failedPassesText(failed: readonly number[], passes: number): string {
  const more = failed.length > MOST_PASSES ? `, and ${failed.length - MOST_PASSES} more` : '';
  const numbers = `${failed.slice(0, MOST_PASSES).join(', ')}${more}`;
  return `${SINGLE_LINE}\n${failed.length} of ${passes} passes failed: ${numbers}\n`;
}

/** The line under the tests: how many ran in which time. */
function ranText(testsRun: number, seconds: number): string {
  return `${SINGLE_LINE}\nRan ${testsRun} tests in ${seconds.toFixed(3)}s\n\n`;
}

/** `PASSED (successes=4)`, `FAILED (failures=1, successes=3)`: in Trial's order, without zeros. */
export function verdictText({ totals, exitCode }: RunFinished): string {
  const verdict = exitCode === 0 ? 'PASSED' : exitCode > 128 ? 'INTERRUPTED' : 'FAILED';
  const counts = COUNTED.flatMap((name) => ((totals[name] ?? 0) > 0 ? [`${name}=${totals[name]}`] : []));
  return counts.length === 0 ? verdict : `${verdict} (${counts.join(', ')})`;
}

const COUNTED = [
  'skips',
  'expectedFailures',
  'failures',
  'errors',
  'unexpectedSuccesses',
  'flaky',
  'successes',
] as const;

function quoted(reason: string | undefined): string {
  return `'${reason ?? ''}'`;
}
