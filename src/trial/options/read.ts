import { join } from 'node:path';
import { fs, isDirectory } from '../load/node_fs.js';
import { readText } from '../load/read_json.js';
import { UsageError } from '../usage_error.js';
import { whyNoFile, whyUnread } from '../why_unread.js';
import { DEFAULTS, type Options, type PartialOptions } from './options.js';

/** Where defaults may stand, besides `"trial"` in package.json. */
const CONFIG_FILES = ['trial.config.ts', 'trial.config.js', 'trial.config.json'];
const DEFAULT_FOLDERS = ['tests', 'test'];

/**
 * Makes the options of a run from defaults, the configuration in `cwd` and the arguments, which win; or gives the text
 * that the arguments ask for instead of a run.
 *
 * @param isCi - The run takes place under continuous integration, where some defaults are others.
 * @throws UsageError if any of them is not usable.
 */
export async function readOptions(
  argv: readonly string[],
  cwd: string,
  { isCi = false }: { readonly isCi?: boolean } = {},
): Promise<Options | string> {
  let asked: PartialOptions = argv.length > 0 ? { selectors: argv } : {};
  // Reading options is a third of the time that a run of one file takes, and most runs have none.
  const hasOptions = argv.some((argument) => argument.startsWith('-'));
  if (hasOptions) {
    const { parseArguments } = await import('./argv.js');
    const request = parseArguments(argv);
    if ('print' in request) return request.print;
    asked = request.options;
  }
  if (asked.selectors?.includes('')) {
    throw new UsageError("An argument is empty ('', or a variable that is not set): name files, folders or tests.");
  }
  const configured = await readConfiguration(cwd);
  const { testModules = [], ...rest } = { ...configured, ...asked };
  // As those of class and module, they add up.
  const allowLeaks = [...(configured?.allowLeaks ?? []), ...(asked.allowLeaks ?? [])];
  if (allowLeaks.length > 0) (await import('./leak_names.js')).checkLeakNames(allowLeaks, cwd);
  const made: Options = { ...DEFAULTS, flaky: isCi ? 'error' : DEFAULTS.flaky, ...rest, allowLeaks, cwd };
  if (hasOptions) (await import('./contradictions.js')).refuseContradictions(asked, made);
  const options = { ...made, ...implied(made, asked) };
  if (testModules.length > 0) {
    const { testsOf } = await import('./test_module.js');
    const named = testModules.flatMap((file) => testsOf(file, cwd));
    return { ...options, selectors: [...named, ...(asked.selectors ?? [])] };
  }
  return options.selectors.length > 0 ? options : { ...options, selectors: [defaultFolder(cwd)] };
}

/** What some options leave nothing to say for others. */
function implied({ dryRun, randomSeed }: Options, { repeat, untilFailure }: PartialOptions): Partial<Options> {
  const isOnePass = dryRun || (repeat === 1 && untilFailure === true);
  return {
    ...(isOnePass ? { untilFailure: false } : undefined),
    ...(randomSeed === undefined ? undefined : { order: DEFAULTS.order }),
  };
}

async function readConfiguration(cwd: string): Promise<PartialOptions | undefined> {
  const files = CONFIG_FILES.filter((name) => isThere(cwd, name));
  const packageText = isThere(cwd, 'package.json') ? readPackage(join(cwd, 'package.json')) : undefined;
  if (files.length === 0 && packageText === undefined) return undefined;
  const { loadConfiguration } = await import('./config.js');
  return loadConfiguration(cwd, files, packageText);
}

/** Also where it is a link that leads nowhere: whoever reads it says so. */
function isThere(cwd: string, name: string): boolean {
  try {
    return fs.lstatSync(join(cwd, name), { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw new UsageError(`${name} ${whyUnread(error)}`, { cause: error });
  }
}

/** @returns the text if it may have a part of ours, or may be no JSON: then whoever parses it will say so. */
function readPackage(file: string): string | undefined {
  const text = readText(file, 'package.json');
  return text.includes('"trial"') || !isJson(text) ? text : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function defaultFolder(cwd: string): string {
  for (const name of DEFAULT_FOLDERS) {
    if (isDirectory(join(cwd, name))) return name;
  }
  for (const name of DEFAULT_FOLDERS) {
    const why = whyNoFile(join(cwd, name));
    if (why !== undefined) throw new UsageError(`Nothing to run: ${name} ${why}`);
  }
  throw new UsageError(
    'Nothing to run: there is no folder tests or test here. Pass files or folders, for example: trial src/test_foo.ts',
  );
}
