import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { byCodePoint } from '../code_points.js';
import { isDirectory, isFile } from '../load/node_fs.js';
import { shownPath } from '../shown_path.js';
import { whyNoFile, whyUnread } from '../why_unread.js';
import { idPart, type ModuleIds } from './module_id.js';
import { nearest } from './nearest.js';
import { orList } from './problems.js';
import { entriesOf, isForeignFolder, isModuleFile, isTestFile, stemOf, type Walked, walk } from './walk.js';

/** What one argument asks for. */
export type Wanted =
  /** A file, or a class or a test in it; where there are several, the first that has what is named. */
  | { readonly kind: 'file'; readonly places: readonly [Place, ...Place[]] }
  /** What was found in a folder or by a glob; may be nothing. */
  | ({ readonly kind: 'files' } & Walked)
  /** There is no such thing. */
  | { readonly kind: 'nothing'; readonly message: string };

/** What a selector may mean. */
export interface Place {
  readonly file: string;
  /** `Class` or `Class.method`; empty: all of the file. */
  readonly name: string;
}

export interface SelectorOptions {
  readonly cwd: string;
  readonly recurse: boolean;
  /** Absolute path of a folder to be left out. */
  readonly tempDirectory: string;
}

/** What an argument means: a path, `path:Class.method`, a dotted name or a glob, tried in this order. */
export async function resolveSelector(selector: string, options: SelectorOptions, ids: ModuleIds): Promise<Wanted> {
  const path = resolve(options.cwd, selector);
  return (
    fromPath(path, selector, options, ids) ??
    fromPathAndName(selector, options) ??
    fromDottedName(selector, options, ids) ??
    (GLOB.test(selector) ? await fromGlob(selector, options, ids) : nothing(selector, path, options, ids))
  );
}

const GLOB = /[*?[\]{}]|[!+@]\(/;

function fromPath(path: string, selector: string, options: SelectorOptions, ids: ModuleIds): Wanted | undefined {
  if (isFile(path)) {
    if (isModuleFile(path)) return { kind: 'file', places: [{ file: path, name: '' }] };
    const message = `${selector} is no test file: it has to end in .ts, .mts, .cts, .js, .mjs or .cjs`;
    return { kind: 'nothing', message };
  }
  if (!isDirectory(path)) return undefined;
  const { files, unread } = walk(path, options.recurse, options.tempDirectory);
  return { kind: 'files', files: byId(files, ids), unread };
}

function byId(files: readonly string[], ids: ModuleIds): string[] {
  const named = files.map((file) => ({ file, id: ids.of(file) }));
  named.sort((a, b) => byCodePoint(a.id, b.id) || byCodePoint(a.file, b.file));
  return named.map(({ file }) => file);
}

async function fromGlob(pattern: string, { cwd }: SelectorOptions, ids: ModuleIds): Promise<Wanted> {
  const { default: glob } = await import('fast-glob');
  const slashed = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  const ignore = slashed.includes('node_modules') ? [] : ['**/node_modules/**', '**/_trial_temp*/**'];
  const unread: { file: string; why: string }[] = [];
  const options = { cwd, ignore, onlyFiles: true, absolute: isAbsolute(pattern) };
  let found: string[];
  try {
    found = await glob(slashed, options);
  } catch (error) {
    const { path = pattern } = error as NodeJS.ErrnoException;
    unread.push({ file: resolve(cwd, path), why: whyUnread(error) });
    found = await glob(slashed, { ...options, suppressErrors: true });
  }
  const files = found.map((file) => resolve(cwd, file)).filter(isModuleFile);
  return { kind: 'files', files: byId(files, ids), unread };
}

/** `tests/test_poetry.ts:PoetryTestCase.test_client`; the name of the file may have such a colon in it as well. */
function fromPathAndName(selector: string, { cwd }: SelectorOptions): Wanted | undefined {
  for (const { index, 0: end } of selector.matchAll(/\.(?:[mc]?[jt]s|[jt]sx):(?=[^.:])/g)) {
    const colon = index + end.length - 1;
    const file = resolve(cwd, selector.slice(0, colon));
    if (isFile(file)) return { kind: 'file', places: [{ file, name: selector.slice(colon + 1) }] };
  }
  return undefined;
}

/** `tests.test_poetry.PoetryTestCase.test_client`: as many parts as there are folders and a file, then class and method. */
function fromDottedName(selector: string, options: SelectorOptions, ids: ModuleIds): Wanted | undefined {
  if (selector.includes(sep) || selector.includes('/')) return undefined;
  const parts = selector.split('.');
  const places: Place[] = [];
  let folder: string | undefined = options.cwd;
  let i = 0;
  for (; i < parts.length && folder !== undefined; i++) {
    const part: string = parts[i] ?? '';
    const file = ids.module(part, folder);
    // Beside a module may lie a folder of its name: whatever is deeper is meant, if it has the rest of the name.
    if (file !== undefined) {
      const why = isFile(file) ? undefined : whyNoFile(file);
      if (why !== undefined) return { kind: 'nothing', message: `${shownPath(file, options.cwd)} ${why}` };
      places.unshift({ file, name: parts.slice(i + 1).join('.') });
    }
    folder = ids.folder(part, folder);
  }
  const [first, ...others] = places;
  if (first !== undefined) return { kind: 'file', places: [first, ...others] };
  return folder === undefined ? undefined : fromPath(folder, selector, options, ids);
}

function nothing(selector: string, path: string, { cwd }: SelectorOptions, ids: ModuleIds): Wanted {
  const why = whyNoFile(path);
  if (why !== undefined) return { kind: 'nothing', message: `${selector} ${why}` };
  const named = /^(.+?\.(?:[mc]?[jt]s|[jt]sx)):[^.:]/.exec(selector)?.[1];
  if (named !== undefined) return { kind: 'nothing', message: missing(named, resolve(cwd, named), cwd) };
  const isPath = /[\\/]/.test(selector) || isModuleFile(selector);
  return { kind: 'nothing', message: isPath ? missing(selector, path, cwd) : missingName(selector, cwd, ids) };
}

function missing(selector: string, path: string, cwd: string): string {
  const why = whyNoFile(path);
  if (why !== undefined) return `${selector} ${why}`;
  const folder = dirname(path);
  if (!isDirectory(folder)) return `${selector} does not exist: there is no folder ${shownPath(folder, cwd)}`;
  const names = entriesOf(folder).map(({ name }) => name);
  const wanted = path.slice(folder.length + 1);
  const meant = nearest(
    wanted,
    names.filter((name) => (isTestFile(name) && isFile(join(folder, name))) || isDirectory(join(folder, name))),
  );
  if (meant.length === 0)
    return `${selector} does not exist: pass a file, a folder, a glob or a dotted name like tests.test_it`;
  return `${selector} does not exist: did you mean ${orList(meant.map((name) => shownPath(join(folder, name), cwd)))}?`;
}

/** Says up to where a dotted name is right. */
function missingName(selector: string, cwd: string, ids: ModuleIds): string {
  const parts = selector.split('.');
  let folder = cwd;
  let known = 0;
  for (
    let inner = ids.folder(parts[0] ?? '', folder);
    inner !== undefined;
    inner = ids.folder(parts[known] ?? '', folder)
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
