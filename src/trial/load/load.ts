import { pathToFileURL } from 'node:url';
import { CacheImporter } from './cache_importer.js';
import { beginEager, endEager, hasManyTests } from './eager.js';
import { explain } from './explain.js';
import { isCompiledExtension } from './extensions.js';
import { locateSyntaxError } from './locate_syntax_error.js';
import { installModuleHooks, registerHooks } from './module_hooks.js';
import type { ModuleInfo } from './module_info.js';
import { fs, realPath } from './node_fs.js';
import { installRequireHooks } from './require_hooks.js';
import { findSites } from './sites.js';
import { SourceMaps } from './source_maps.js';
import { type Unit, Units } from './units.js';

export type { ModuleInfo } from './module_info.js';

export interface LoaderOptions {
  /** The directory that trial was started in. */
  readonly cwd: string;
  /** Holds compiled text, instead of `node_modules/.cache/txtrial` of each package. */
  readonly cacheDirectory?: string;
}

/** A module of tests, loaded. */
export interface LoadedModule {
  /** Its namespace; of CommonJS its `module.exports`. */
  readonly exports: Readonly<Record<string, unknown>>;
  readonly info: ModuleInfo;
}

/** Loads `.ts`, `.mts`, `.cts`, `.js`, `.mjs` and `.cjs` files where they lie, and says where in them an error is. */
export class Loader {
  readonly #units: Units;
  readonly #maps = new SourceMaps();
  /** Where Node has no hooks in its own thread. */
  readonly #importer: CacheImporter | undefined;
  #lastLoaded: string | undefined;
  #started = false;

  constructor({ cacheDirectory }: LoaderOptions) {
    const hooked = registerHooks !== undefined;
    this.#units = new Units(cacheDirectory, hooked ? undefined : findSites);
    this.#importer = hooked ? undefined : new CacheImporter(this.#units);
  }

  /** From now on `import` and `require` in this process load TypeScript. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    const loaded = (unit: Unit) => this.#maps.add(unit);
    const importer = this.#importer;
    if (registerHooks !== undefined) {
      installModuleHooks(registerHooks, this.#units, (file, unit) => {
        this.#lastLoaded = file;
        endEager();
        if (unit === undefined) return;
        this.#maps.add(unit);
        if (hasManyTests(unit)) beginEager();
      });
    } else if (importer !== undefined) {
      importer.install();
      installRequireHooks({ units: this.#units, esModulePath: (file) => importer.pathOfSync(file), loaded });
    }
  }

  /** Compiles what of these files (absolute paths) is not in the cache, all at once. Errors come when each is loaded. */
  async prepare(files: readonly string[]): Promise<void> {
    if (this.#importer !== undefined) return this.#importer.prepare(files);
    const cold: Promise<Unit>[] = [];
    for (const file of files) {
      try {
        const unit = this.#units.get(realPath(file));
        if (unit instanceof Promise) cold.push(unit);
      } catch {
        // Of no interest before it is loaded.
      }
    }
    if (cold.length > 0) await Promise.allSettled(cold);
  }

  /**
   * Imports a file.
   *
   * @param file - Absolute path.
   * @throws What the module throws, or SyntaxError with its place, or Error when it cannot be found.
   */
  async load(file: string): Promise<LoadedModule> {
    this.start();
    const path = realPath(file);
    const unit = await this.#units.get(path);
    try {
      return { exports: asNamespace(await this.#import(unit)), info: unit.facts.info };
    } catch (error) {
      if (unit.syntaxError !== undefined && error instanceof SyntaxError) throw unit.syntaxError;
      throw explain(error, this.#maps, () => this.#locateSyntaxError(path));
    } finally {
      endEager();
    }
  }

  /**
   * Imports a JavaScript file, with no part of ours in that.
   *
   * @param file - Absolute path.
   * @throws As `load` does.
   */
  async importAsItIs(file: string): Promise<object> {
    try {
      return (await import(pathToFileURL(file).href)) as object;
    } catch (error) {
      const locate = () => locateSyntaxError([{ path: file, text: fs.readFileSync(file, 'utf8') }]);
      throw explain(error, this.#maps, locate);
    }
  }

  /** What a specifier in a source that was loaded gives: the one copy of that module that the source has. */
  async importFrom(importer: string, specifier: string): Promise<Readonly<Record<string, unknown>>> {
    const file = realPath(importer);
    if (this.#units.getSync(file).facts.format === 'commonjs') return asNamespace(requireIn(file, specifier));
    if (this.#importer !== undefined) return asNamespace(await this.#importer.import(specifier, file));
    const target = this.#units.resolve(specifier, file);
    const url =
      target.kind === 'file' ? pathToFileURL(target.file).href : target.kind === 'url' ? target.url : specifier;
    return asNamespace(await import(url));
  }

  /** A stack, or any text with file names, in the user's own lines. Once only: what is mapped must not be mapped again. */
  mapStack(stack: string): string {
    return this.#maps.mapText(stack);
  }

  #locateSyntaxError(file: string): string | undefined {
    if (this.#importer !== undefined) return locateSyntaxError(this.#importer.textsOf(file));
    // The hook saw last what Node did not understand.
    const last = this.#lastLoaded;
    if (last === undefined) return undefined;
    const text = isCompiledExtension(last)
      ? this.#units.textOf(this.#units.getSync(last))
      : fs.readFileSync(last, 'utf8');
    return locateSyntaxError([{ path: last, text }]);
  }

  async #import({ file, facts }: Unit): Promise<unknown> {
    if (facts.format === 'commonjs') {
      return requireIn(file, file);
    }
    if (this.#importer === undefined) return import(pathToFileURL(file).href);
    const url = await this.#importer.urlOf(file);
    if (this.#importer.isMostlyTests(file)) beginEager();
    return import(url);
  }
}

function requireIn(importer: string, specifier: string): unknown {
  return process.getBuiltinModule('node:module').createRequire(importer)(specifier);
}

/** `module.exports` may be one class, or nothing that has properties. */
function asNamespace(exports: unknown): Readonly<Record<string, unknown>> {
  if (typeof exports === 'object' && exports !== null) return exports as Record<string, unknown>;
  return exports === undefined || exports === null ? {} : { default: exports };
}
