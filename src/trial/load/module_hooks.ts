import { fileURLToPath, pathToFileURL } from 'node:url';
import { endEager } from './eager.js';
import { isCompiledExtension } from './extensions.js';
import { isOwnName, resolveOwnCopy } from './packages.js';
import { findFile, isPathLike, splitSuffix } from './resolve.js';
import type { Unit, Units } from './units.js';

/** Of `module.registerHooks`, which the types for Node 20 do not know. */
interface ModuleHooks {
  resolve(specifier: string, context: ResolveContext, next: NextResolve): ResolveResult;
  load(url: string, context: LoadContext, next: NextLoad): LoadResult;
}

interface ResolveContext {
  readonly parentURL?: string;
  readonly conditions: readonly string[];
  readonly importAttributes: Readonly<Record<string, string>>;
}

interface ResolveResult {
  readonly url: string;
  readonly format?: string;
  readonly importAttributes?: Readonly<Record<string, string>>;
  readonly shortCircuit?: boolean;
}

interface LoadContext {
  readonly format?: string | null;
  readonly importAttributes: Readonly<Record<string, string>>;
}

interface LoadResult {
  readonly format: string;
  readonly source?: string;
  readonly shortCircuit?: boolean;
}

type NextResolve = (specifier: string, context: ResolveContext) => ResolveResult;
type NextLoad = (url: string, context: LoadContext) => LoadResult;
type RegisterHooks = (hooks: ModuleHooks) => void;

/** Undefined before Node 22.15. */
export const registerHooks = (process.getBuiltinModule('node:module') as unknown as { registerHooks?: RegisterHooks })
  .registerHooks;

/**
 * Makes `import` and `require` load TypeScript, in Node's own thread.
 *
 * @param loaded - Called with each file that is handed to Node, and its unit when it was compiled.
 */
export function installModuleHooks(
  register: RegisterHooks,
  units: Units,
  loaded: (file: string, unit: Unit | undefined) => void,
): void {
  register({
    resolve(specifier, context, next) {
      // The module that says so is compiled.
      endEager();
      const importer = userPath(context.parentURL);
      if (importer === undefined) return next(specifier, context);
      const [path, suffix] = splitSuffix(specifier);
      const required = context.conditions.includes('require');
      const typescript = isCompiledExtension(importer);
      const ours = (): ResolveResult | undefined => {
        const file = findFile(path, importer, units.settingsOf(importer), required);
        return file === undefined ? undefined : resolved(file, suffix, context, required);
      };
      if (typescript) {
        const found = ours();
        if (found !== undefined) return found;
      }
      try {
        return next(specifier, context);
      } catch (error) {
        const found = typescript ? undefined : isPathLike(path) ? ours() : undefined;
        if (found !== undefined) return found;
        const own = isOwnName(specifier) ? resolveOwnCopy(specifier) : undefined;
        if (own === undefined) throw error;
        return { url: pathToFileURL(own).href, shortCircuit: true };
      }
    },
    load(url, context, next) {
      const file = url.startsWith('file:') ? fileURLToPath(splitSuffix(url)[0]) : undefined;
      if (file === undefined) return next(url, context);
      const unit = isCompiledExtension(file) ? units.getSync(file) : undefined;
      loaded(file, unit);
      if (unit === undefined) return next(url, context);
      return { format: unit.facts.format, source: units.textOf(unit), shortCircuit: true };
    },
  });
}

function resolved(file: string, suffix: string, context: ResolveContext, required: boolean): ResolveResult {
  const url = pathToFileURL(file).href + suffix;
  if (file.endsWith('.json') && !required) {
    return { url, importAttributes: { ...context.importAttributes, type: 'json' }, format: 'json', shortCircuit: true };
  }
  return { url, shortCircuit: true };
}

/** The path of a module of the user's own; undefined for one of an installed package. */
function userPath(url: string | undefined): string | undefined {
  if (url === undefined || !url.startsWith('file:') || url.includes('/node_modules/')) return undefined;
  return fileURLToPath(splitSuffix(url)[0]);
}
