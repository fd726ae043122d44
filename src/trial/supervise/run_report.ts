import { Failure } from '../../internet/failure.js';
import type { EpochSeconds, ExitCode, RunFinished, TestEvent } from '../events/events.js';
import type { GuardedReporter } from '../guarded_reporter.js';
import { Loader } from '../load/load.js';
import type { Output } from '../output/output.js';
import { makeReporter } from '../report_to.js';
import { isOurs } from '../reporters/choose.js';
import { Attempts } from './attempts.js';
import type { Plan, Reporting } from './frames.js';
import { KeptDirectory } from './kept_directory.js';
import { Progress } from './progress.js';
import { Tail } from './tail.js';

/** The one report on a run, however many processes it takes. */
export class RunReport {
  readonly directory = new KeptDirectory();
  readonly attempts = new Attempts();
  readonly #output: Output;
  /** What the running test has printed, and the process. */
  readonly #tail = new Tail();
  #startedMs = performance.now();
  #reporting: Reporting | undefined;
  #reporter: GuardedReporter | undefined;
  #progress: Progress | undefined;
  #isStarted = false;
  #finished: RunFinished | undefined;
  /** No process has seen all of the run: then its times are measured here. */
  isInParts = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** How the run is to be reported, once that is known. */
  get options(): Reporting['options'] | undefined {
    return this.#reporting?.options;
  }

  /** The tests may be run again and again. */
  get severalPasses(): boolean {
    return this.#reporting?.severalPasses === true;
  }

  /** undefined: what is to run is not known. */
  get progress(): Progress | undefined {
    return this.#progress;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** The end of the report; undefined: it has not come. */
  get finished(): RunFinished | undefined {
    return this.#finished;
  }

  /** The reporter failed, and does not report any more. */
  get isBroken(): boolean {
    return this.#reporter?.isBroken === true;
  }

  /** What was printed last. */
  get lastOutput(): string {
    return this.#tail.text;
  }

  /**
   * Makes the reporter, unless it is there.
   *
   * @returns whether it wants what tests print; undefined: the process knows.
   * @throws UsageError if it cannot be made.
   */
  async begin(reporting: Reporting): Promise<boolean | undefined> {
    const { options } = reporting;
    const isOurOwn = isOurs(options.reporter);
    if (this.#reporter === undefined) {
      this.#reporting = reporting;
      const loader = new Loader({ cwd: options.cwd });
      if (!isOurOwn) loader.start();
      this.#reporter = await makeReporter(options, loader, this.#output, async (name, load) => {
        const { loadAlone } = await import('../load_alone.js');
        return loadAlone(name, load, options.timeoutSeconds);
      });
    }
    return isOurOwn ? undefined : this.#reporter.takesOutput === true;
  }

  /** A process says what it is about to run; a fresh one runs a part of what the first one was to run. */
  planned(items: Plan['items']): void {
    this.#progress ??= new Progress(items, this.#reporting?.options ?? { flaky: 'warn' });
  }

  /** Writes what a process has said past all reporters. */
  write(stream: 'stdout' | 'stderr', text: string): void {
    this.#tail.add(text);
    this.#output[stream].write(text);
  }

  event(event: TestEvent): void {
    switch (event.type) {
      case 'runStarted':
        if (this.#isStarted) return;
        this.#isStarted = true;
        this.#startedMs = performance.now();
        break;
      case 'runFinished':
        this.#finish(event);
        return;
      case 'testStarted':
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
    if (event.type === 'testStarted') this.attempts.testStarted(event, this.#progress?.position ?? 1);
    this.#reporter?.event(event);
  }

  /** A further attempt at the test that is running begins. */
  attemptBegun(startedAt: EpochSeconds): void {
    this.#tail.clear();
    this.attempts.begun(startedAt);
  }

  /** Ends the report where no process has done so. @returns the exit status. */
  async end(exitCode: ExitCode): Promise<ExitCode> {
    if (this.#progress === undefined) return exitCode;
    const { totals, failedPasses } = this.#progress;
    const passes = failedPasses === undefined ? undefined : { failedPasses };
    this.#finish({ type: 'runFinished', totals, ...passes, duration: 0, exitCode });
    await this.close();
    return exitCode;
  }

  /** Fires when the reporter has done what it still had to do. */
  async close(): Promise<void> {
    await this.#reporter?.close();
  }

  /** Something went wrong in this process, where only a reporter has code of the user's. */
  failed(error: unknown): void {
    const text = new Failure(error).getTraceback();
    this.#output.stderr.write(
      `trial: In the reporter ${this.options?.reporter} something went wrong that it does not handle.\n${text}\n`,
    );
  }

  /** A line for people that is in no reporter's report. */
  tell(text: string): void {
    this.#output.stderr.write(`trial: ${text}\n`);
    this.note('trial', text);
  }

  /** Adds to the log. */
  note(title: string, text: string): void {
    const problem = this.directory.note(title, text);
    if (problem !== undefined) this.#output.stderr.write(`trial: ${problem}\n`);
  }

  #captures(id: string | undefined): boolean {
    return id !== undefined && this.options?.capture === true;
  }

  #finish(event: RunFinished): void {
    const exitCode = event.exitCode === 0 && this.isBroken ? 1 : event.exitCode;
    const duration = this.isInParts ? (performance.now() - this.#startedMs) / 1000 : event.duration;
    this.#finished = { ...event, duration, exitCode };
    this.#reporter?.event(this.#finished);
  }
}
