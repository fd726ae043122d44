import { join } from 'node:path';
import { discover } from './discover/discover.js';
import type { Loading } from './discover/loading.js';
import type { ExitCode } from './events/events.js';
import type { Loader } from './load/load.js';
import type { Options } from './options/options.js';
import type { Output } from './output/output.js';
import { RunOutput } from './output/run_output.js';
import { makeReporter } from './report_to.js';
import type { Reporter } from './reporters/reporter.js';
import type { RunStart } from './run/runner.js';
import type { Suite } from './run/suite.js';
import { TempDirectory } from './temp/directory.js';
import { runningInLog } from './temp/last_run.js';
import { TestLog } from './temp/test_log.js';
import type { LoadAs } from './user_module.js';

/** Where a run takes place: who prints, who finds its tests, and who is told how it ends. */
export interface Stage {
  readonly output: Output;
  /** Somebody else tells the user when the process ends before its time. */
  readonly isSupervised: boolean;
  /** Takes the temporary directory. */
  open(options: Options): OpenDirectory;
  makeReporter(options: Options, loader: Loader, loadAs: LoadAs): Promise<RunReporter>;
  /** Called with each module before it is loaded; throws what keeps it from being loaded. */
  loading(id: string): void;
  findTests(loader: Loader, options: Options, loading: Loading): Promise<Found>;
  /** Ends the process because of a signal. */
  interrupt(status: ExitCode, endNow: (status: ExitCode) => void): void;
}

/** The temporary directory of a run. */
export interface OpenDirectory {
  /** Absolute. */
  readonly path: string;
  readonly log: TestLog;
  release(): void;
}

export interface RunReporter extends Reporter {
  /** It failed, and does not report any more. */
  readonly isBroken: boolean;
}

export interface Found {
  readonly suite: Suite;
  /** Where to begin in it; undefined: with the first test. */
  readonly start?: RunStart;
}

/** A process that runs the tests and reports on them. */
export class OwnStage implements Stage {
  readonly output = new RunOutput(process.env);
  readonly isSupervised = false;

  open({ cwd, tempDirectory, logFile }: Options): OpenDirectory {
    let diedIn: string | undefined;
    const directory = TempDirectory.take(cwd, tempDirectory, {
      onDeadRun: (path) => {
        diedIn = runningInLog(join(path, logFile));
      },
    });
    try {
      const log = openLog(directory.path, logFile, this.output);
      if (diedIn !== undefined) tellOfDeath(diedIn, log, this.output);
      return { path: directory.path, log, release: () => directory.release() };
    } catch (error) {
      directory.release();
      throw error;
    }
  }

  makeReporter(options: Options, loader: Loader, loadAs: LoadAs): Promise<RunReporter> {
    return makeReporter(options, loader, this.output, loadAs);
  }

  loading(): void {
    // Nobody has to know.
  }

  async findTests(loader: Loader, options: Options, loading: Loading): Promise<Found> {
    return { suite: await discover(loader, options, loading) };
  }

  interrupt(status: ExitCode, endNow: (status: ExitCode) => void): void {
    endNow(status);
  }
}

/** Opens the log of a run. */
export function openLog(directory: string, name: string, output: Output, again = false): TestLog {
  const onError = (error: Error) =>
    output.stderr.write(`trial: Cannot write ${name}: ${error.message}. Lines are missing from it.\n`);
  return new TestLog(directory, name, onError, again);
}

/** Says in which test the run before this one has died. */
export function tellOfDeath(id: string, log: TestLog, output: Output): void {
  const text = `The last run died while ${id} was running.`;
  output.stderr.write(`trial: ${text}\n`);
  log.note(text);
}
