import { join } from 'node:path';
import { inspect, types } from 'node:util';
import { className, isInstance } from '../../internet/error_text.js';
import { setStackMapper } from '../../internet/stack_text.js';
import { nearest } from '../discover/nearest.js';
import { orList } from '../discover/problems.js';
import { inOneLine } from '../in_one_line.js';
import { kindOf } from '../kind_of.js';
import { Loader } from '../load/load.js';
import { parseJson, readJson, readText } from '../load/read_json.js';
import { loadAlone } from '../load_alone.js';
import { UsageError } from '../usage_error.js';
import { DEFAULTS, type PartialOptions } from './options.js';
import { OPTION_GROUPS, type OptionSpec } from './table.js';

/**
 * Reads the defaults of the project in `cwd`.
 *
 * @param files - Those configuration files that exist.
 * @param packageText - The text of package.json if it may have a part for trial.
 * @throws UsageError if there are two, or one is not usable.
 */
export async function loadConfiguration(
  cwd: string,
  files: readonly string[],
  packageText: string | undefined,
): Promise<PartialOptions | undefined> {
  const inPackage = packageText === undefined ? undefined : trialOf(packageText);
  const sources = [...files, ...(inPackage === undefined ? [] : ['"trial" in package.json'])];
  const [source, second] = sources;
  if (source === undefined) return undefined;
  if (second !== undefined) throw new UsageError(`Both ${source} and ${second} configure trial: keep one of them.`);
  const configuration = files[0] === undefined ? inPackage : await loadFile(cwd, files[0]);
  try {
    return toOptions(configuration, source);
  } catch (error) {
    // Parts of what it exports may be computed when they are looked at.
    throw isInstance(error, UsageError) ? error : unreadable(source, error, cwd);
  }
}

function unreadable(source: string, error: unknown, cwd: string): UsageError {
  return new UsageError(`Cannot read ${source}: ${inOneLine(error, cwd)}`, { cause: error });
}

function trialOf(packageText: string): unknown {
  return (parseJson(packageText, 'package.json') as { trial?: unknown } | null)?.trial;
}

async function loadFile(cwd: string, name: string): Promise<unknown> {
  const file = join(cwd, name);
  if (name.endsWith('.json')) return readJson(file, name);
  // What cannot be read is told of in other words than what does not load.
  readText(file, name);
  const loader = new Loader({ cwd });
  loader.start();
  setStackMapper((stack) => loader.mapStack(stack));
  const load = async (): Promise<unknown> =>
    defaultOf(name.endsWith('.js') ? await loader.importAsItIs(file) : (await loader.load(file)).exports);
  try {
    return await loadAlone(name, load, DEFAULTS.timeoutSeconds);
  } catch (error) {
    throw unreadable(name, error, cwd);
  }
}

/** A CommonJS module's exports stand in the default export, its own default one in that. */
function defaultOf(exports: unknown): unknown {
  const outer = (exports as { default?: unknown }).default;
  return typeof outer === 'object' && outer !== null && 'default' in outer ? outer.default : outer;
}

function toOptions(configuration: unknown, source: string): PartialOptions {
  if (!isPlainObject(configuration)) {
    const what = /\.[jt]s$/.test(source) ? 'its default export' : 'it';
    throw new UsageError(
      `Cannot use ${source}: ${what} is ${objectKindOf(configuration)}, and has to be a plain object, such as { "timeout": 5 }.`,
    );
  }
  const specs = configurable();
  const options: PartialOptions = {};
  for (const [key, value] of Object.entries(configuration)) {
    if (value === undefined) continue;
    const name = `${key} in ${source}`;
    if (key === 'tests') {
      options.selectors = texts(value, name);
      continue;
    }
    if (key === 'grep' && types.isRegExp(value)) {
      options.grep = new RegExp(value.source, value.flags.replace(/[gy]/g, ''));
      continue;
    }
    const forms = specs.get(key);
    if (forms === undefined) {
      const names = ['tests', ...specs.keys()];
      const meant = nearest(key, names);
      const hint = meant.length > 0 ? ` Did you mean ${orList(meant)}?` : '';
      throw new UsageError(`Unknown option ${name}.${hint} There are: ${names.join(', ')}.`);
    }
    set(options, forms, value, name);
  }
  return options;
}

/** Of others, such as a Map, the options would not be seen. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function objectKindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  const kind = kindOf(value);
  return kind === 'an object' ? `an object of class ${className(value)}` : kind;
}

function set(options: PartialOptions, forms: OptionForms, value: unknown, name: string): void {
  const [spec] = forms;
  if (spec.repeatable) {
    for (const text of texts(value, name)) spec.apply(options, text, name);
  } else if (/[<[]/.test(spec.flags)) {
    if (typeof value !== 'string' && typeof value !== 'number') throw wrong(name, value, 'a text or a number');
    spec.apply(options, String(value), name);
  } else {
    if (typeof value !== 'boolean') throw wrong(name, value, 'true or false');
    // `recurse: false` is `--no-recurse`.
    const form = forms.find(({ flags }) => value !== flags.includes('--no-'));
    form?.apply(options, undefined, name);
  }
}

function texts(value: unknown, name: string): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  const bad = list.findIndex((text) => typeof text !== 'string' || text.trim() === '');
  if (bad !== -1) throw wrong(name, list[bad], 'a text or a list of texts');
  return list as string[];
}

function wrong(name: string, value: unknown, wanted: string): UsageError {
  const text = inspect(value, {
    depth: 0,
    customInspect: false,
    breakLength: Number.POSITIVE_INFINITY,
    maxStringLength: 60,
    maxArrayLength: 5,
  });
  return new UsageError(`Cannot use ${text} for ${name}: it takes ${wanted}.`);
}

/** An option; one that has both has them in two: `--supervise` and `--no-supervise`. */
type OptionForms = [OptionSpec, ...OptionSpec[]];

/** The options by the name that they have in a configuration: `--temp-directory` is `tempDirectory`. */
function configurable(): Map<string, OptionForms> {
  const specs = new Map<string, OptionForms>();
  for (const spec of OPTION_GROUPS.flatMap((group) => group.options)) {
    const long = /--(?:no-)?([a-z-]+)/.exec(spec.flags)?.[1] ?? '';
    const name = long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const forms = specs.get(name);
    if (forms === undefined) specs.set(name, [spec]);
    else forms.push(spec);
  }
  return specs;
}
