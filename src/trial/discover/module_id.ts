import { basename, dirname, extname, isAbsolute, join, relative, sep } from 'node:path';
import { byCodePoint } from '../code_points.js';
import { isDirectory, isFile } from '../load/node_fs.js';
import { shownName } from './shown_name.js';
import { entriesOf, isModuleFile, stemOf } from './walk.js';

/** Of modules that differ in nothing else the first of these is called by its name alone. */
const PREFERRED = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.tsx', '.jsx'];

/** What the entries of one folder are called in ids: each differently. */
interface FolderParts {
  readonly modules: Parts;
  readonly folders: Parts;
}

interface Parts {
  readonly partOf: ReadonlyMap<string, string>;
  readonly called: ReadonlyMap<string, string>;
}

/** Gives modules their dotted names, and finds them by those. */
export class ModuleIds {
  readonly #cwd: string;
  readonly #folders = new Map<string, FolderParts>();

  /** @param cwd - Absolute; names are paths from here. */
  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /**
   * The dotted name of a module: its path without extension; `a/test_b.spec.ts` is `a.test_b_spec`. Where that would be another
   * module's name as well, the extension is added: `test_a.mts` beside `test_a.ts` is `test_a_mts`.
   *
   * @param file - Absolute. Outside of `cwd` its path is taken from its nearest package.json.
   */
  of(file: string): string {
    let root = this.#cwd;
    let path = relative(root, file);
    if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) {
      root = packageFolder(file);
      path = relative(root, file);
    }
    const folders = path.split(sep);
    const name = folders.pop() ?? '';
    let id = '';
    let at = root;
    for (const folder of folders) {
      // Only a name with an underline can be what another one becomes.
      id += `${/[._\\]/.test(folder) ? (this.#in(at).folders.partOf.get(folder) ?? idPart(folder)) : idPart(folder)}.`;
      at = join(at, folder);
    }
    return id + (this.#in(at).modules.partOf.get(name) ?? idPart(stemOf(name)));
  }

  /** The module of that name in a folder. */
  module(part: string, folder: string): string | undefined {
    const name = this.#in(folder).modules.called.get(part);
    return name === undefined ? undefined : join(folder, name);
  }

  /** The folder of that name in a folder. */
  folder(part: string, folder: string): string | undefined {
    const name = this.#in(folder).folders.called.get(part);
    const path = name === undefined ? undefined : join(folder, name);
    return path !== undefined && isDirectory(path) ? path : undefined;
  }

  #in(folder: string): FolderParts {
    let parts = this.#folders.get(folder);
    if (parts === undefined) {
      const entries = entriesOf(folder);
      const modules = entries.filter((entry) => !entry.isDirectory() && isModuleFile(entry.name));
      parts = {
        modules: named(modules.map(({ name }) => name).sort(byPreference), stemOf),
        folders: named(
          entries
            .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && !isModuleFile(entry.name)))
            .map(({ name }) => name)
            .sort(byDotlessness),
          (name) => name,
        ),
      };
      this.#folders.set(folder, parts);
    }
    return parts;
  }
}

/** What a file or folder is called in an id, as far as no other one is. */
export function idPart(name: string): string {
  return shownName(name.replaceAll('.', '_'));
}

/** Gives each name a part of its own. The first to come gets the part that is its by right. */
function named(names: readonly string[], own: (name: string) => string): Parts {
  const partOf = new Map<string, string>();
  const called = new Map<string, string>();
  const give = (name: string, part: string): boolean => {
    if (called.has(part)) return false;
    called.set(part, name);
    partOf.set(name, part);
    return true;
  };
  const others = names.filter((name) => !give(name, idPart(own(name))));
  for (const name of others) {
    const part = idPart(name);
    for (let n = 1; !give(name, n === 1 ? part : `${part}_${n}`); n++);
  }
  return { partOf, called };
}

function byPreference(a: string, b: string): number {
  return byDotlessness(stemOf(a), stemOf(b)) || rank(a) - rank(b) || byCodePoint(a, b);
}

/** What stands in the id as it is before what does not. */
function byDotlessness(a: string, b: string): number {
  return Number(a.includes('.')) - Number(b.includes('.')) || byCodePoint(a, b);
}

function rank(file: string): number {
  return PREFERRED.indexOf(extname(basename(file)));
}

function packageFolder(file: string): string {
  for (let at = dirname(file); ; at = dirname(at)) {
    if (isFile(join(at, 'package.json'))) return at;
    if (dirname(at) === at) return dirname(file);
  }
}
