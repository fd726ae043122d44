import { errorText } from '../internet/error_text.js';
import { GuardedReporter, type OnBroken } from './guarded_reporter.js';
import { inOneLine } from './in_one_line.js';
import type { Loader } from './load/load.js';
import type { Options } from './options/options.js';
import type { Output, TextOutput } from './output/output.js';
import { chooseReporter } from './reporters/choose.js';
import { loadColours } from './reporters/labels.js';
import type { Reporter, ReporterOptions } from './reporters/reporter.js';
import { type ReproOptions, reproCommand } from './repro.js';
import { UsageError } from './usage_error.js';
import { importUserModule, type LoadAs } from './user_module.js';

/** The options that say how a run is to be reported. */
export type ReportOptions = ReproOptions &
  Pick<Options, 'reporter' | 'rtErrors' | 'tracebackFormat' | 'durations' | 'capture'>;

/**
 * Makes the reporter that the options name. What it throws later is told once.
 *
 * @param loadAs - Has the module of a third party's loaded, and its factory called.
 * @throws UsageError if there is no such reporter, or it cannot be made.
 */
export async function makeReporter(
  options: ReportOptions,
  loader: Loader,
  output: Output,
  loadAs: LoadAs,
): Promise<GuardedReporter> {
  const { reporter: name, rtErrors, tracebackFormat, durations, capture, cwd } = options;
  const { stdout, stderr } = output;
  try {
    if (stdout.colours) await loadColours();
    const told: ReporterOptions = {
      stdout,
      stderr,
      rtErrors,
      tracebackFormat,
      capture,
      cwd,
      ...(durations === undefined ? undefined : { durations }),
      repro: (failed) => reproCommand(options, failed),
    };
    const factory = await chooseReporter(name);
    if (factory !== undefined) return guarded(factory(told), stderr, name);
    const { makeThirdParty, TreeOnStderr } = await import('./third_party_reporter.js');
    const reporter = await loadAs(name, async () => makeThirdParty(await importUserModule(name, cwd, loader), told));
    if (capture && reporter.takesOutput !== true) throw new UsageError('with --capture it has to take output');
    const onBroken: OnBroken = (deed, thrown) => {
      const error = thrown === undefined ? '' : `: ${inOneLine(thrown.error, cwd)}`;
      stderr.write(`trial: The reporter ${name} is left out, since its ${deed}${error}. The report goes on here.\n`);
    };
    return new GuardedReporter(reporter, onBroken, new TreeOnStderr(told));
  } catch (error) {
    const reason = inOneLine(error, cwd).replace(/\.$/, '');
    throw new UsageError(`Cannot use the reporter ${name}: ${reason}. See trial --help-reporters.`, { cause: error });
  }
}

/** One that comes with trial. */
function guarded(reporter: Reporter, stderr: TextOutput, name: string): GuardedReporter {
  return new GuardedReporter(reporter, (deed, { error } = { error: undefined }) => {
    const text = errorText(error, { all: true });
    stderr.write(`trial: A mistake in trial itself. Please report it (npm bugs txtrial). ${name}: ${deed}: ${text}\n`);
  });
}
