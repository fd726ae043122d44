import { dirname } from 'node:path';
import { type Cache, Caches } from './cache.js';
import { type Compiled, compile, compileSync, type Format } from './compile.js';
import { isCompiledExtension } from './extensions.js';
import { fingerprint } from './fingerprint.js';
import type { ModuleInfo } from './module_info.js';
import { fs } from './node_fs.js';
import { type KnownNames, type Resolved, resolveImport } from './resolve.js';
import { type Edit, rewriteCommonjs } from './rewrite.js';
import { CACHE_FORMAT, type Settings, SettingsStore } from './settings.js';
import type { Site } from './sites.js';
import { readSettings } from './tsconfig.js';

/** All that is kept of a source, apart from its compiled text and the source map of that. */
export interface Facts {
  readonly cacheFormat: string;
  readonly format: Format;
  /** Length of the compiled text, by which a damaged one is known; -1: the source is run as it is. */
  readonly length: number;
  readonly exports: readonly string[];
  readonly info: ModuleInfo;
  /** Where the text names other modules; empty where Node asks us anyway. */
  readonly sites: readonly Site[];
  /** What was changed in the text after the source map was made. */
  readonly edits: readonly Edit[];
}

/** A source file of the user's with what is known of it. */
export interface Unit {
  /** Real path. */
  readonly file: string;
  /** Of content and options: names its entries in the cache. */
  readonly key: string;
  readonly cache: Cache;
  readonly settings: Settings;
  readonly facts: Facts;
  /** The compiled text, when it was made in this run. */
  readonly text?: string;
  /** Of JavaScript that the compiler does not understand. Node has the last word. */
  readonly syntaxError?: Error;
}

/** A source file that is not in the cache. */
interface ColdUnit extends Omit<Unit, 'facts' | 'text' | 'syntaxError'> {
  readonly source: Buffer;
}

interface Remembered {
  readonly unit: Unit;
  readonly mtimeMs: number;
  readonly size: number;
}

/** Knows each source file: from the cache, or by compiling it. */
export class Units {
  readonly #caches: Caches;
  readonly #settings = new SettingsStore(readSettings);
  readonly #known = new Map<string, Remembered>();
  readonly #underWay = new Map<string, Promise<Unit>>();
  readonly #findSites: ((text: string) => readonly Site[]) | undefined;
  /** Part of each key: what is kept differs. */
  readonly #flavour: string;

  /** @param findSites - Undefined where Node asks us about each specifier anyway. */
  constructor(cacheDirectory: string | undefined, findSites: ((text: string) => readonly Site[]) | undefined) {
    this.#caches = new Caches(cacheDirectory);
    this.#findSites = findSites;
    this.#flavour = findSites === undefined ? 'hooks' : 'files';
  }

  /** The unit of a file, compiled now if need be. */
  getSync(file: string): Unit {
    const unit = this.#read(file);
    if ('facts' in unit) return unit;
    return this.#finish(unit, compileSync(requestFor(unit)));
  }

