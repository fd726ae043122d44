import { existsSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, sep } from 'node:path';
import { DEFAULTS, type Options } from './options/options.js';
import type { FailedTest } from './reporters/reporter.js';
import { shownPath } from './shown_path.js';

// Taken before any test is loaded, which may change them.
const execArgv: readonly string[] = [...process.execArgv];
const [, script = ''] = process.argv;
const isWindows = process.platform === 'win32';

/** The options that a test may need to fail again. */
export type ReproOptions = Pick<
  Options,
  | 'cwd'
  | 'selectors'
  | 'order'
  | 'recurse'
  | 'randomSeed'
  | 'untilFailure'
  | 'repeat'
  | 'timeoutSeconds'
  | 'network'
  | 'uncleanWarnings'
  | 'forceGc'
  | 'imports'
  | 'chdir'
  | 'tempDirectory'
>;

/** A line need not be longer: where more tests fail in the same way, some of them will do. */
const MOST_TESTS = 10;

/**
 * A command that runs tests again, for a shell in the directory that trial was started in.
 *
 * @param failed - In the order in which they are to run. Where one is no test but the run itself, all that was asked for runs.
 * @param most - How many are named.
 */
export function reproCommand(options: ReproOptions, failed: readonly FailedTest[], most = MOST_TESTS): string {
  // One that went wrong twice in the same way stands there twice.
  const named = [...new Set(failed.map((test) => selectorOf(test, options)))].slice(0, most);
  const selectors = named.some((selector) => selector === undefined) ? options.selectors : (named as string[]);
  const end = selectors.some((selector) => selector.startsWith('-')) ? ['--'] : [];
  return [...program(options.cwd), ...flags(options), ...end, ...selectors].map(quoted).join(' ');
}

/** `npx trial` where npx finds it, else this very program. */
function program(cwd: string): readonly string[] {
  if (execArgv.length === 0 && npxFindsTrial(cwd)) return ['npx', 'trial'];
  return ['node', ...execArgv, shownPath(script, cwd)];
}

function npxFindsTrial(cwd: string): boolean {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', '.bin', 'trial'))) return true;
    if (folder === dirname(folder)) return false;
  }
}

function flags(options: ReproOptions): string[] {
  const { randomSeed, repeat, order, recurse, timeoutSeconds, network, tempDirectory, imports } = options;
  return [
    ...(randomSeed === undefined ? [] : ['-z', `${randomSeed}`]),
    ...(order === DEFAULTS.order ? [] : ['--order', order]),
    ...(recurse ? [] : ['--no-recurse']),
    ...(options.untilFailure ? ['--until-failure'] : []),
    ...(repeat === DEFAULTS.repeat ? [] : ['--repeat', `${repeat}`]),
    ...(timeoutSeconds === DEFAULTS.timeoutSeconds ? [] : ['--timeout', `${timeoutSeconds}`]),
    ...(network === DEFAULTS.network ? [] : ['--network', network]),
    ...(options.uncleanWarnings ? ['--unclean-warnings'] : []),
    ...(options.forceGc ? ['--force-gc'] : []),
    ...imports.flatMap((module) => ['--import', module]),
    ...(options.chdir ? [] : ['--no-chdir']),
    ...(tempDirectory === DEFAULTS.tempDirectory ? [] : ['--temp-directory', tempDirectory]),
  ];
}

/** What finds the test; undefined: it is none, nor a file or an argument. */
function selectorOf({ id, file }: FailedTest, { cwd, imports }: ReproOptions): string | undefined {
  if (file === undefined) return id === 'trial' || id.startsWith('-') || imports.includes(id) ? undefined : id;
  const path = relative(cwd, file);
  const isOutside = path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
  // The id begins at another folder then.
  return isOutside ? `${file}:${withoutModule(id, file)}` : id;
}

/** Class and method of an id: both may have dots in their names. */
function withoutModule(id: string, file: string): string {
  const name = basename(file, extname(file)).replaceAll('.', '_');
  const parts = id.split('.');
  // The extension is a part of the module's name where two files would have the same.
  const ends = (part: string) => part === name || part === `${name}_${extname(file).slice(1)}`;
  const module = parts.findLastIndex((part, i) => ends(part) && i < parts.length - 2);
  return parts.slice(module === -1 ? -2 : module + 1).join('.');
}

const PLAIN = /^[\w@%+=:,./-]+$/;

function quoted(word: string): string {
  if (PLAIN.test(word)) return word;
  return isWindows ? `"${word.replaceAll('"', '\\"')}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
