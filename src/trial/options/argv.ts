import { Command, CommanderError, Option } from 'commander';
import { describeReporters } from '../reporters/choose.js';
import { UsageError } from '../usage_error.js';
import type { PartialOptions } from './options.js';
import { OPTION_GROUPS, type OptionSpec } from './table.js';

declare const TXTRIAL_VERSION: string;

/** What the arguments ask for: a run, or only a text. */
export type Request = { readonly options: PartialOptions } | { readonly print: string };

/**
 * Reads the arguments of `trial`.
 *
 * @throws UsageError for an unknown option and for a value that an option does not take.
 */
export function parseArguments(argv: readonly string[]): Request {
  const options: PartialOptions = {};
  let print: string | undefined;
  const program = new Command('trial')
    .usage('[options] [file | folder | glob | id | file:Class.method] ...')
    .argument('[tests...]')
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {}, outputError: () => {} })
    .configureHelp({ helpWidth: 80, visibleArguments: () => [] });
  for (const { heading, options: specs } of OPTION_GROUPS) {
    for (const spec of specs) program.addOption(toOption(spec, options).helpGroup(heading));
  }
  for (const [flags, description, text] of texts(program)) {
    const option = new Option(flags, description).helpGroup('Help:');
    program.addOption(option);
    program.on(`option:${option.name()}`, () => {
      print ??= text();
    });
  }
  try {
    program.parse(withCount(argv), { from: 'user' });
  } catch (error) {
    throw error instanceof CommanderError ? new UsageError(explain(error, argv, program), { cause: error }) : error;
  }
  if (print !== undefined) return { print };
  if (program.args.length > 0) options.selectors = program.args;
  return { options };
}

/** `--durations` takes a count only where a number stands behind it: anything else there is a test's name. */
function withCount(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.flatMap((argument, index) => {
    const isAlone = argument === '--durations' && !/^-?[\d.]+$/.test(argv[index + 1] ?? '');
    return isAlone && (end === -1 || index < end) ? [argument, DURATIONS] : [argument];
  });
}

/** How many of the slowest tests are listed if no number is given. */
const DURATIONS = '10';

function toOption(spec: OptionSpec, options: PartialOptions): Option {
  const option = new Option(spec.flags, spec.description);
  const name = option.long ?? spec.flags;
  option.argParser((text: string) => {
    // `--reporter -x` is a value forgotten; numbers say for themselves what they take, and so does '-'.
    if (/^-[^\d]/.test(text)) throw new UsageError(`Cannot use '${text}' for ${name}: a value is missing before it.`);
    spec.apply(options, text, name);
    return text;
  });
  return option;
}

function texts(program: Command): [flags: string, description: string, text: () => string][] {
  return [
    ['-h, --help', 'print this', () => program.helpInformation()],
    ['--help-orders', 'print what --order takes', () => ORDERS],
    ['--help-reporters', 'print what --reporter takes', describeReporters],
    ['--help-reactors', 'print what --reactor takes', () => REACTORS],
    ['--version', 'print the version', () => `txtrial ${TXTRIAL_VERSION}\n`],
  ];
}

const ORDERS = `Orders, for --order:

  alphabetical  modules, classes and tests by name, by code point (the default)
  toptobottom   classes and tests as they stand in the file
`;

const REACTORS = `Reactors, for --reactor:

  node  over Node's event loop (the only one)
`;

/** In one line, with what to do. */
function explain(error: CommanderError, argv: readonly string[], program: Command): string {
  const quoted = /'([^']+)'/.exec(error.message)?.[1] ?? '';
  switch (error.code) {
    case 'commander.unknownOption': {
      // Of `-x=3` commander has taken the x.
      const written = /^-=./.test(quoted) ? argv.find((each) => each.endsWith(quoted.slice(1))) : undefined;
      const [name = ''] = (written ?? quoted).split('=', 1);
      if (written !== undefined || program.options.some(({ long }) => long === name && quoted !== name)) {
        return `Option ${name} takes no value: write ${name} alone. See trial --help.`;
      }
      const meant = /Did you mean (.+)\?/.exec(error.message)?.[1];
      return `Unknown option ${quoted}. ${meant ? `Did you mean ${meant}? ` : ''}See trial --help.`;
    }
    case 'commander.optionMissingArgument':
      return `Option ${quoted} needs a value. See trial --help.`;
    default:
      return `${error.message.replace(/^error: /, '').replaceAll('\n', ' ')} See trial --help.`;
  }
}
