import type { Options, PartialOptions } from './options.js';
import {
  type ParseValue,
  parseChoice,
  parseCount,
  parseNumber,
  parsePattern,
  parseSeconds,
  parseSeed,
  parseText,
} from './values.js';

/** One option, for the command line and, under its long name in camelCase, for the configuration. */
export interface OptionSpec {
  /** As commander takes them: `-z, --random <seed>`. */
  readonly flags: string;
  readonly description: string;
  /** What it sets, given the text of its value; a switch is given none. */
  readonly apply: (options: PartialOptions, text: string | undefined, name: string) => void;
  /** Each further one adds to those before. */
  readonly repeatable?: true;
}

type Key = keyof PartialOptions & keyof Options;

function value<K extends Key>(flags: string, key: K, parse: ParseValue<Options[K]>, description: string): OptionSpec {
  return {
    flags,
    description,
    apply: (options, text = '', name) => {
      options[key] = parse(text, name);
    },
  };
}

function on<K extends Key>(flags: string, key: K, to: Options[K], description: string): OptionSpec {
  return {
    flags,
    description,
    apply: (options) => {
      options[key] = to;
    },
  };
}

function list(flags: string, key: 'allowLeaks' | 'imports' | 'testModules', description: string): OptionSpec {
  return {
    flags,
    description,
    repeatable: true,
    apply: (options, text = '', name) => {
      options[key] = [...(options[key] ?? []), parseText(text, name)];
    },
  };
}

/** All options that change a run, under the headings of `trial --help`. */
export const OPTION_GROUPS: readonly { readonly heading: string; readonly options: readonly OptionSpec[] }[] = [
  {
    heading: 'Which tests:',
    options: [
      value('-t, --grep <pattern>', 'grep', parsePattern, 'only tests whose id matches the regular expression'),
      on('-N, --no-recurse', 'recurse', false, 'leave the folders inside of folders alone'),
      value('-o, --order <order>', 'order', parseChoice(['alphabetical', 'toptobottom']), 'see --help-orders'),
      value('-z, --random <seed>', 'randomSeed', parseSeed, 'shuffle the tests; 0: a seed is picked and printed'),
      list('--testmodule <file>', 'testModules', 'the tests that the first lines of a source file name'),
      on('--list', 'list', true, 'print the ids of the tests and run none'),
    ],
  },
  {
    heading: 'How they run:',
    options: [
      on('-x, --exitfirst', 'exitFirst', true, 'stop after the first failure or error'),
      on('-u, --until-failure', 'untilFailure', true, 'run the tests again and again until one fails'),
      value('--repeat <count>', 'repeat', parseCount, 'run the tests that many times; with -u: at most'),
      value('--retries <count>', 'retries', parseNumber, 'run a test that fails again, up to that many times'),
      value(
        '--flaky <policy>',
        'flaky',
        parseChoice(['error', 'warn']),
        'error: a test that passes only on a retry fails the run (default: warn; error if CI is set)',
      ),
      on('--bisect', 'bisect', true, 'find the earlier test that makes a test fail'),
      on('-n, --dry-run', 'dryRun', true, 'report every test as passed and run none'),
      value('--timeout <seconds>', 'timeoutSeconds', parseSeconds, 'for tests that set none; 0: none (default: 120)'),
      value(
        '--network <policy>',
        'network',
        parseChoice(['any', 'loopback']),
        'loopback: refuse other machines (default: any)',
      ),
      value('--slow <seconds>', 'slowSeconds', parseSeconds, 'tell while a test runs longer (at a terminal: 10)'),
      on('--unclean-warnings', 'uncleanWarnings', true, 'what tests leave behind is a warning, not an error'),
      value(
        '--leaks <mode>',
        'leaks',
        parseChoice(['error', 'warn', 'off']),
        'what they leave is an error, a warning or nothing',
      ),
      list('--allow-leaks <name>', 'allowLeaks', 'a kind or package whose leaks are only counted; may be repeated'),
      on('--force-gc', 'forceGc', true, 'collect garbage before and after each test'),
      on(
        '--supervise',
        'supervise',
        true,
        'survive the death of the process that runs the tests (default if CI is set)',
      ),
      on('--no-supervise', 'supervise', false, 'run the tests in this very process'),
      list('--import <module>', 'imports', 'import the module before the tests; may be repeated'),
      on('-b, --debug', 'debug', true, 'wait for a debugger, and stop in it at each failure'),
      on('--nopm', 'postMortem', false, 'with --debug: do not stop at failures'),
      {
        flags: '-r, --reactor <name>',
        description: 'see --help-reactors',
        apply: (_options, text = '', name) => {
          parseChoice(['node'])(text, name);
        },
      },
    ],
  },
  {
    heading: 'Where they run:',
    options: [
      value('--temp-directory <path>', 'tempDirectory', parseText, 'working directory (default: _trial_temp)'),
      on('--no-chdir', 'chdir', false, 'keep the working directory that trial was started in'),
      value('-l, --logfile <name>', 'logFile', parseText, 'log file in the temporary directory (default: test.log)'),
    ],
  },
  {
    heading: 'What is written:',
    options: [
      value('--reporter <name>', 'reporter', parseText, 'see --help-reporters (default: verbose)'),
      on('--capture', 'capture', true, 'show what tests print with their failures, not live'),
      on('-e, --rterrors', 'rtErrors', true, 'print errors as they occur, too'),
      value(
        '--tbformat <format>',
        'tracebackFormat',
        parseChoice(['plain', 'emacs', 'brief']),
        'plain, emacs or brief',
      ),
      value('--durations [count]', 'durations', parseNumber, 'list the slowest tests (default: 10; 0: all)'),
      on('--profile', 'profile', true, 'write trial.cpuprofile in the temporary directory'),
      on('-B, --debug-stacktraces', 'debugStacktraces', true, 'tell where Deferreds were made and fired'),
    ],
  },
];
