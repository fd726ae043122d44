import { Failure } from '../../internet/failure.js';
import type { ExitCode, RunFinished, TestEvent } from '../events/events.js';
import { InterruptedError } from '../life/errors.js';
import { Loader } from '../load/load.js';
import type { Output } from '../output/output.js';
import { makeReporter } from '../report_to.js';
import { isOurs } from '../reporters/choose.js';
import type { GuardedReporter } from '../reporters/guarded_reporter.js';
import { shownPath } from '../shown_path.js';
import { UsageError } from '../usage_error.js';
import { describeDeath, howItEnded, ProcessDiedError } from './death.js';
import type { Frame, PlannedTest, Reporting, Resume } from './frames.js';
import type { InterruptRelay } from './interrupt_relay.js';
import { KeptDirectory } from './kept_directory.js';
import { type Exit, type Launched, launch } from './launch.js';
import { MemoryWatch } from './memory.js';
import { Progress } from './progress.js';
import { receive } from './receive.js';
import type { Begun } from './supervise.js';
import { Tail } from './tail.js';
import { endOf, type Place, place, strayDeath } from './verdicts.js';

const BLOCKED = '\ntrial: A test blocks the event loop and cannot be ended. Ctrl-C again stops all.\n';

/** Processes that die one after the other before a test of theirs begins: then no further one is started. */
const MOST_BARREN_DEATHS = 2;

/**
 * Reports what the process tells, and starts a fresh one for the rest each time it dies.
 *
 * @returns The exit status.
 */
export async function attend({ first, relay }: Begun, output: Output): Promise<ExitCode> {
  const supervisor = new Supervisor(output, relay);
  try {
    const status = await supervisor.run(first);
    return status === 0 && supervisor.hadErrors ? 1 : status;
  } catch (error) {
    supervisor.stop(error);
    return 2;
  } finally {
    supervisor.close();
  }
}

class Supervisor {
  readonly #output: Output;
  readonly #relay: InterruptRelay;
  #startedMs = performance.now();
  #deaths = 0;
  readonly #deadly = new Map<string, string>();
  readonly #tail = new Tail();
  #reporting: Reporting | undefined;
  #reporter: GuardedReporter | undefined;
  readonly #directory = new KeptDirectory();
  #progress: Progress | undefined;
  #errors = 0;
  #usageError: string | undefined;
  #started = false;
  #finished: RunFinished | undefined;
  #barren = 0;
  // Of the process that is on:
  #child: Launched | undefined;
  #ended: ExitCode | undefined;
  #loading: string | undefined;
  #isPlanned = false;
  #hasBegun = false;

  constructor(output: Output, relay: InterruptRelay) {
    this.#output = output;
    this.#relay = relay;
    process.on('uncaughtException', this.#failed);
    process.on('unhandledRejection', this.#failed);
    relay.onIgnored = () => output.stderr.write(BLOCKED);
  }

  async run(first: Launched): Promise<ExitCode> {
    for (let child = first; ; ) {
      const exit = await this.#watch(child);
      const next = await this.#processOver(exit);
      if (typeof next === 'number') return next;
      child = launch(JSON.stringify(next));
    }
  }

  /** Whether something went wrong in this process, which is a reporter's doing. */
  get hadErrors(): boolean {
    return this.#errors > 0;
  }

  readonly #failed = (error: unknown): void => {
    this.#errors += 1;
    const text = new Failure(error).getTraceback();
    const what =
      this.#finished === undefined
        ? `In the reporter ${this.#reporting?.options.reporter} something went wrong that it does not handle.`
        : 'Something that the tests left behind went wrong after the run was over.';
    this.#output.stderr.write(`trial: ${what}\n${text}\n`);
  };

  /** Something is wrong with the supervisor itself. */
  stop(error: unknown): void {
    this.#child?.process.kill('SIGKILL');
    const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
    this.#output.stderr.write(`trial: A mistake in trial itself. Please report it (npm bugs txtrial). ${text}\n`);
  }

  /** Leaves everything as it was. */
  close(): void {
    this.#relay.stop();
    this.#directory.release();
  }

  /** Waits until the process is over and all that it has said was dealt with. */
  async #watch(child: Launched): Promise<Exit & { readonly memoryBytes: number | undefined }> {
    this.#child = child;
    this.#ended = this.#loading = undefined;
    this.#isPlanned = this.#hasBegun = false;
    this.#relay.follow(child.process);
    const memory = new MemoryWatch(child.process.pid);
    const raw = (text: string) => {
      this.#tail.add(text);
      this.#output.stderr.write(text);
    };
    const exit = await receive(child, (frame) => this.#received(frame), raw);
    memory.stop();
    return { ...exit, memoryBytes: memory.peakBytes };
  }

  #received(frame: Frame): Promise<void> | undefined {
    switch (frame.type) {
      case 'reporting':
        return this.#makeReporter(frame);
      case 'directory':
        this.#directory.taken(frame);
        break;
      case 'loading':
        this.#loading = frame.id;
        break;
      case 'plan':
        this.#isPlanned = true;
        this.#progress ??= new Progress(frame.items, this.#reporting?.options ?? { flaky: 'warn' });
        break;
      case 'stdout':
      case 'stderr':
        this.#tail.add(frame.text);
        this.#output[frame.type].write(frame.text);
        break;
      case 'interrupted':
        this.#relay.arrived();
        break;
      case 'end':
        this.#ended = frame.status;
        break;
      default:
        this.#event(frame);
    }
    return undefined;
  }

