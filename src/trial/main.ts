import { join } from 'node:path';
import { setDebugging } from '../internet/deferred_debug.js';
import { setStackMapper } from '../internet/stack_text.js';
import { setThreadPreload } from '../internet/thread_preload.js';
import { addObserver } from '../log/publisher.js';
import { discover } from './discover/discover.js';
import { Loading } from './discover/loading.js';
import { Ending } from './ending.js';
import { EventStream } from './event_stream.js';
import type { ExitCode } from './events/events.js';
import { epochMs, monotonicMs } from './life/now.js';
import { Loader } from './load/load.js';
import type { Options } from './options/options.js';
import { readOptions } from './options/read.js';
import { RunOutput } from './output/run_output.js';
import { makeReporter } from './report_to.js';
import { Interrupt } from './run/interrupt.js';
import { runSuite } from './run/runner.js';
import type { Suite } from './run/suite.js';
import { TempDirectory } from './temp/directory.js';
import { runningInLog } from './temp/last_run.js';
import { TestLog } from './temp/test_log.js';
import { UsageError } from './usage_error.js';
import { preload } from './user_module.js';

declare const TXTRIAL_VERSION: string;

/**
 * The command `trial`.
 *
 * @param argv - The arguments, without those that name the program.
 * @returns The exit status: 0 all passed, 1 something failed, 2 the run could not be done, 129, 130 or 143 ended by
 * SIGHUP, SIGINT (Ctrl-C) or SIGTERM. By then all output has left the process.
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const output = new RunOutput(process.env);
  const ending = new Ending(output);
  const status = await runAndReport(argv, output, ending);
  await output.drain();
  ending.runIsOver();
  if (output.error !== undefined) output.stderr.write(`trial: Cannot write the report: ${output.error.message}\n`);
  else if (!ending.hadLateErrors) return status;
  return status === 0 ? 1 : status;
}

async function runAndReport(argv: readonly string[], output: RunOutput, ending: Ending): Promise<ExitCode> {
  try {
    const options = await readOptions(argv, workingDirectory());
    if (typeof options !== 'string') return await run(options, output, ending);
    output.stdout.write(options);
    return 0;
  } catch (error) {
    output.stderr.write(`trial: ${error instanceof UsageError ? error.message : ending.internalError(error)}\n`);
    return 2;
  }
}

/** One run: from options to the exit status. */
async function run(options: Options, output: RunOutput, ending: Ending): Promise<ExitCode> {
  // Signals first: what is there when the watch begins is not the user's.
  const interrupt = new Interrupt(ending.endNow);
  interrupt.start();
  const loading = new Loading(options.timeoutSeconds);
  try {
    return await runWatched(options, output, ending, interrupt, loading);
  } finally {
    loading.end();
  }
}

async function runWatched(
  options: Options,
  output: RunOutput,
  ending: Ending,
  interrupt: Interrupt,
  loading: Loading,
): Promise<ExitCode> {
  const loader = new Loader({ cwd: options.cwd });
  loader.start();
  setStackMapper((stack) => loader.mapStack(stack));
  setThreadPreload([distUrl('src/trial/load/thread_loader.js')]);
  if (options.list) return list(await discover(loader, options, loading), options, output);

  let diedIn: string | undefined;
  const directory = TempDirectory.take(options.cwd, options.tempDirectory, (path) => {
    diedIn = runningInLog(join(path, options.logFile));
  });
  const log = openLog(directory, options.logFile, output);
  if (diedIn !== undefined) tellOfDeath(diedIn, log, output);
  ending.closes(log, directory);
  addObserver(log.observe);
  const reporter = await loading.load(options.reporter, () => makeReporter(options, loader, output));
  const stream = new EventStream({ output, ending, log, reporter });

  if (options.network === 'loopback') (await import('./network/loopback_only.js')).allowOnlyLoopback();
  for (const name of options.imports) await loading.load(name, () => preload(name, options.cwd, loader));
  const suite = await discover(loader, options, loading);
  if (refuses(suite, output)) return 2;

  if (options.chdir) process.chdir(directory.path);
  if (options.debugStacktraces) setDebugging(true);
  if (options.debug) (await import('./debugger.js')).waitForDebugger(output.stderr.write);
  const endProfile = options.profile ? (await import('./profile.js')).startProfile() : undefined;
  const begun = monotonicMs();
  stream.emit({
    type: 'runStarted',
    version: TXTRIAL_VERSION,
    startedAt: epochMs() / 1000,
    planned: suite.filter((item) => item.kind === 'test').length,
    ...(options.randomSeed === undefined ? undefined : { seed: options.randomSeed }),
  });
  interrupt.testsBegin();
  const totals = await runSuite(suite, options, stream.emit, interrupt.signal, loading);
  ending.testsAreOver();
  endProfile?.(join(directory.path, 'trial.cpuprofile'));
  log.flush();
  const failed = totals.failures > 0 || totals.errors > 0 || reporter.isBroken || log.error !== undefined;
  const exitCode = interrupt.status ?? (failed ? 1 : 0);
  stream.emit({ type: 'runFinished', totals, duration: (monotonicMs() - begun) / 1000, exitCode });
  await stream.close();
  return exitCode === 0 && reporter.isBroken ? 1 : exitCode;
}

function tellOfDeath(id: string, log: TestLog, output: RunOutput): void {
  const text = `The last run died while ${id} was running.`;
  output.stderr.write(`trial: ${text}\n`);
  log.note(text);
}

function openLog(directory: TempDirectory, name: string, output: RunOutput): TestLog {
  try {
    return new TestLog(directory.path, name, (error) => {
      output.stderr.write(`trial: Cannot write ${name}: ${error.message}. Lines are missing from it.\n`);
    });
  } catch (error) {
    directory.release();
    throw error;
  }
}

/** Says what is wrong if there is no test to run, and nothing but mistakes in what was asked for. */
function refuses(suite: Suite, output: RunOutput): boolean {
  const usages: string[] = [];
  for (const item of suite) {
    if (item.kind === 'test' || item.usage === undefined) return false;
    usages.push(item.usage);
  }
  if (usages.length === 0) usages.push('No test was found.');
  output.stderr.write([...new Set(usages)].map((usage) => `trial: ${usage}\n`).join(''));
  return true;
}

function list(suite: Suite, { randomSeed }: Options, output: RunOutput): ExitCode {
  if (refuses(suite, output)) return 2;
  if (randomSeed !== undefined) output.stderr.write(`Listing tests shuffled with seed ${randomSeed}\n`);
  let failed = false;
  for (const item of suite) {
    if (item.kind === 'test') output.stdout.write(`${item.id}\n`);
    else {
      failed = true;
      output.stderr.write(`trial: Cannot list ${item.event.id}: ${item.event.message}\n`);
    }
  }
  return failed ? 1 : 0;
}

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new UsageError('The working directory is gone. Change to one that exists.', { cause: error });
  }
}

/** A file of the build, from wherever in it this code has come to lie. */
function distUrl(path: string): string {
  const here = import.meta.url;
  return here.slice(0, here.lastIndexOf('/dist/') + '/dist/'.length) + path;
}
