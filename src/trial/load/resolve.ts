import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isCompiledExtension } from './extensions.js';
import { findPackage, isOwnName, packageNameOf, resolveImports, resolveInPackage, resolveOwnCopy } from './packages.js';
import { candidatesFor } from './paths.js';
import { probe } from './probe.js';
import type { Settings } from './settings.js';

const { isBuiltin } = process.getBuiltinModule('node:module');

/** What a specifier means. */
export type Resolved =
  /** A file of the user's, which may have to be compiled; `suffix` is the query and fragment. */
  | { readonly kind: 'file'; readonly file: string; readonly suffix: string }
  /** A module that Node loads by itself; `substitute`: but would not find under that name. */
  | { readonly kind: 'url'; readonly url: string; readonly substitute?: true }
  /** Node knows what it means. */
  | { readonly kind: 'as is' };

const AS_IS: Resolved = { kind: 'as is' };

/** Remembers what names of packages mean for which a package.json has to be read. */
export type KnownNames = (specifier: string, find: () => Found | undefined) => string | undefined;

interface Found {
  readonly file: string;
  readonly packageJson: string;
}

/** A specifier's path without query and fragment, and these. */
export function splitSuffix(specifier: string): [path: string, suffix: string] {
  const at = specifier.search(/[?#]/);
  return at < 0 ? [specifier, ''] : [specifier.slice(0, at), specifier.slice(at)];
}

/** Whether it names a file by its place, not a package. */
export function isPathLike(specifier: string): boolean {
  return /^(?:\.{0,2}\/|\.{1,2}$|file:)/.test(specifier);
}

/**
 * The user's file that a path-like specifier, or one that tsconfig.json maps, stands for; undefined when there is none.
 *
 * @param importer - Path of the file that says so.
 * @param required - Whether by `require`, which is more lenient.
 */
export function findFile(
  specifier: string,
  importer: string,
  settings: Settings,
  required = false,
): string | undefined {
  const typescript = isCompiledExtension(importer);
  if (isPathLike(specifier)) return probe(pathOf(specifier, importer), typescript, typescript || required);
  if (!typescript || (settings.paths.length === 0 && settings.baseUrl === undefined) || isBuiltin(specifier)) {
    return undefined;
  }
  for (const candidate of candidatesFor(specifier, settings)) {
    const file = probe(candidate, true, true);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** The absolute path that a path-like specifier names, whether or not there is a file. */
function pathOf(specifier: string, importer: string): string {
  if (specifier.startsWith('file:')) return fileURLToPath(specifier);
  const path = specifier.includes('%') ? decodeURIComponent(specifier) : specifier;
  return path.startsWith('/') ? path : join(dirname(importer), path);
}

/** Whether it is a file of the user's, not of a package that was installed, nor of txtrial's own. */
export function isUserFile(file: string): boolean {
  return !file.includes(`${sep}node_modules${sep}`) && !file.startsWith(OWN_CODE);
}

/** The folder of this very code. */
const OWN_CODE = ownCode();

function ownCode(): string {
  const here = dirname(import.meta.filename);
  const dist = here.lastIndexOf(`${sep}dist${sep}`);
  return dist < 0 ? here : here.slice(0, dist + `${sep}dist${sep}`.length);
}

/** What a specifier stands in. */
export interface Importer {
  /** Path of the source. */
  readonly file: string;
  readonly settings: Settings;
  /** Whether bare specifiers mean the same to the text that is run as they do in the source. */
  readonly besideSource: boolean;
  readonly names: KnownNames;
}

/** What a specifier means to `import`, where Node cannot be asked: in text that lies elsewhere than its source. */
export function resolveImport(specifier: string, importer: Importer): Resolved {
  if (isBuiltin(specifier) || /^(?:node|data|https?):/.test(specifier)) return AS_IS;
  const [path, suffix] = splitSuffix(specifier);
  const file = findFile(path, importer.file, importer.settings);
  if (file !== undefined) return fromFile(file, suffix);
  if (isPathLike(path)) return { kind: 'url', url: pathToFileURL(pathOf(path, importer.file)).href + suffix };
  return resolveBare(specifier, importer);
}

function resolveBare(specifier: string, { file, settings, besideSource, names }: Importer): Resolved {
  const { packageRoot, packageName } = settings;
  if (specifier.startsWith('#')) {
    const own = packageRoot && names(specifier, () => importsOf(packageRoot, specifier));
    return own ? fromFile(own, '') : AS_IS;
  }
  const name = packageNameOf(specifier);
  if (name === packageName && packageRoot !== undefined) {
    const own = names(specifier, () => inPackage(packageRoot, specifier));
    if (own !== undefined) return fromFile(own, '');
  }
  const found = findPackage(name, dirname(file));
  if (found === undefined) {
    const ours = isOwnName(specifier) ? resolveOwnCopy(specifier) : undefined;
    return ours === undefined ? AS_IS : { kind: 'url', url: pathToFileURL(ours).href, substitute: true };
  }
  if (besideSource && !found.linked) return AS_IS;
  const target = names(specifier, () => inPackage(found.root, specifier));
  return target === undefined ? AS_IS : fromFile(target, '');
}

function inPackage(root: string, specifier: string): Found | undefined {
  const file = resolveInPackage(root, specifier);
  return file === undefined ? undefined : { file, packageJson: join(root, 'package.json') };
}

function importsOf(root: string, specifier: string): Found | undefined {
  const found = resolveImports(root, specifier);
  if (found === undefined) return undefined;
  if ('file' in found) return { file: found.file, packageJson: join(root, 'package.json') };
  const other = findPackage(packageNameOf(found.bare), root);
  return other && inPackage(other.root, found.bare);
}

function fromFile(file: string, suffix: string): Resolved {
  return isUserFile(file) ? { kind: 'file', file, suffix } : { kind: 'url', url: pathToFileURL(file).href + suffix };
}
