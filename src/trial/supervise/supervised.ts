/** What a run is to a process that is supervised: it tells its supervisor everything, and goes on where another has died. */
import { join } from 'node:path';
import { discover } from '../discover/discover.js';
import type { Loading } from '../discover/loading.js';
import type { Attempt, ExitCode, TestEvent } from '../events/events.js';
import { hasCome, keepListener } from '../life/own_listeners.js';
import type { Loader } from '../load/load.js';
import type { Options } from '../options/options.js';
import { isOurs } from '../reporters/choose.js';
import { willEndByForce } from '../run/end_by_force.js';
import type { AttemptLog } from '../run/retries.js';
import { type Found, type OpenDirectory, openLog, type RunReporter, type Stage, tellOfDeath } from '../stage.js';
import { TempDirectory } from '../temp/directory.js';
import { runningInLog } from '../temp/last_run.js';
import { UsageError } from '../usage_error.js';
import { ProcessDiedError } from './death.js';
import type { Frame, Plan, ReporterAnswer, Resume } from './frames.js';
import { endWith } from './orphanhood.js';
import { rest } from './rest.js';
import { Wire } from './wire.js';
import { WireOutput } from './wire_output.js';
import type { SupervisedBy } from './wish.js';

/** The stage of a supervised process. */
export class Supervised implements Stage {
  readonly isSupervised = true;
  readonly output: WireOutput;
  readonly #wire = new Wire();
  readonly #supervisor: number;
  readonly #resume: Resume | undefined;
  /** What must not be loaded again. */
  readonly #deadly: ReadonlyMap<string, string>;
  #imports: readonly string[] = [];
  #testsRun = false;

  constructor({ supervisor, again }: SupervisedBy) {
    this.#supervisor = supervisor;
    endWith(supervisor);
    this.output = new WireOutput(this.#wire);
    this.#resume = again ? (JSON.parse(this.#wire.readLine()) as Resume) : undefined;
    this.#deadly = new Map(this.#resume?.deadly);
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) keepListener(signal, this.#signalled);
  }

  open({ cwd, tempDirectory, logFile }: Options): OpenDirectory {
    let diedIn: string | undefined;
    const owner = this.#supervisor;
    const before = this.#resume?.directory;
    const onDeadRun = (path: string) => {
      diedIn = runningInLog(join(path, logFile));
    };
    const path = before ?? TempDirectory.take(cwd, tempDirectory, { onDeadRun, owner }).path;
    if (before !== undefined) TempDirectory.rejoin(before, owner);
    this.#wire.send({ type: 'directory', path, log: join(path, logFile) });
    this.#wire.flush();
    const log = openLog(path, logFile, this.output, before !== undefined);
    if (diedIn !== undefined) tellOfDeath(diedIn, log, this.output);
    // The supervisor releases it: there may be another process after this one.
    return { path, log, release() {} };
  }

  async makeReporter(options: Options): Promise<RunReporter> {
    const { reporter, untilFailure, repeat } = options;
    this.#imports = options.imports;
    const severalPasses = untilFailure || repeat > 1;
    this.#wire.send({ type: 'reporting', options, severalPasses });
    this.#wire.flush();
    const takesOutput = isOurs(reporter) || (JSON.parse(this.#wire.readLine()) as ReporterAnswer).takesOutput;
    const event = (sent: TestEvent) => this.#wire.send(sent);
    return { takesOutput, isBroken: false, event };
  }

  loading(id: string): void {
    const message = this.#deadly.get(id);
    if (message !== undefined) {
      if (this.#imports.includes(id)) throw new UsageError(message);
      throw new ProcessDiedError(message);
    }
    this.#wire.send({ type: 'loading', id });
    this.#wire.flush();
  }

  async findTests(loader: Loader, options: Options, loading: Loading): Promise<Found> {
    const progress = this.#resume?.progress;
    const found =
      progress === undefined
        ? { suite: await discover(loader, options, loading) }
        : await rest(progress, loader, options, loading);
    const items = found.suite.map((item): Plan['items'][number] => {
      if (item.kind === 'problem') return item.event;
      return item.line === undefined ? [item.id, item.file] : [item.id, item.file, item.line];
    });
    this.#wire.send({ type: 'plan', items });
    this.#wire.flush();
    this.#testsRun = true;
    const start = found.start ?? { next: 0, testsBefore: 0, passes: 0, failedPasses: [], totals: undefined };
    return { suite: found.suite, start: { ...start, attempts: this.#attemptLog(progress?.attempts ?? []) } };
  }

  #attemptLog(before: readonly Attempt[]): AttemptLog {
    const send = (frame: Frame): void => {
      this.#wire.send(frame);
      this.#wire.flush();
    };
    return {
      before,
      begun: (startedAt) => send({ type: 'attemptBegun', startedAt }),
      made: (attempts) => send({ type: 'attemptsMade', attempts }),
    };
  }

  /** Before the tests a signal ends the process; then the run, and the supervisor sees to it that it does. */
  interrupt(status: ExitCode, endNow: (status: ExitCode) => void): void {
    if (this.#testsRun) return;
    this.end(status);
    endNow(status);
  }

  /** The run is over. */
  end(status: ExitCode): void {
    this.#wire.send({ type: 'end', status, isByForce: willEndByForce() });
    this.#wire.flush();
  }

  readonly #signalled = (_signal: NodeJS.Signals, number?: unknown): void => {
    if (!hasCome(number)) return;
    this.#wire.send({ type: 'interrupted' });
    this.#wire.flush();
  };
}
