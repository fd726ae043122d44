import { basename, dirname, join } from 'node:path';
import type { Cache } from './cache.js';
import { fingerprint } from './fingerprint.js';
import { fs, isFile } from './node_fs.js';
import { readJson } from './read_json.js';

declare const TXTRIAL_VERSION: string;

/** Changes with everything that changes what is in the cache, besides what is compiled, by what and with which options. */
export const CACHE_FORMAT = `${TXTRIAL_VERSION} 3`;

/** How the sources of a folder are to be compiled: all of the tsconfig.json in force that matters. */
export interface CompileOptions {
  readonly compiler: 'swc' | 'typescript' | 'none';
  readonly compilerVersion: string;
  /** Of the compiler, as absolute path. */
  readonly compilerEntry: string;
  readonly legacyDecorators: boolean;
  readonly decoratorMetadata: boolean;
  readonly useDefineForClassFields: boolean;
  readonly verbatimModuleSyntax: boolean;
  readonly jsx: {
    readonly automatic: boolean;
    readonly importSource?: string;
    readonly factory?: string;
    readonly fragmentFactory?: string;
  };
}

/** One entry of `paths`: what stands before and after the `*`, and where that may be. */
export interface PathPattern {
  readonly prefix: string;
  /** Undefined: the pattern has no `*`. */
  readonly suffix: string | undefined;
  /** Absolute, with `*` for what it stood for. */
  readonly targets: readonly string[];
}

/** What holds for the sources of one folder. */
export interface Settings {
  readonly compile: CompileOptions;
  /** Stands for `compile`. */
  readonly key: string;
  /** Folder of the nearest package.json. */
  readonly packageRoot?: string;
  /** What it says. */
  readonly packageName?: string;
  readonly packageType: 'module' | 'commonjs' | undefined;
  /** Whether tsconfig.json says that a `.ts` file becomes CommonJS here. */
  readonly commonjs: boolean;
  readonly paths: readonly PathPattern[];
  readonly baseUrl?: string;
}

/** A path with its modification time and size; a size of -1: there is nothing, of -2: a folder. */
export type Stamp = readonly [path: string, mtimeMs: number, size: number];

interface StoredSettings {
  readonly format: string;
  readonly stamps: Stamp[];
  readonly settings: Settings;
  /** What names of the own package, `#imports` and linked packages mean: absolute paths. */
  readonly names: Record<string, string>;
}

/** Reads settings from tsconfig.json and package.json: the slow way, taken when one of them has changed. */
export type SettingsReader = (folder: string) => { settings: Settings; stamps: readonly Stamp[] };

/** Knows the settings of each folder. */
export class SettingsStore {
  readonly #known = new Map<string, StoredSettings>();
  readonly #readSlowly: SettingsReader;

  constructor(readSlowly: SettingsReader) {
    this.#readSlowly = readSlowly;
  }

  of(folder: string, cache: Cache): Settings {
    return this.#entry(folder, cache).settings;
  }

  /**
   * What `find` said of a specifier in that folder; asked again only when a package.json has changed.
   *
   * @param find - Gives the path, and the package.json that it was found in.
   */
  nameIn(
    folder: string,
    cache: Cache,
    specifier: string,
    find: () => { readonly file: string; readonly packageJson: string } | undefined,
  ): string | undefined {
    const entry = this.#entry(folder, cache);
    const known = entry.names[specifier];
    if (known !== undefined) return known;
    const found = find();
    if (found === undefined) return undefined;
    entry.names[specifier] = found.file;
    if (!entry.stamps.some(([path]) => path === found.packageJson)) entry.stamps.push(stampOf(found.packageJson));
    cache.write(entryName(folder), JSON.stringify(entry));
    return found.file;
  }

  #entry(folder: string, cache: Cache): StoredSettings {
    let entry = this.#known.get(folder);
    if (entry === undefined) {
      entry = stored(folder, cache) ?? this.#read(folder, cache);
      this.#known.set(folder, entry);
    }
    return entry;
  }

  #read(folder: string, cache: Cache): StoredSettings {
    const { settings, stamps } = this.#readSlowly(folder);
    const entry: StoredSettings = { format: CACHE_FORMAT, stamps: [...stamps], settings, names: {} };
    cache.write(entryName(folder), JSON.stringify(entry));
    return entry;
  }
}

function stored(folder: string, cache: Cache): StoredSettings | undefined {
  const entry = cache.readJson(entryName(folder)) as Partial<StoredSettings> | undefined;
  const valid = entry?.format === CACHE_FORMAT && entry.settings && entry.names && entry.stamps?.every(isUnchanged);
  return valid ? (entry as StoredSettings) : undefined;
}

function entryName(folder: string): string {
  return `${fingerprint(folder)}.folder.json`;
}

/** What is at `path` now. */
export function stampOf(path: string): Stamp {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [path, 0, -1];
  return stat.isDirectory() ? [path, 0, -2] : [path, stat.mtimeMs, stat.size];
}

function isUnchanged(stamp: Stamp): boolean {
  const [, mtimeMs, size] = stampOf(stamp[0]);
  return mtimeMs === stamp[1] && size === stamp[2];
}

/** The package that a folder belongs to. */
export interface OwnPackage {
  readonly root?: string;
  readonly name?: string;
  readonly type: 'module' | 'commonjs' | undefined;
  /** The package.json files looked for, the last one found. */
  readonly seen: readonly string[];
}

/** @throws UsageError when its package.json is no JSON. */
export function ownPackageOf(folder: string): OwnPackage {
  const seen: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (basename(at) === 'node_modules') return { type: undefined, seen };
    const file = join(at, 'package.json');
    seen.push(file);
    if (isFile(file)) {
      const json = readJson(file, file);
      const { name, type } = typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
      return {
        root: at,
        ...(typeof name === 'string' ? { name } : {}),
        type: type === 'module' || type === 'commonjs' ? type : undefined,
        seen,
      };
    }
    if (dirname(at) === at) return { type: undefined, seen };
  }
}

/** Of an installed package: Node itself complains of one that is no JSON, here there is nothing in it. */
export function packageJson(file: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
