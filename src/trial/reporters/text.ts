import type { TestEvent } from '../events/events.js';
import { errorTexts } from './error_text.js';
import { FLAKY, LABELS, type Result } from './labels.js';
import { type Reporter, type ReporterFactory, type ReporterOptions, sharesLine } from './reporter.js';
import { Summary, verdictText } from './summary_text.js';

/** One character for each outcome; what went wrong at the end. */
class TextReporter implements Reporter {
  readonly takesOutput = true;
  readonly #options: ReporterOptions;
  readonly #summary: Summary;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#summary = new Summary(options);
  }

  event(event: TestEvent): void {
    const { stdout } = this.#options;
    if (this.#summary.add(event)) stdout.write(`\nTest Pass ${this.#summary.passes}\n`);
    switch (event.type) {
      case 'runStarted':
        if (event.seed !== undefined) stdout.write(`Running tests shuffled with seed ${event.seed}\n\n`);
        break;
      case 'testFinished':
      case 'verdictAmended':
        this.#end(event);
        break;
      case 'loadError':
        this.#end({ outcomes: [{ ...event, kind: 'error' }] });
        break;
      case 'output':
        stdout.write(this.#summary.live(event));
        break;
      case 'runFinished':
        stdout.write(`\n${this.#summary.errors()}${this.#summary.ran(event)}${verdictText(event)}\n`);
        break;
      case 'testSlow':
        if (sharesLine(this.#options)) stdout.write('\n');
        break;
      case 'testStarted':
        break;
      default:
        event satisfies never;
    }
  }

  #end(result: Result): void {
    const { rtErrors, stdout, tracebackFormat } = this.#options;
    stdout.write(result.flaky ? FLAKY.letter : result.outcomes.map(({ kind }) => LABELS[kind].letter).join(''));
    if (!rtErrors) return;
    for (const text of errorTexts(result, tracebackFormat)) stdout.write(`\n${text}\n`);
  }
}

const createTextReporter: ReporterFactory = (options) => new TextReporter(options);
export default createTextReporter;