  #captures(id: string | undefined): boolean {
    return id !== undefined && this.#reporting?.options.capture === true;
  }

  async #makeReporter(reporting: Reporting): Promise<void> {
    if (this.#reporter === undefined) {
      this.#reporting = reporting;
      try {
        const loader = new Loader({ cwd: reporting.options.cwd });
        if (!isOurs(reporting.options.reporter)) loader.start();
        this.#reporter = await makeReporter(reporting.options, loader, this.#output);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        this.#usageError = error.message;
        this.#child?.process.kill('SIGKILL');
        return;
      }
    }
    if (!isOurs(reporting.options.reporter)) {
      this.#child?.wire.write(`${JSON.stringify({ takesOutput: this.#reporter.takesOutput })}\n`);
    }
  }

  #event(event: TestEvent): void {
    switch (event.type) {
      case 'runStarted':
        if (this.#started) return;
        this.#started = true;
        this.#startedMs = performance.now();
        break;
      case 'runFinished':
        this.#finish(event);
        return;
      case 'testStarted':
        this.#hasBegun = true;
        this.#tail.clear();
        break;
      case 'output':
        // What went to stderr comes as it is, too, unless it was captured.
        if (event.stream === 'stdout' || (event.stream === 'stderr' && this.#captures(event.id)))
          this.#tail.add(event.text);
        break;
      default:
    }
    this.#progress?.add(event);
    this.#reporter?.event(event);
  }

  /** The end of the report: after a death the times are ours, as no process has seen all of it. */
  #finish(event: RunFinished): void {
    const isBroken = this.#reporter?.isBroken === true;
    const exitCode = event.exitCode === 0 && isBroken ? 1 : event.exitCode;
    const duration = this.#deaths === 0 ? event.duration : (performance.now() - this.#startedMs) / 1000;
    this.#finished = { ...event, duration, exitCode };
    this.#reporter?.event(this.#finished);
  }

  /** The process is over, in good order or not. @returns what a fresh one is told, or the status to end with. */
  async #processOver(exit: Exit & { readonly memoryBytes: number | undefined }): Promise<Resume | ExitCode> {
    if (this.#usageError !== undefined) {
      this.#output.stderr.write(`trial: ${this.#usageError}\n`);
      return 2;
    }
    if (this.#ended !== undefined && exit.signal === null) {
      if (this.#finished !== undefined) await this.#reporter?.close();
      // A listener for the end of the process may have chosen another status.
      const status = (exit.code ?? this.#ended) as ExitCode;
      return status === 0 && this.#reporter?.isBroken === true ? 1 : status;
    }
    const interrupted = this.#relay.status;
    if (interrupted !== undefined) return this.#interrupted(interrupted);
    const text = howItEnded(exit);
    const how = describeDeath({ exit, memoryBytes: exit.memoryBytes, output: this.#tail.text });
    if (this.#finished !== undefined) {
      this.#tell(`The process of the tests died after the run was over. ${how}`);
      await this.#reporter?.close();
      return this.#finished.exitCode === 0 ? 1 : this.#finished.exitCode;
    }
    const next = await this.#died(how);
    const rest = typeof next === 'number' ? '' : ' A fresh one runs the rest.';
    this.#output.stderr.write(`trial: The process of the tests has died. ${text}.${rest}\n`);
    return next;
  }

  async #died(how: string): Promise<Resume | ExitCode> {
    const progress = this.#progress;
    this.#deaths += 1;
    this.#barren = this.#hasBegun ? 0 : this.#barren + 1;
    if (!this.#isPlanned) {
      const file = this.#loading;
      if (file === undefined || this.#deadly.has(file)) {
        this.#tell(`The process of the tests died before it had loaded them. ${how}`);
        return progress === undefined ? 2 : this.#giveUp(how);
      }
      const message = `The process that was to run the tests died while this module was loading. ${how}`;
      this.#deadly.set(file, message);
      return this.#resume();
    }
    if (progress === undefined) return 2;
    const { running } = progress;
    if (running !== undefined) {
      this.#blame(running, `The process died while this test was running. ${how}`);
    } else if (this.#hasBegun) {
      this.#strayDeath(how);
    } else if (this.#barren >= MOST_BARREN_DEATHS || progress.isAtEnd) {
      return this.#giveUp(how);
    } else {
      this.#strayDeath(how);
    }
    if (this.#reporting?.options.exitFirst === true) return this.#endRun();
    return progress.isAtEnd && this.#reporting?.severalPasses !== true ? this.#endRun() : this.#resume();
  }

  #resume(): Resume {
    const { path } = this.#directory;
    return {
      ...(path === undefined ? undefined : { directory: path }),
      deadly: [...this.#deadly],
      ...(this.#progress === undefined ? undefined : { progress: this.#progress.resumed }),
    };
  }

  /** Charges a death to a test. */
  #blame(test: Place & { readonly startedAt: number }, message: string): void {
    const error = new ProcessDiedError(message);
    this.#event(endOf(test, error, 'death'));
    this.#note(`error in ${test.id}`, error.stack ?? message);
  }

  /** A death in no test. */
  #strayDeath(how: string): void {
    const last = this.#hasBegun ? this.#progress?.last : undefined;
    const file =
      last === undefined ? (this.#loading ?? 'trial') : shownPath(last.file, this.#reporting?.options.cwd ?? '');
    const event = strayDeath(file, last, how);
    this.#event(event);
    this.#note('error', event.stack);
  }

  /** It is always the same: what has not run will not. */
  #giveUp(how: string): Promise<ExitCode> {
    const message = `This test was not run: the process that was to run it died again and again before it began. ${how}`;
    for (const item of this.#progress?.toCome ?? []) {
      if ('type' in item) this.#event(item);
      else this.#notRun(item, message);
    }
    return this.#endRun();
  }

  #notRun([id, file, line]: PlannedTest, message: string): void {
    const startedAt = Date.now() / 1000;
    const test = { ...place(id, file, line), startedAt };
    this.#event({ type: 'testStarted', ...test });
    this.#blame(test, message);
  }

  /** A second Ctrl-C has killed the process, or it died of the first. */
  async #interrupted(status: ExitCode): Promise<ExitCode> {
    this.#deaths += 1;
    const running = this.#progress?.running;
    if (running !== undefined) {
      this.#event(endOf(running, new InterruptedError(`Interrupted by ${this.#relay.signal}.`), 'error'));
    }
    return this.#started ? this.#endRun(status) : status;
  }

  async #endRun(exitCode: ExitCode = 1): Promise<ExitCode> {
    if (this.#progress === undefined) return exitCode;
    const { totals, failedPasses } = this.#progress;
    const passes = failedPasses === undefined ? undefined : { failedPasses };
    this.#finish({ type: 'runFinished', totals, ...passes, duration: 0, exitCode });
    await this.#reporter?.close();
    return exitCode;
  }

  #tell(text: string): void {
    this.#output.stderr.write(`trial: ${text}\n`);
    this.#note('trial', text);
  }

  #note(title: string, text: string): void {
    const problem = this.#directory.note(title, text);
    if (problem !== undefined) this.#output.stderr.write(`trial: ${problem}\n`);
  }
}
