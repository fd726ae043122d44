import fs from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { errorText } from '../../internet/error_text.js';
import { timestamp } from '../../log/file_observer.js';
import { eventText, type LogEvent } from '../../log/publisher.js';
import type { Attempt, Outcome, Output, TestEvent, TestId } from '../events/events.js';
import { hasOnlyPassed, isFailed } from '../events/outcome.js';
import { Batch } from '../output/batch.js';
import { slowText } from '../slow_text.js';
import { UsageError } from '../usage_error.js';
import { LogText } from './log_text.js';
import { endOfOpenLine } from './open_line.js';
import { OWN_LOGS, OwnLogs } from './own_logs.js';
import { reasonOf } from './reasons.js';

// Taken before any test is loaded.
const { Buffer } = globalThis;
const { now: epochMs } = Date;
const { mkdirSync, openSync, writeSync } = fs;

/** The line after the last test: a run that died later died in no test. */
const TESTS_ARE_OVER = 'All tests have run.';

/**
 * The run's log file: every logged line with time and system, what tests print, and each test's start marked `--> id <--`;
 * besides it one file for each test that fails and has logged or printed something, with what is that test's.
 *
 * Lines of tests are in the file at once, and what the runner adds before the next test begins: should the process die,
 * the file is whole.
 */
export class TestLog {
  /** Absolute. */
  readonly path: string;
  readonly #fd: number;
  readonly #batch: Batch;
  readonly #text = new LogText();
  readonly #own: OwnLogs;
  #running: TestId | undefined;
  #onError: (error: NodeJS.ErrnoException) => void;
  #error: NodeJS.ErrnoException | undefined;
  #second = Number.NaN;
  #date = '';

