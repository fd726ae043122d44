import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isDirectory, isFile } from '../load/node_fs.js';
import { shownPath } from '../shown_path.js';
import { byCodePoint } from './code_points.js';
import { idPart, moduleId } from './module_id.js';
import { nearest } from './nearest.js';
import { orList } from './problems.js';
import { entriesOf, isForeignFolder, isModuleFile, isTestFile, stemOf, walk } from './walk.js';

/** What one argument asks for. */
export type Wanted =
  /** A file, or a class or a test in it. */
  | { readonly kind: 'file'; readonly file: string; readonly className?: string; readonly methodName?: string }
  /** What was found in a folder or by a glob; may be nothing. */
  | { readonly kind: 'files'; readonly files: readonly string[]; readonly where: string }
  /** There is no such thing. */
  | { readonly kind: 'nothing'; readonly message: string };

export interface SelectorOptions {
  readonly cwd: string;
  readonly recurse: boolean;
  /** Absolute path of a folder to be left out. */
  readonly tempDirectory: string;
}

/** What an argument means: a path, a glob, `path:Class.method` or a dotted name, tried in this order. */
export async function resolveSelector(selector: string, options: SelectorOptions): Promise<Wanted> {
  const path = resolve(options.cwd, selector);
  const found = fromPath(path, selector, options);
  if (found !== undefined) return found;
  if (/[*?[\]{}]|[!+@]\(/.test(selector)) return fromGlob(selector, options);
  return fromPathAndName(selector, options) ?? fromDottedName(selector, options) ?? nothing(selector, path, options);
}

function fromPath(path: string, selector: string, options: SelectorOptions): Wanted | undefined {
  if (isFile(path)) {
    if (isModuleFile(path)) return { kind: 'file', file: path };
    const message = `${selector} is no test file: it has to end in .ts, .mts, .cts, .js, .mjs or .cjs`;
    return { kind: 'nothing', message };
  }
  if (!isDirectory(path)) return undefined;
  const files = walk(path, options.recurse, options.tempDirectory);
  return { kind: 'files', files: byId(files, options.cwd), where: selector };
}

function byId(files: readonly string[], cwd: string): string[] {
  const named = files.map((file) => ({ file, id: moduleId(file, cwd) }));
  named.sort((a, b) => byCodePoint(a.id, b.id) || byCodePoint(a.file, b.file));
  return named.map(({ file }) => file);
}

async function fromGlob(pattern: string, { cwd }: SelectorOptions): Promise<Wanted> {
  const { default: glob } = await import('fast-glob');
  const slashed = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  const ignore = slashed.includes('node_modules') ? [] : ['**/node_modules/**', '**/_trial_temp*/**'];
  const found = await glob(slashed, { cwd, ignore, onlyFiles: true, absolute: isAbsolute(pattern) });
  const files = found.map((file) => resolve(cwd, file)).filter(isModuleFile);
  return { kind: 'files', files: byId(files, cwd), where: pattern };
}

/** `tests/test_poetry.ts:PoetryTestCase.test_client`. */
function fromPathAndName(selector: string, { cwd }: SelectorOptions): Wanted | undefined {
  const [, path, className, methodName] = /^(.+?\.(?:[mc]?[jt]s|[jt]sx)):([^.:]+)(?:[.:](.+))?$/.exec(selector) ?? [];
  if (path === undefined || className === undefined) return undefined;
  const file = resolve(cwd, path);
  if (!isFile(file)) return { kind: 'nothing', message: missing(path, file, cwd) };
  return inFile(file, className, methodName);
}

/** `tests.test_poetry.PoetryTestCase.test_client`: as many parts as there are folders and a file, then class and method. */
function fromDottedName(selector: string, options: SelectorOptions): Wanted | undefined {
  if (/[\\/:]/.test(selector)) return undefined;
  const parts = selector.split('.');
  let folder = options.cwd;
  for (const [i, part] of parts.entries()) {
    const file = moduleCalled(part, folder);
    if (file !== undefined) return inFile(file, parts[i + 1], parts.slice(i + 2).join('.') || undefined);
    const inner = folderCalled(part, folder);
    if (inner === undefined) return undefined;
    folder = inner;
  }
  return fromPath(folder, selector, options);
}

function inFile(file: string, className: string | undefined, methodName: string | undefined): Wanted {
  return {
    kind: 'file',
    file,
    ...(className === undefined ? {} : { className }),
    ...(methodName === undefined ? {} : { methodName }),
  };
}

const PREFERRED = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

function moduleCalled(part: string, folder: string): string | undefined {
  for (const extension of PREFERRED) {
    const file = join(folder, part + extension);
    if (isFile(file)) return file;
  }
  // A name with dots, which are underlines in an id.
  if (!part.includes('_')) return undefined;
  const entry = entriesOf(folder).find(({ name }) => isModuleFile(name) && idPart(stemOf(name)) === part);
  return entry && join(folder, entry.name);
}

function folderCalled(part: string, folder: string): string | undefined {
  if (part === '') return undefined;
  const path = join(folder, part);
  if (isDirectory(path)) return path;
  if (!part.includes('_')) return undefined;
  const entry = entriesOf(folder).find((candidate) => candidate.isDirectory() && idPart(candidate.name) === part);
  return entry && join(folder, entry.name);
}

function nothing(selector: string, path: string, { cwd }: SelectorOptions): Wanted {
  const isPath = /[\\/]/.test(selector) || isModuleFile(selector);
  return { kind: 'nothing', message: isPath ? missing(selector, path, cwd) : missingName(selector, cwd) };
}

function missing(selector: string, path: string, cwd: string): string {
  const folder = dirname(path);
  if (!isDirectory(folder)) return `${selector} does not exist: there is no folder ${shownPath(folder, cwd)}`;
  const names = entriesOf(folder).map(({ name }) => name);
  const wanted = path.slice(folder.length + 1);
  const meant = nearest(
    wanted,
    names.filter(isTestFile).concat(names.filter((name) => isDirectory(join(folder, name)))),
  );
  if (meant.length === 0)
    return `${selector} does not exist: pass a file, a folder, a glob or a dotted name like tests.test_it`;
  return `${selector} does not exist: did you mean ${orList(meant.map((name) => shownPath(join(folder, name), cwd)))}?`;
}

/** Says up to where a dotted name is right. */
function missingName(selector: string, cwd: string): string {
  const parts = selector.split('.');
  let folder = cwd;
  let known = 0;
  for (
    let inner = folderCalled(parts[0] ?? '', folder);
    inner !== undefined;
    inner = folderCalled(parts[known] ?? '', folder)
  ) {
    folder = inner;
    known++;
  }
  const names = entriesOf(folder).flatMap((entry) => {
    if (entry.isDirectory()) return isForeignFolder(entry.name) ? [] : [idPart(entry.name)];
    return isTestFile(entry.name) ? [idPart(stemOf(entry.name))] : [];
  });
  const meant = nearest(parts[known] ?? '', names).map((name) => [...parts.slice(0, known), name].join('.'));
  const where = shownPath(folder, cwd) === '.' ? cwd : shownPath(folder, cwd);
  const said = `${selector} is neither a path nor a module: there is no ${parts[known]} in ${where}`;
  return meant.length === 0 ? said : `${said}; did you mean ${orList(meant)}?`;
}
