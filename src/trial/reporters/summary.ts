import type { RunFinished, TestEvent } from '../events/events.js';
import type { Reporter, ReporterFactory, ReporterOptions } from './reporter.js';
import { Summary } from './summary_text.js';

/**
 * Nothing while the tests run; then how many ran, and one line of numbers: the seconds, the tests planned, the tests
 * run, the errors, the failures, the skips.
 */
class SummaryReporter implements Reporter {
  readonly takesOutput = true;
  readonly #options: ReporterOptions;
  readonly #summary: Summary;
  #planned = 0;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#summary = new Summary(options);
  }

  event(event: TestEvent): void {
    this.#summary.add(event);
    switch (event.type) {
      case 'runStarted':
        this.#planned = event.planned;
        break;
      case 'output':
        this.#options.stdout.write(this.#summary.live(event));
        break;
      case 'runFinished':
        this.#finish(event);
        break;
      default:
    }
  }

  #finish(event: RunFinished): void {
    const { duration, totals } = event;
    const ran = this.#summary.testsRun;
    const numbers = [duration, Math.max(this.#planned, ran), ran, totals.errors, totals.failures, totals.skips];
    this.#options.stdout.write(`${this.#summary.repros()}${this.#summary.ran(event)}${numbers.join(' ')}\n`);
  }
}

const createSummaryReporter: ReporterFactory = (options) => new SummaryReporter(options);
export default createSummaryReporter;
