import { addObserver, type LogEvent, removeObserver } from '../log/publisher.js';
import type { Ending } from './ending.js';
import type { TestEvent, TestId } from './events/events.js';
import { currentOwner } from './life/attribution.js';
import type { Output, StreamName } from './output/output.js';
import type { Reporter } from './reporters/reporter.js';
import type { TestLog } from './temp/test_log.js';

/** What the stream of a run's events goes to. */
export interface EventStreamOptions {
  readonly output: Output;
  readonly ending: Ending;
  readonly log: TestLog;
  readonly reporter: Reporter;
  /** What tests write to stderr is given to the reporter only, as what they write to stdout is. */
  readonly capture: boolean;
}

/** Hands each event of a run to the log and the reporter, and makes events of what tests print and log. */
export class EventStream {
  readonly #output: Output;
  readonly #ending: Ending;
  readonly #log: TestLog;
  readonly #reporter: Reporter;
  readonly #capture: boolean;
  #planned = 0;
  #finished = 0;
  /** While a reporter has an event: what it prints and logs then is its own. */
  #reporting = false;
  #isClosed = false;

  constructor({ output, ending, log, reporter, capture }: EventStreamOptions) {
    this.#output = output;
    this.#ending = ending;
    this.#log = log;
    this.#reporter = reporter;
    this.#capture = capture;
    output.listen({ takes: this.#takes, printed: this.#printed });
    // Now it is known whose lines they are.
    removeObserver(log.observe);
    addObserver(this.#logged);
  }

  /** Adds an event. */
  readonly emit = (event: TestEvent): void => {
    this.#ending.progress();
    this.#log.event(event);
    const nested = this.#reporting;
    this.#reporting = true;
    if (event.type !== 'output' || this.#reporter.takesOutput) this.#reporter.event(this.#withLog(event));
    this.#reporting = nested;
    this.#writeAfter(event);
  };

  /** Code of a test may come next, which may be the end of the process: then all before it must have been written. */
  #writeAfter(event: TestEvent): void {
    switch (event.type) {
      case 'runStarted':
        this.#planned = event.planned;
        this.#flush();
        break;
      case 'testStarted':
        this.#output.flushBeforeTest();
        break;
      case 'output':
        this.#flush();
        break;
      case 'testFinished':
        if (this.#isLast()) this.#flush();
        break;
      default:
    }
  }

  #flush(): void {
    this.#log.flush();
    this.#output.flush();
  }

  #isLast(): boolean {
    this.#finished += 1;
    if (this.#finished % this.#planned !== 0) return false;
    this.#log.testsAreOver();
    return true;
  }

  /** Ends the stream; fires when the reporter has done what it still had to do. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#output.listen(undefined);
    await this.#reporter.close?.();
  }

  /** Adds the log file of the test's own to what is said of a test that has one. */
  #withLog(event: TestEvent): TestEvent {
    switch (event.type) {
      case 'testFinished':
      case 'verdictAmended':
        break;
      case 'output':
        if (event.id !== undefined && this.#log.isLate(event.id)) break;
        return event;
      default:
        return event;
    }
    const log = event.id === undefined ? undefined : this.#log.pathOf(event.id);
    return log === undefined ? event : { ...event, log };
  }

  readonly #takes = (stream: StreamName): boolean => {
    if (this.#reporting || this.#reporter.takesOutput !== true) return false;
    return stream === 'stdout' || (this.#capture && currentOwner()?.testId !== undefined);
  };

  readonly #printed = (text: string, stream: StreamName): void => {
    if (!this.#reporting) this.#add(stream, text, currentOwner()?.testId);
  };

  readonly #logged = (event: LogEvent): void => {
    const id = currentOwner()?.testId;
    this.#log.observe(event, id);
    if (!this.#reporting && !this.#isClosed) this.#add('log', `[${event.system}] ${event.message}\n`, id);
  };

  #add(stream: StreamName | 'log', text: string, id: TestId | undefined): void {
    this.emit({ type: 'output', ...(id === undefined ? undefined : { id }), stream, text });
  }
}
