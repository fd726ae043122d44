import { LinesReporter } from './lines.js';
import type { ReporterFactory } from './reporter.js';

/** One line a test, and below it the time that it took. */
class TimingReporter extends LinesReporter {
  protected override afterTest(seconds: number): string {
    return `(${seconds.toFixed(3)} secs)\n`;
  }
}

const createTimingReporter: ReporterFactory = (options) => new TimingReporter(options);
export default createTimingReporter;
