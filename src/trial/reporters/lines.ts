import type { Outcome, RunFinished, TestEvent, TestId } from '../events/events.js';
import { errorTexts } from './error_text.js';
import { FLAKY, LABELS, type Result } from './labels.js';
import { type Reporter, type ReporterFactory, type ReporterOptions, sharesLine } from './reporter.js';
import { Summary, verdictText } from './summary_text.js';

/** One line a test, with its whole id and what became of it, without colours. Trial's `bwverbose`. */
export class LinesReporter implements Reporter {
  readonly takesOutput = true;
  protected readonly options: ReporterOptions;
  readonly #summary: Summary;
  #lineIsOpen = false;
  /** The beginning of a line that a notice about its test has cut in two: it comes again. */
  #broken = '';

  constructor(options: ReporterOptions) {
    this.options = options;
    this.#summary = new Summary(options);
  }

  event(event: TestEvent): void {
    if (this.#summary.add(event)) {
      this.#newLine();
      this.#write(`Test Pass ${this.#summary.passes}\n`);
    }
    switch (event.type) {
      case 'runStarted':
        if (event.seed !== undefined) this.#write(`Running tests shuffled with seed ${event.seed}\n\n`);
        break;
      case 'testStarted':
        this.#newLine();
        this.#write(`${event.id} ... `);
        break;
      case 'testSlow':
        if (this.#lineIsOpen && sharesLine(this.options)) {
          this.#newLine();
          this.#broken = `${event.id} ... `;
        }
        break;
      case 'testFinished':
        this.#write(this.#broken);
        this.#broken = '';
        this.#end(event);
        break;
      case 'verdictAmended':
        this.#late(event.id, event.outcomes);
        break;
      case 'loadError':
        this.#late(event.id, [{ ...event, kind: 'error' }]);
        break;
      case 'output':
        this.#write(this.#summary.live(event));
        break;
      case 'runFinished':
        this.#finish(event);
        break;
      default:
        event satisfies never;
    }
  }

  /** What comes below a test's line. */
  protected afterTest(_seconds: number): string {
    return '';
  }

  #late(id: TestId, outcomes: readonly Outcome[]): void {
    this.#newLine();
    this.#write(`${id} ... `);
    this.#end({ outcomes, duration: 0 });
  }

  #end(result: Result & { readonly duration: number }): void {
    const { outcomes, flaky, duration } = result;
    let text = `${flaky ? FLAKY.line : outcomes.map((outcome) => LABELS[outcome.kind].line).join('')}\n`;
    if (this.options.rtErrors) {
      for (const error of errorTexts(result, this.options.tracebackFormat)) text += `${error}\n`;
    }
    this.#write(text + this.afterTest(duration));
  }

  #finish(event: RunFinished): void {
    this.#newLine();
    this.#write(`\n${this.#summary.errors()}${this.#summary.ran(event)}${verdictText(event)}\n`);
  }

  #newLine(): void {
    if (this.#lineIsOpen) this.#write('\n');
  }

  #write(text: string): void {
    if (text === '') return;
    this.options.stdout.write(text);
    this.#lineIsOpen = !text.endsWith('\n');
  }
}

const createLinesReporter: ReporterFactory = (options) => new LinesReporter(options);
export default createLinesReporter;
