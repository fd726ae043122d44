import { basename, dirname, join } from 'node:path';
import { isDirectory, isFile, linkStatOf, realPath } from './node_fs.js';
import { packageJson } from './settings.js';

type ResolveExports = typeof import('resolve.exports');

const { createRequire } = process.getBuiltinModule('node:module');
const ownRequire = createRequire(import.meta.url);
let ownRoot: string | undefined;

/** `@scope/name` or `name` of a bare specifier. */
export function packageNameOf(specifier: string): string {
  const [first = '', second] = specifier.split('/', 2);
  return first.startsWith('@') && second !== undefined ? `${first}/${second}` : first;
}

/** Where Node would look for the package: its folder, and whether that is a link to somewhere else. */
export function findPackage(name: string, folder: string): { root: string; linked: boolean } | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (basename(at) !== 'node_modules') {
      const root = join(at, 'node_modules', name);
      const stat = linkStatOf(root);
      if (stat?.isDirectory()) return { root, linked: false };
      if (stat?.isSymbolicLink() && isDirectory(root)) return { root, linked: true };
    }
    if (dirname(at) === at) return undefined;
  }
}

/** The file that a specifier beginning with the name of the package in `root` means, as `import` sees it. */
export function resolveInPackage(root: string, specifier: string): string | undefined {
  const json = packageJson(join(root, 'package.json'));
  const name = packageNameOf(specifier);
  if (json.exports !== undefined && json.exports !== null) {
    const { exports } = ownRequire('resolve.exports') as ResolveExports;
    return firstFile(
      root,
      attempt(() => exports({ ...json, name }, specifier)),
    );
  }
  const subpath = specifier.slice(name.length + 1);
  if (subpath !== '') return existing(join(root, subpath));
  const main = typeof json.main === 'string' ? json.main : 'index.js';
  const candidates = [main, `${main}.js`, `${main}.json`, `${main}/index.js`, 'index.js'];
  return candidates.map((candidate) => existing(join(root, candidate))).find((file) => file !== undefined);
}

/** What a `#name` of the package in `root` stands for: a file, or another package's name. */
export function resolveImports(root: string, specifier: string): { file: string } | { bare: string } | undefined {
  const json = packageJson(join(root, 'package.json'));
  const { imports } = ownRequire('resolve.exports') as ResolveExports;
  const found = attempt(() => imports({ name: '', ...json }, specifier)) ?? [];
  for (const target of found) {
    if (!target.startsWith('./')) return { bare: target };
    const file = existing(join(root, target));
    if (file !== undefined) return { file };
  }
  return undefined;
}

/** Whether it names txtrial or an entry point of its. */
export function isOwnName(specifier: string): boolean {
  return packageNameOf(specifier) === 'txtrial';
}

/** The running copy of txtrial, for tests in a folder where Node finds none. */
export function resolveOwnCopy(specifier: string): string | undefined {
  ownRoot ??= findOwnRoot();
  return resolveInPackage(ownRoot, specifier);
}

function findOwnRoot(): string {
  let at = dirname(import.meta.filename);
  while (!isFile(join(at, 'package.json')) && dirname(at) !== at) at = dirname(at);
  return at;
}

/** The library throws where a package does not offer what is asked for; Node's own message is the better one. */
function attempt(find: () => unknown): readonly string[] | undefined {
  try {
    return (find() as string[] | undefined) ?? undefined;
  } catch {
    return undefined;
  }
}

function firstFile(root: string, targets: readonly string[] | undefined): string | undefined {
  for (const target of targets ?? []) {
    const file = existing(join(root, target));
    if (file !== undefined) return file;
  }
  return undefined;
}

function existing(path: string): string | undefined {
  return isFile(path) ? realPath(path) : undefined;
}
