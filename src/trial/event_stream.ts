import type { Ending } from './ending.js';
import type { TestEvent, TestId } from './events/events.js';
import type { Output } from './output/output.js';
import type { Reporter } from './reporters/reporter.js';
import type { TestLog } from './temp/test_log.js';

/** What the stream of a run's events goes to. */
export interface EventStreamOptions {
  readonly output: Output;
  readonly ending: Ending;
  readonly log: TestLog;
  readonly reporter: Reporter;
}

/** Hands each event of a run to the log and the reporter, and makes events of what tests print. */
export class EventStream {
  readonly #output: Output;
  readonly #ending: Ending;
  readonly #log: TestLog;
  readonly #reporter: Reporter;
  /** The test that runs; of what is printed meanwhile it is taken to be the author. */
  #running: TestId | undefined;
  #planned = 0;
  #finished = 0;
  /** While a reporter has an event: what it prints then is its own. */
  #reporting = false;

  constructor({ output, ending, log, reporter }: EventStreamOptions) {
    this.#output = output;
    this.#ending = ending;
    this.#log = log;
    this.#reporter = reporter;
    if (reporter.takesOutput) output.redirect(this.#printed);
  }

  /** Adds an event. */
  readonly emit = (event: TestEvent): void => {
    if (event.type === 'testStarted') this.#running = event.id;
    else if (event.type === 'testFinished') this.#running = undefined;
    this.#ending.progress();
    this.#log.event(event);
    const nested = this.#reporting;
    this.#reporting = true;
    this.#reporter.event(event);
    this.#reporting = nested;
    if (this.#isPointOfNoReturn(event)) {
      this.#log.flush();
      this.#output.flush();
    }
  };

  /** Whether code of a test comes next, which may be the end of the process: then all before it must have been written. */
  #isPointOfNoReturn(event: TestEvent): boolean {
    switch (event.type) {
      case 'runStarted':
        this.#planned = event.planned;
        return true;
      case 'testStarted':
      case 'output':
        return true;
      case 'testFinished':
        return this.#isLast();
      default:
        return false;
    }
  }

  #isLast(): boolean {
    this.#finished += 1;
    if (this.#finished % this.#planned !== 0) return false;
    this.#log.testsAreOver();
    return true;
  }

  /** Ends the stream; fires when the reporter has done what it still had to do. */
  async close(): Promise<void> {
    this.#output.redirect(undefined);
    await this.#reporter.close?.();
  }

  readonly #printed = (text: string, stream: 'stdout' | 'stderr'): void => {
    if (this.#reporting) {
      if (stream === 'stdout') this.#output.stdout.write(text);
      return;
    }
    const id = this.#running;
    this.emit({ type: 'output', ...(id === undefined ? undefined : { id }), stream, text });
  };
}