  /**
   * @param directory - The run's temporary directory, absolute.
   * @param name - Of the file in it.
   * @param onError - Told once why lines will be missing from the file.
   * @param again - The file is there, and is gone on with.
   * @throws UsageError if the file would be outside of it or cannot be made.
   */
  constructor(directory: string, name: string, onError: (error: Error) => void, again = false) {
    this.path = resolve(directory, name);
    const inside = relative(directory, this.path);
    if (name === '-') {
      throw new UsageError("Cannot log to '-': --logfile takes the name of a file, which `tail -F` shows as it grows.");
    }
    if (inside.startsWith('_trial_')) {
      throw new UsageError(`Cannot log to ${name}: names that begin with _trial_ are trial's own.`);
    }
    if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) {
      throw new UsageError(`Cannot log to ${name}: pass --logfile a path inside the temporary directory.`);
    }
    let begun: string;
    try {
      if (inside.includes('/') || inside.includes('\\')) mkdirSync(dirname(this.path), { recursive: true });
      this.#fd = openSync(this.path, again ? 'a' : 'wx');
      begun = again ? endOfOpenLine(this.path) : '';
    } catch (error) {
      throw new UsageError(`Cannot make the log file ${this.path}: ${reasonOf(error as NodeJS.ErrnoException)}.`, {
        cause: error,
      });
    }
    this.#batch = new Batch((text) => this.#write(text));
    this.#own = new OwnLogs(join(directory, OWN_LOGS), (error) => {
      this.note(`Cannot write log files of single tests: ${error.message}`);
    });
    const refuse = (error: NodeJS.ErrnoException): never => {
      throw new UsageError(
        `Cannot write the log file ${this.path}: ${reasonOf(error)}. Pass another --temp-directory.`,
      );
    };
    this.#onError = again ? onError : refuse;
    this.#batch.add(begun);
    this.note(again ? 'Log opened again.' : 'Log opened.');
    this.flush();
    this.#onError = onError;
  }

  /** Why lines are missing from the file; set once, from then on nothing is written. */
  get error(): NodeJS.ErrnoException | undefined {
    return this.#error;
  }

  /**
   * An observer of the log.
   *
   * @param owner - The test whose line it is.
   */
  readonly observe = (event: LogEvent, owner?: TestId): void => {
    this.#line(event.time, event.system, eventText(event), owner);
    this.flush();
  };

  /** The log file of a test's own, absolute; undefined: it has none. */
  pathOf(id: TestId): string | undefined {
    return this.#own.pathOf(id);
  }

  /** Whether all that a test has written came when it had failed. */
  isLate(id: TestId): boolean {
    return this.#own.isLate(id);
  }

  /** Marks the start of each test, which is written at once with all before it, and says what it prints and what went wrong. */
  event(event: TestEvent): void {
    switch (event.type) {
      case 'testStarted':
        this.#running = event.id;
        this.#own.begin(event.id);
        // At once: this may be the last that is heard of the process.
        this.#write(this.#batch.take() + this.#text.entry(`${this.#stamp(event.startedAt)} [-] -->`, event.id, ' <--'));
        break;
      case 'testFinished':
        if (hasOnlyPassed(event)) {
          this.#own.passed(event.id);
          break;
        }
        if (event.attempts !== undefined) this.#attempts(event.id, event.attempts);
        else this.#outcomes(event.id, event.outcomes);
        if (event.flaky === true || event.outcomes.some(wentWrong)) this.#own.failed(event.id);
        else this.#own.passed(event.id);
        break;
      case 'verdictAmended':
        this.#outcomes(event.id, event.outcomes);
        if (event.outcomes.some(wentWrong)) this.#own.failed(event.id);
        break;
      case 'loadError':
        this.#line(epochMs() / 1000, '-', `Cannot load ${event.id}\n${event.stack || event.message}`);
        break;
      case 'testSlow':
        this.note(slowText(event.id, event.seconds));
        break;
      case 'output':
        this.#printed(event);
        break;
      case 'runStarted':
      case 'runFinished':
        break;
      default:
        event satisfies never;
    }
  }

  /** Says that no test runs any more. */
  testsAreOver(): void {
    this.#running = undefined;
    this.note(TESTS_ARE_OVER);
  }

  /** A line of the runner's own. */
  note(text: string): void {
    this.#line(epochMs() / 1000, '-', text);
  }

  /** Something of the runner's own, with the stack that users are not shown. */
  internal(error: unknown): void {
    this.#line(epochMs() / 1000, 'trial', errorText(error, { all: true }));
    this.flush();
  }

  /** Writes what is not in the file yet. */
  flush(): void {
    this.#batch.flush();
  }

  /** Writes what is in no file yet. */
  flushAll(): void {
    this.#own.flush();
    this.#batch.flush();
  }

  /** Writes the rest and closes the file. The log of a run is open until its process is gone. */
  close(): void {
    this.flush();
    fs.closeSync(this.#fd);
  }

  #attempts(id: TestId, attempts: readonly Attempt[]): void {
    for (const [index, { outcomes }] of attempts.entries()) {
      this.#outcomes(id, outcomes, ` (attempt ${index + 1} of ${attempts.length})`);
    }
  }

  #outcomes(id: TestId, outcomes: readonly Outcome[], attempt = ''): void {
    for (const outcome of outcomes) if (isNews(outcome)) this.#outcome(id, outcome, attempt);
  }

  #outcome(id: TestId, outcome: Outcome, attempt: string): void {
    const text = outcome.stack ?? `${outcome.errorName ?? 'Error'}: ${outcome.message ?? ''}`;
    const owner = this.#own.has(id) ? id : undefined;
    this.#line(epochMs() / 1000, '-', `${outcome.kind} in ${id}${attempt}\n${text}`, owner);
  }

  /** @param owner - In whose file it goes, too. */
  #line(time: number, system: string, text: string, owner?: TestId): void {
    const stamp = this.#stamp(time);
    this.#batch.add(this.#text.entry(`${stamp} [${this.#label(system, owner)}]`, text));
    if (owner !== undefined) this.#own.add(owner, (own) => own.entry(`${stamp} [${system}]`, text));
  }

  #printed({ id, stream, text }: Output): void {
    if (stream === 'log' || text === '') return;
    const stamp = this.#stamp(epochMs() / 1000);
    this.#batch.add(this.#text.piece(`${stream} ${id}`, `${stamp} [${this.#label(stream, id)}]`, text));
    if (id !== undefined) this.#own.add(id, (own) => own.piece(stream, `${stamp} [${stream}]`, text));
  }

  /** Says of which test something is that does not come from the one whose start was marked last. */
  #label(system: string, owner: TestId | undefined): string {
    return owner === undefined || owner === this.#running ? system : `${system} of ${owner}`;
  }

  /** `2026-11-20 20:57:14+0000`, in local time; made once a second. */
  #stamp(time: number): string {
    const second = Math.floor(time);
    if (second !== this.#second) {
      this.#second = second;
      this.#date = timestamp(second);
    }
    return this.#date;
  }

  #write(text: string): void {
    if (this.#error !== undefined) return;
    try {
      let from = writeSync(this.#fd, text);
      if (from === Buffer.byteLength(text)) return;
      const data = Buffer.from(text);
      while (from < data.length) from += writeSync(this.#fd, data, from);
    } catch (error) {
      this.#error = error as NodeJS.ErrnoException;
      this.#onError(this.#error);
    }
  }
}

function wentWrong(outcome: Outcome): boolean {
  return isFailed(outcome) || outcome.kind === 'unexpectedSuccess';
}

/** What the log has not been told by the test itself. */
function isNews(outcome: Outcome): boolean {
  return isFailed(outcome) && outcome.cause !== 'logged';
}
