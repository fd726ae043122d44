import { inOneLine } from './in_one_line.js';
import type { Loader } from './load/load.js';
import type { Options } from './options/options.js';
import type { Output } from './output/output.js';
import { chooseReporter } from './reporters/choose.js';
import { GuardedReporter } from './reporters/guarded_reporter.js';
import { loadColours } from './reporters/labels.js';
import type { ReporterFactory } from './reporters/reporter.js';
import { type ReproOptions, reproCommand } from './repro.js';
import { UsageError } from './usage_error.js';
import { importUserModule } from './user_module.js';

/** The options that say how a run is to be reported. */
export type ReportOptions = ReproOptions &
  Pick<Options, 'reporter' | 'rtErrors' | 'tracebackFormat' | 'durations' | 'capture'>;

/**
 * Makes the reporter that the options name. What it throws later is told once.
 *
 * @throws UsageError if there is no such reporter, or it cannot be made.
 */
export async function makeReporter(options: ReportOptions, loader: Loader, output: Output): Promise<GuardedReporter> {
  const { reporter: name, rtErrors, tracebackFormat, durations, capture, cwd } = options;
  const { stdout, stderr } = output;
  let factory: ReporterFactory;
  try {
    if (stdout.colours) await loadColours();
    factory = await chooseReporter(name, (module) => importUserModule(module, options.cwd, loader));
    const reporter = factory({
      stdout,
      stderr,
      rtErrors,
      tracebackFormat,
      capture,
      cwd,
      ...(durations === undefined ? undefined : { durations }),
      repro: (failed) => reproCommand(options, failed),
    });
    if (capture && reporter.takesOutput !== true) throw new UsageError('with --capture it has to take output');
    return new GuardedReporter(reporter, (error) => {
      const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
      stderr.write(`trial: The reporter ${name} failed and is left out: ${text}\n`);
    });
  } catch (error) {
    const reason = inOneLine(error, options.cwd).replace(/\.$/, '');
    throw new UsageError(`Cannot use the reporter ${name}: ${reason}. See trial --help-reporters.`, { cause: error });
  }
}
