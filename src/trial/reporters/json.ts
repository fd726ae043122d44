import type { TestEvent } from '../events/events.js';
import type { ReporterFactory } from './reporter.js';

// Taken before any test runs: one that replaces it does not change the report.
const { stringify } = JSON;

/** One event a line, as JSON; what tests print before the run has started comes after `runStarted`. */
const createJsonReporter: ReporterFactory = ({ stdout }) => {
  let early = '';
  let started = false;
  return {
    takesOutput: true,
    event(event: TestEvent): void {
      const line = `${stringify(event)}\n`;
      if (started) stdout.write(line);
      else if (event.type === 'runStarted') {
        started = true;
        stdout.write(line + early);
      } else early += line;
    },
    close(): void {
      if (!started) stdout.write(early);
    },
  };
};
export default createJsonReporter;
