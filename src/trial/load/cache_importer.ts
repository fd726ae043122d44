import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from '../usage_error.js';
import { isMostlyTests } from './eager.js';
import { isModuleExtension } from './extensions.js';
import { fingerprint } from './fingerprint.js';
import { Graph, type NamedModule, nameModules, reachableFrom } from './graph.js';
import { fs } from './node_fs.js';
import { findFile, isPathLike, type Resolved } from './resolve.js';
import { helpers, importCall, LOAD_SYMBOL, metaCall, type Replacement, replaceAll } from './rewrite.js';
import { withTrailer } from './trailer.js';
import type { Unit, Units } from './units.js';

const { isBuiltin } = process.getBuiltinModule('node:module');

/**
 * Imports modules where Node has no hooks in its own thread (before 22.15): compiled text is written to the cache, and every
 * specifier in it is the URL of what is to be loaded.
 */
export class CacheImporter {
  readonly #units: Units;
  readonly #graph: Graph;
  /** Undefined: the file is imported as it lies on disk. */
  readonly #names = new Map<string, NamedModule | undefined>();
  readonly #written = new Set<string>();

  constructor(units: Units) {
    this.#units = units;
    this.#graph = new Graph(units);
  }

  /** The texts that importing a file makes Node parse, with their paths. */
  textsOf(file: string): { path: string; text: string }[] {
    const texts: { path: string; text: string }[] = [];
    for (const module of reachableFrom(file, this.#graph)) {
      const named = this.#names.get(module.unit.file);
      const path = named === undefined ? module.unit.file : join(directoryOf(module.unit), outputName(named));
      if (module.unit.facts.format === 'module') texts.push({ path, text: fs.readFileSync(path, 'utf8') });
    }
    return texts;
  }

  /** Makes compiled modules find this importer for what they import at run time. */
  install(): void {
    const found = {
      import: (specifier: unknown, file: string, options?: ImportCallOptions) => this.import(specifier, file, options),
      meta: (meta: ImportMeta, file: string) => this.#meta(meta, file),
    };
    Object.defineProperty(globalThis, Symbol.for(LOAD_SYMBOL), { value: found, configurable: true });
  }

  /** Compiles what is not in the cache of these files and all they import. */
  prepare(files: readonly string[]): Promise<void> {
    return this.#graph.add(files);
  }

  /** The URL to import for a file. */
  async urlOf(file: string): Promise<string> {
    await this.#graph.add([file]);
    return this.#url(file);
  }

  /** Whether nearly all that importing a file compiles is its tests, and it has many. */
  isMostlyTests(file: string): boolean {
    return isMostlyTests(reachableFrom(file, this.#graph));
  }

  /** The path to require for a file that is an ES module. */
  pathOfSync(file: string): string {
    this.#graph.addSync(file);
    return fileURLToPath(this.#url(file));
  }

  /** What `import(specifier, options)` in the source `importer` means. */
  async import(specifier: unknown, importer: string, options?: ImportCallOptions): Promise<unknown> {
    const text = String(specifier);
    if (isBuiltin(text)) return import(text);
    const target = this.#units.resolve(text, importer);
    if (target.kind === 'file' && target.file.endsWith('.json')) return import(this.#jsonUrl(target.file));
    if (target.kind === 'file' && isModuleExtension(target.file))
      return import((await this.urlOf(target.file)) + target.suffix);
    if (target.kind === 'as is' && !/^(?:data|https?|node):/.test(text)) throw notFound(`package '${text}'`, importer);
    const url = target.kind === 'as is' ? text : target.kind === 'url' ? target.url : pathToFileURL(target.file).href;
    if (target.kind === 'url' && isPathLike(text) && url.startsWith('file:')) {
      const path = fileURLToPath(url);
      if (findFile(path, importer, this.#units.settingsOf(importer)) === undefined)
        throw notFound(`module '${path}'`, importer);
    }
    return options?.with?.type === 'json' ? import(url, { with: { type: 'json' } }) : import(url);
  }

  #meta(meta: ImportMeta, file: string): ImportMeta {
    const url = pathToFileURL(file).href;
    if (meta.url !== url) {
      const native = meta.resolve;
      Object.assign(meta, {
        url,
        dirname: dirname(file),
        filename: file,
        resolve: (specifier: string) => {
          const target = this.#units.resolve(specifier, file);
          if (target.kind === 'file') return pathToFileURL(target.file).href + target.suffix;
          return target.kind === 'url' ? target.url : native(specifier);
        },
      });
    }
    return meta;
  }

  /** Of a file in the graph. Writes all texts that are needed and not there. */
  #url(file: string): string {
    const broken = this.#graph.whyBroken(file);
    if (broken !== undefined) throw broken;
    nameModules(this.#graph, file, this.#names);
    for (const { unit, targets } of reachableFrom(file, this.#graph)) {
      const named = this.#names.get(unit.file);
      if (named === undefined) continue;
      for (const [site, target] of targets) {
        const why = target.kind === 'file' ? this.#graph.whyBroken(target.file) : undefined;
        if (why !== undefined && site[0] === 'static') throw why;
      }
      this.#write(named);
    }
    return this.#urlOfNamed(file);
  }

  #urlOfNamed(file: string): string {
    const named = this.#names.get(file);
    if (named === undefined) return pathToFileURL(file).href;
    return pathToFileURL(join(directoryOf(named.unit), outputName(named))).href;
  }

  #write(named: NamedModule): void {
    const { unit } = named;
    const output = outputName(named);
    if (this.#written.has(named.name)) return;
    if (!unit.cache.has(output)) {
      const text = unit.facts.format === 'commonjs' ? proxyText(unit) : this.#linkedText(named);
      if (!unit.cache.write(output, text)) throw noCache(unit.cache);
    }
    this.#written.add(named.name);
  }

  #linkedText({ unit, targets }: NamedModule): string {
    const used = { imports: false, meta: false };
    const replacements: Replacement[] = [];
    for (const site of unit.facts.sites) {
      const [, start, end] = site;
      if (site[0] === 'meta') {
        used.meta = true;
        replacements.push(metaCall({ start, end }));
        continue;
      }
      if (site[0] === 'computed') {
        used.imports = true;
        replacements.push(importCall({ start, end }));
        continue;
      }
      const target = targets.get(site);
      if (target === undefined || target.kind === 'as is') continue;
      const url = this.#targetUrl(target);
      if (site[0] === 'static') {
        replacements.push({ start, end, text: url.replaceAll("'", '%27') });
        // What is imported is no JSON any more.
        if (site[4] >= 0 && url.endsWith('.mjs')) replacements.push({ start: end + 1, end: site[4], text: '' });
      } else if (target.kind === 'file' && isModuleExtension(target.file) && !this.#graph.whyBroken(target.file)) {
        replacements.push({ start, end, text: JSON.stringify(url) });
      } else {
        used.imports = true;
        replacements.push(importCall({ start: site[4], end: site[4] + 'import'.length }));
      }
    }
    const { text, edits } = replaceAll(this.#units.textOf(unit), replacements);
    const whole = text + helpers(used, JSON.stringify(unit.file));
    return withTrailer(whole, { source: unit.file, key: unit.facts.length < 0 ? '' : unit.key, edits });
  }

  #targetUrl(target: Exclude<Resolved, { kind: 'as is' }>): string {
    if (target.kind === 'url') return target.url;
    if (target.file.endsWith('.json')) return this.#jsonUrl(target.file);
    return this.#urlOfNamed(target.file) + target.suffix;
  }

  /** Of a module that gives what `require` gives for a JSON file: without the warning, and for imports without `with` as well. */
  #jsonUrl(file: string): string {
    const cache = this.#units.cacheOf(file);
    const name = `${fingerprint(`json ${file}`)}.mjs`;
    if (!this.#written.has(name)) {
      const text = `import { createRequire } from 'node:module';\nexport default createRequire(${JSON.stringify(file)})(${JSON.stringify(file)});`;
      const whole = withTrailer(text, { source: file, key: '', edits: [] });
      if (!cache.has(name) && !cache.write(name, whole)) throw noCache(cache);
      this.#written.add(name);
    }
    return pathToFileURL(join(cache.directory ?? '', name)).href;
  }
}

function outputName({ name, unit }: NamedModule): string {
  return unit.facts.format === 'commonjs' ? `${name}.cjs` : `${name}.mjs`;
}

/** What `import` of a compiled CommonJS module loads: the one copy that `require` gives, with the names that it exports. */
function proxyText({ file, facts }: Unit): string {
  const names = facts.exports.filter((name) => name !== 'default' && /^[\w$]+$/.test(name));
  const required = `const m = require(${JSON.stringify(file)});\nmodule.exports = m;`;
  // Never run: this is how Node finds the names without running anything.
  const listed = names.length > 0 ? `\n0 && (module.exports = { ${names.join(', ')} });` : '';
  return withTrailer(required + listed, { source: file, key: '', edits: [] });
}

function directoryOf({ cache }: Unit): string {
  if (cache.directory === undefined) throw noCache(cache);
  return cache.directory;
}

function noCache({ directory, problem }: Unit['cache']): UsageError {
  const isFull = problem?.code === 'ENOSPC' || problem?.code === 'EDQUOT';
  const advice = isFull ? 'there is no space left. Make room' : 'make it writable, or set TMPDIR to a folder that is';
  return new UsageError(
    `Cannot write compiled tests to ${directory ?? 'any folder'}: ${advice}, or use Node 22.15 or newer, which needs none`,
  );
}

function notFound(what: string, importer: string): Error {
  return Object.assign(new Error(`Cannot find ${what} imported from ${importer}`), { code: 'ERR_MODULE_NOT_FOUND' });
}