  /** The unit of a file; a Promise when it has to be compiled first. */
  get(file: string): Unit | Promise<Unit> {
    const unit = this.#read(file);
    if ('facts' in unit) return unit;
    let underWay = this.#underWay.get(file);
    if (underWay === undefined) {
      underWay = compile(requestFor(unit))
        .then((compiled) => this.#finish(unit, compiled))
        .finally(() => this.#underWay.delete(file));
      this.#underWay.set(file, underWay);
    }
    return underWay;
  }

  settingsOf(file: string): Settings {
    return this.#settings.of(dirname(file), this.cacheOf(file));
  }

  cacheOf(file: string): Cache {
    return this.#caches.of(dirname(file));
  }

  /**
   * What a specifier in a source means to `import`.
   *
   * @param besideSource - Whether the answer is for a text in which bare specifiers mean what they mean in the source.
   */
  resolve(specifier: string, importer: string, besideSource = false): Resolved {
    const folder = dirname(importer);
    const cache = this.#caches.of(folder);
    const names: KnownNames = (name, find) => this.#settings.nameIn(folder, cache, name, find);
    const settings = this.#settings.of(folder, cache);
    return resolveImport(specifier, { file: importer, settings, besideSource, names });
  }

  /** The compiled text of a unit: from the cache, or made again when that is damaged. */
  textOf(unit: Unit): string {
    if (unit.text !== undefined) return unit.text;
    if (unit.facts.length < 0) return fs.readFileSync(unit.file, 'utf8');
    const text = unit.cache.read(textName(unit.key));
    if (text?.length === unit.facts.length) return text;
    const source = fs.readFileSync(unit.file);
    const { text: made = '' } = this.#finish({ ...unit, source }, compileSync(requestFor({ ...unit, source })));
    return made;
  }

  #read(file: string): Unit | ColdUnit {
    const stat = fs.statSync(file);
    const known = this.#known.get(file);
    if (known !== undefined && known.mtimeMs === stat.mtimeMs && known.size === stat.size) return known.unit;
    const folder = dirname(file);
    const cache = this.#caches.of(folder);
    const settings = this.#settings.of(folder, cache);
    const source = fs.readFileSync(file);
    const kind = `${this.#flavour} ${extensionKind(file)} ${settings.packageType} ${settings.commonjs}`;
    const key = keyOf(file, source, `${settings.key} ${kind}`, cache);
    const facts = cache.readJson(factsName(key));
    if (!areFacts(facts)) return { file, key, cache, settings, source };
    const unit: Unit = { file, key, cache, settings, facts };
    this.#known.set(file, { unit, mtimeMs: stat.mtimeMs, size: stat.size });
    return unit;
  }

  #finish({ file, key, cache, settings, source }: ColdUnit, compiled: Compiled): Unit {
    const { format, output, scan } = compiled;
    const compiledText = output?.text ?? source.toString();
    const sites = compiled.syntaxError ? [] : (this.#findSites?.(compiledText) ?? []);
    // Modules are rewritten when it is known what they import, CommonJS asks for that when it runs.
    const { text, edits } =
      output !== undefined && format === 'commonjs'
        ? rewriteCommonjs(compiledText, sites)
        : { text: compiledText, edits: [] };
    const facts: Facts = {
      cacheFormat: CACHE_FORMAT,
      format,
      length: output === undefined ? -1 : text.length,
      exports: format === 'commonjs' ? scan.exports : [],
      info: scan.info,
      sites: format === 'module' ? sites : [],
      edits,
    };
    if (output !== undefined) {
      cache.write(mapName(key), output.map);
      cache.write(textName(key), text);
    }
    // Last: who finds the facts relies on the rest.
    if (compiled.syntaxError === undefined) cache.write(factsName(key), JSON.stringify(facts));
    const unit: Unit = {
      file,
      key,
      cache,
      settings,
      facts,
      ...(output === undefined ? {} : { text }),
      ...(compiled.syntaxError === undefined ? {} : { syntaxError: compiled.syntaxError }),
    };
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat !== undefined) this.#known.set(file, { unit, mtimeMs: stat.mtimeMs, size: stat.size });
    return unit;
  }
}

/** From so many bytes on it takes less to compare a source with what it was than to work out its fingerprint. */
const LARGE = 128 * 1024;
const KEY_LENGTH = 32;

/** What stands for a source in the cache. */
function keyOf(file: string, source: Buffer, options: string, cache: Cache): string {
  if (source.length < LARGE) return fingerprint(source, options);
  const name = `${fingerprint(file, options)}.key`;
  const known = cache.readBytes(name);
  if (known?.subarray(KEY_LENGTH).equals(source)) return known.toString('latin1', 0, KEY_LENGTH);
  const key = fingerprint(source, options);
  cache.write(name, Buffer.concat([Buffer.from(key), source]));
  return key;
}

/** Whether it is what we wrote, and not half of it or something else. */
function areFacts(value: unknown): value is Facts {
  const { cacheFormat, format, exports, info, sites, edits } = (value ?? {}) as Partial<Facts>;
  const isOurs = cacheFormat === CACHE_FORMAT && (format === 'module' || format === 'commonjs');
  return isOurs && Array.isArray(info?.classes) && [exports, sites, edits].every(Array.isArray);
}

function requestFor({ file, source, settings }: ColdUnit) {
  return { file, source: source.toString(), settings };
}

/** What of its name decides how a source is compiled. */
function extensionKind(file: string): string {
  return isCompiledExtension(file) || /\.[mc]js$/.test(file) ? file.slice(file.lastIndexOf('.')) : '.js';
}

export function factsName(key: string): string {
  return `${key}.json`;
}

export function textName(key: string): string {
  return `${key}.js`;
}

export function mapName(key: string): string {
  return `${key}.map`;
}
