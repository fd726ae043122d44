import { isOwnName, resolveOwnCopy } from './packages.js';
import { findFile } from './resolve.js';
import type { Unit, Units } from './units.js';

const { createRequire } = process.getBuiltinModule('node:module');

/** What of Node's CommonJS loader may be replaced, and is by every tool of this kind; its types do not say so. */
interface CommonjsLoader {
  readonly _extensions: Record<string, (module: CommonjsModule, filename: string) => void>;
  _resolveFilename: (this: unknown, request: string, parent: CommonjsModule | undefined, ...rest: unknown[]) => string;
}

interface CommonjsModule {
  readonly filename: string | null;
  exports: unknown;
  _compile(text: string, filename: string): void;
}

/** What `require` needs of the loader. */
export interface RequireSource {
  readonly units: Units;
  /** The path of a text to require for a source that is an ES module. */
  esModulePath(file: string): string;
  /** Called with each source whose text runs under its own path. */
  loaded(unit: Unit): void;
}

/** Makes `require` load TypeScript where Node has no hooks in its own thread (before 22.15). */
export function installRequireHooks(source: RequireSource): void {
  const loader = process.getBuiltinModule('node:module') as unknown as CommonjsLoader;
  for (const extension of ['.ts', '.cts', '.mts', '.tsx', '.jsx']) {
    loader._extensions[extension] = (module, filename) => {
      const unit = source.units.getSync(filename);
      if (unit.facts.format === 'module') {
        const path = source.esModulePath(filename);
        module.exports = createRequire(filename)(path);
      } else {
        source.loaded(unit);
        module._compile(source.units.textOf(unit), filename);
      }
    };
  }
  const native = loader._resolveFilename;
  loader._resolveFilename = function resolve(request, parent, ...rest) {
    const importer = parent?.filename;
    if (typeof importer !== 'string' || /[\\/]node_modules[\\/]/.test(importer)) {
      return native.call(this, request, parent, ...rest);
    }
    const typescript = /\.[mc]?tsx?$/.test(importer);
    const ours = () => findFile(request, importer, source.units.settingsOf(importer), true);
    if (typescript) {
      const file = ours();
      if (file !== undefined) return file;
    }
    try {
      return native.call(this, request, parent, ...rest);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
      const file = isOwnName(request) ? resolveOwnCopy(request) : typescript ? undefined : ours();
      if (file === undefined) throw error;
      return file;
    }
  };
}
