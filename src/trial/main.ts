import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { setDebugging } from '../internet/deferred_debug.js';
import { setStackMapper } from '../internet/stack_text.js';
import { setThreadPreload } from '../internet/thread_preload.js';
import { addObserver } from '../log/publisher.js';
import { discover } from './discover/discover.js';
import { Loading } from './discover/loading.js';
import { shownText } from './discover/shown_name.js';
import { isAtScreen } from './dump_keys.js';
import { Ending } from './ending.js';
import { EventStream } from './event_stream.js';
import type { ExitCode } from './events/events.js';
import { isBeingDebugged } from './life/blocking.js';
import { epochMs, monotonicMs } from './life/now.js';
import { Loader } from './load/load.js';
import type { Options } from './options/options.js';
import { readOptions } from './options/read.js';
import type { Output } from './output/output.js';
import { BlockedKey } from './run/blocked_key.js';
import { DumpSignal } from './run/dump_signal.js';
import { Interrupt } from './run/interrupt.js';
import { LONG_MS, watchLong } from './run/long_watch.js';
import { runSuite } from './run/runner.js';
import { SlowNotices } from './run/slow_notices.js';
import type { Suite } from './run/suite.js';
import { OwnStage, type Stage } from './stage.js';
import { UsageError } from './usage_error.js';
import { type LoadAs, preload } from './user_module.js';

declare const TXTRIAL_VERSION: string;

const SHORT_RUN_MS = 3000;

/** In which way the command is run. */
export interface MainOptions {
  /** What a supervised process has; none: this is the process that the user has started. */
  readonly stage?: Stage;
  /** What goes if neither the arguments nor the configuration say whether to supervise; undefined: they are not asked. */
  readonly superviseByDefault?: boolean | undefined;
  /** Waits to look after this thread while it is blocked: one of `startWaitingThread`. None: nobody does. */
  readonly guard?: Worker | undefined;
  /** The run takes place under continuous integration. */
  readonly isCi?: boolean;
}

/**
 * The command `trial`.
 *
 * @param argv - The arguments, without those that name the program.
 * @returns The exit status: 0 all passed, 1 something failed, 2 the run could not be done, 129, 130 or 143 ended by
 * SIGHUP, SIGINT (Ctrl-C) or SIGTERM. By then all output has left the process.
 */
export async function main(
  argv: readonly string[],
  { stage, superviseByDefault, guard, isCi = false }: MainOptions = {},
): Promise<ExitCode> {
  const ownStage = stage ?? new OwnStage();
  const { output } = ownStage;
  const ending = new Ending(output, ownStage.isSupervised);
  const status = await runAndReport(argv, ownStage, ending, { superviseByDefault, guard, isCi });
  await output.drain();
  // What prints a text or refuses its arguments has not compiled what most runs need, and in a long run V8 has dropped again
  // what only the beginning needs.
  const newCode = ending.ranTests && monotonicMs() < SHORT_RUN_MS ? (import.meta.newCode?.() ?? []) : [];
  if (newCode.length > 0) (await import('./load/keep_code.js')).keepCode(newCode);
  ending.runIsOver();
  if (output.error !== undefined) output.stderr.write(`trial: Cannot write the report: ${output.error.message}\n`);
  else if (!ending.hadLateErrors) return status;
  return status === 0 ? 1 : status;
}

async function runAndReport(
  argv: readonly string[],
  stage: Stage,
  ending: Ending,
  { superviseByDefault, guard, isCi = false }: Omit<MainOptions, 'stage'>,
): Promise<ExitCode> {
  const { output } = stage;
  try {
    const options = await readOptions(argv, workingDirectory(), { isCi });
    if (typeof options === 'string') {
      output.stdout.write(options);
      return 0;
    }
    if (options.bisect && !options.list) {
      if (stage.isSupervised) return await run({ ...options, ...ONE_PASS }, stage, ending, guard);
      void guard?.terminate();
      const { bisect } = await import('./bisect/bisect.js');
      return await bisect(options, output);
    }
    if (
      stage.isSupervised ||
      superviseByDefault === undefined ||
      !(options.supervise ?? superviseByDefault) ||
      options.list
    ) {
      return await run(options, stage, ending, guard);
    }
    // The process that runs the tests has one of its own.
    void guard?.terminate();
    const { begin } = await import('./supervise/supervise.js');
    const begun = begin();
    const { attend } = await import('./supervise/supervisor.js');
    return await attend(begun, output);
  } catch (error) {
    const line = error instanceof UsageError ? shownText(error.message) : ending.internalError(error);
    output.stderr.write(`trial: ${line}\n`);
    return 2;
  }
}

