import { errorHead } from '../internet/error_text.js';
import { Failure } from '../internet/failure.js';
import type { ExitCode } from './events/events.js';
import { keepListener } from './life/own_listeners.js';
import type { Output } from './output/output.js';
import type { TestLog } from './temp/test_log.js';

// Taken before any test is loaded: ending the process must not depend on what a test did to it.
const { process } = globalThis;
const exit = process.exit.bind(process);
const reallyExit = process.reallyExit.bind(process);
const on = process.on.bind(process);
const { setImmediate } = globalThis;

/** A test has no more steps than this that wait one after the other for what cannot happen. */
const MOST_IDLE_TURNS = 1000;

/**
 * Sees to it that however the process ends, what was reported and logged is written, the temporary directory is given
 * back, and a run that did not come to its end is not taken for one that passed.
 */
export class Ending {
  readonly #output: Output;
  readonly #isSupervised: boolean;
  #log: TestLog | undefined;
  #directory: { release(): void } | undefined;
  #runIsOver = false;
  #idleTurns = 0;
  #lateErrors = 0;
  #ranTests = false;

  /** @param isSupervised - Somebody else says how the process ended. */
  constructor(output: Output, isSupervised = false) {
    this.#output = output;
    this.#isSupervised = isSupervised;
    keepListener('exit', () => this.#exiting());
    keepListener('beforeExit', () => this.#idle());
  }

  /** From now on these are closed at the end. */
  closes(log: TestLog, directory: { release(): void }): void {
    this.#log = log;
    this.#directory = directory;
  }

  /** The run has come to its end, whatever it was. */
  runIsOver(): void {
    this.#runIsOver = true;
  }

  /** Whether tests have run. */
  get ranTests(): boolean {
    return this.#ranTests;
  }

  /** Whether something went wrong after the verdict on the last test was told. */
  get hadLateErrors(): boolean {
    return this.#lateErrors > 0;
  }

  /** The tests and their totals are done. What goes wrong from now on is in no report, so it is told on stderr. */
  testsAreOver(): void {
    this.#ranTests = true;
    on('uncaughtException', this.#lateError);
    on('unhandledRejection', this.#lateError);
  }

  readonly #lateError = (error: unknown): void => {
    this.#lateErrors += 1;
    const text = new Failure(error).getTraceback();
    this.#output.stderr.write(
      `trial: Something that the tests left behind went wrong after the run was over.\n${text}\n`,
    );
    // Nothing comes after the listeners of `exit`.
    if (isExiting()) this.#output.flushBlocking();
  };

  /** Notes an error that is nobody's but trial's own. @returns a line for the user. */
  internalError(error: unknown): string {
    const [message] = errorHead(error).split('\n', 1);
    this.#log?.internal(error);
    const where = this.#log === undefined ? '' : ` The stack is in ${this.#log.path}.`;
    return `A mistake in trial itself: ${message}. Please report it (npm bugs txtrial).${where}`;
  }

  /** Ends the process now. */
  readonly endNow = (status: ExitCode): void => {
    this.#runIsOver = true;
    try {
      this.#output.flushBlocking();
      exit(status);
    } finally {
      // A test has changed something that all programs rely on; the process ends all the same.
      reallyExit(status);
    }
  };

  /** Something has happened in the run. */
  progress(): void {
    this.#idleTurns = 0;
  }

  /** Nothing is left to wait for. The runner ends a test that waits, and goes on; if nobody does, the run hangs. */
  #idle(): void {
    if (this.#runIsOver) return;
    if (++this.#idleTurns < MOST_IDLE_TURNS) {
      setImmediate(() => {});
      return;
    }
    this.#output.stderr.write(
      'trial: The run waits for something that nothing can bring about any more. It has ended.\n',
    );
    this.endNow(2);
  }

  #exiting(): void {
    // A test has emitted the event, to see what its program does then.
    if (!isExiting()) return;
    if (!this.#runIsOver && !process.exitCode && !this.#isSupervised) {
      process.exitCode = 1;
      this.#output.stderr.write('trial: Something ended the process before the run was over.\n');
    }
    this.#output.flushBlocking();
    this.#log?.flushAll();
    this.#directory?.release();
  }
}

function isExiting(): boolean {
  return Reflect.get(process, '_exiting') === true;
}