/** What each process of a bisection does, whatever else is asked for. */
const ONE_PASS: Partial<Options> = {
  untilFailure: false,
  repeat: 1,
  retries: 0,
  exitFirst: false,
  debug: false,
  slowSeconds: 0,
};

/** One run: from options to the exit status. */
async function run(options: Options, stage: Stage, ending: Ending, guard: Worker | undefined): Promise<ExitCode> {
  // Signals first: what is there when the watch begins is not the user's.
  const interrupt = new Interrupt((status) => stage.interrupt(status, ending.endNow));
  interrupt.start();
  const dump = new DumpSignal((text) => stage.output.stderr.write(`trial: ${text}\n`));
  dump.start();
  // Before any module of the user's, which may block.
  interrupt.guard(guard, stage.isSupervised, dump);
  const loading = new Loading(options, (id) => stage.loading(id));
  try {
    return await runWatched(options, stage, ending, interrupt, dump, loading);
  } finally {
    loading.end();
  }
}

async function runWatched(
  options: Options,
  stage: Stage,
  ending: Ending,
  interrupt: Interrupt,
  dump: DumpSignal,
  loading: Loading,
): Promise<ExitCode> {
  const { output } = stage;
  const loader = new Loader({ cwd: options.cwd });
  loader.start();
  setStackMapper((stack) => loader.mapStack(stack));
  setThreadPreload([distUrl('src/trial/load/thread_loader.js')]);
  if (options.list) return list(await discover(loader, options, loading), options, output);

  const directory = stage.open(options);
  const { log } = directory;
  ending.closes(log, directory);
  addObserver(log.observe);
  dump.tell = (text) => {
    output.stderr.write(`trial: ${text}\n`);
    log.note(text);
    log.flush();
  };
  const loadAs: LoadAs = (name, load) => loading.load(name, load);
  const reporter = await stage.makeReporter(options, loader, loadAs);
  const stream = new EventStream({ output, ending, log, reporter, capture: options.capture });

  const emit = await withSlowWatch(options.slowSeconds, stream, stage, dump);

  if (options.network === 'loopback') (await import('./network/loopback_only.js')).allowOnlyLoopback();
  for (const name of options.imports) await preload(name, options.cwd, loader, loadAs);
  const { suite, start } = await stage.findTests(loader, options, loading);
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
  const result = await runSuite(suite, options, emit, interrupt.signal, loading, start);
  const { totals, failedPasses, passes, allowedLeaks } = result;
  ending.testsAreOver();
  endProfile?.(join(directory.path, 'trial.cpuprofile'));
  log.flushAll();
  const failed = failedPasses.length > 0 || reporter.isBroken || log.error !== undefined;
  const exitCode = interrupt.status ?? (failed ? 1 : 0);
  const duration = (monotonicMs() - begun) / 1000;
  stream.emit({
    type: 'runFinished',
    totals,
    ...(passes > 1 && failedPasses.length > 0 ? { failedPasses } : undefined),
    ...(allowedLeaks.length > 0 ? { allowedLeaks } : undefined),
    duration,
    exitCode,
  });
  await stream.close();
  return exitCode === 0 && reporter.isBroken ? 1 : exitCode;
}

/** As the stream's `emit`, and tells of slow tests: of long ones to somebody at a terminal, where nobody has said what is slow. */
async function withSlowWatch(
  seconds: number | undefined,
  { emit }: EventStream,
  { output: { stderr }, isSupervised }: Stage,
  dump: DumpSignal,
): Promise<EventStream['emit']> {
  if (seconds === 0) return emit;
  const notices = new SlowNotices({ emit, stderr, ask: dump.ask, isSupervised });
  dump.lookAtKey = new BlockedKey(seconds === undefined ? LONG_MS : seconds * 1000, notices).look;
  if (seconds === undefined) {
    watchLong(() => (isAtScreen() && !isBeingDebugged() ? notices.tell : undefined));
    return emit;
  }
  const { watchSlow } = await import('./run/slow_watch.js');
  const watch = watchSlow(seconds, notices.tell);
  return (event) => {
    watch(event);
    emit(event);
  };
}

/** Says what is wrong if there is no test to run, and nothing but mistakes in what was asked for. */
function refuses(suite: Suite, output: Output): boolean {
  const usages: string[] = [];
  for (const item of suite) {
    if (item.kind === 'test' || item.usage === undefined) return false;
    usages.push(item.usage);
  }
  if (usages.length === 0) usages.push('No test was found.');
  output.stderr.write([...new Set(usages)].map((usage) => `trial: ${shownText(usage)}\n`).join(''));
  return true;
}

function list(suite: Suite, { randomSeed }: Options, output: Output): ExitCode {
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
