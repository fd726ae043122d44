import { extname } from 'node:path';
import { UsageError } from '../usage_error.js';
import { isCompiledExtension } from './extensions.js';
import { NO_INFO } from './module_info.js';
import type { Scan } from './scan.js';
import type { Settings } from './settings.js';
import { parse, parseSync, transform, transformSync } from './swc.js';
import { parseWithTypescript, transformWithTypescript } from './typescript.js';

export type Format = 'module' | 'commonjs';

/** A source to be compiled, or only looked at when it is JavaScript already. */
export interface CompileRequest {
  readonly file: string;
  readonly source: string;
  readonly settings: Settings;
}

export interface Compiled {
  readonly format: Format;
  /** Undefined: the source is run as it is. */
  readonly output: { readonly text: string; readonly map: string } | undefined;
  readonly scan: Scan;
  /** Of JavaScript: what the compiler does not understand Node may. */
  readonly syntaxError?: Error;
}

const EMPTY_SCAN: Scan = { syntax: undefined, moduleOnly: false, exports: [], info: NO_INFO };

const ownRequire = process.getBuiltinModule('node:module').createRequire(import.meta.url);

/** Compiles in swc's own threads. */
export async function compile(request: CompileRequest): Promise<Compiled> {
  const { file, source, settings } = request;
  const { compile: options } = settings;
  if (options.compiler !== 'swc') return compileSync(request);
  const swc = ownRequire(options.compilerEntry) as typeof import('@swc/core');
  let scan: Scan;
  try {
    scan = await parse(swc, file, source);
  } catch (error) {
    return unparsed(request, error as Error);
  }
  const format = formatOf(file, scan, settings);
  if (!isCompiledExtension(file)) return { format, output: undefined, scan };
  return { format, output: await transform(swc, file, source, format, options), scan };
}

/** Compiles while everything waits: for modules that only turn up while others are loaded. */
export function compileSync(request: CompileRequest): Compiled {
  const { file, source, settings } = request;
  const { compile: options } = settings;
  const needed = isCompiledExtension(file);
  if (options.compiler === 'none') {
    if (needed) throw noCompiler(file);
    return { format: formatOf(file, EMPTY_SCAN, settings), output: undefined, scan: EMPTY_SCAN };
  }
  let scan: Scan;
  let transformNow: (format: Format) => { text: string; map: string };
  if (options.compiler === 'typescript') {
    const ts = ownRequire(options.compilerEntry) as typeof import('typescript');
    scan = parseWithTypescript(ts, file, source);
    transformNow = (format) => transformWithTypescript(ts, file, source, format, options);
  } else {
    const swc = ownRequire(options.compilerEntry) as typeof import('@swc/core');
    try {
      scan = parseSync(swc, file, source);
    } catch (error) {
      return unparsed(request, error as Error);
    }
    transformNow = (format) => transformSync(swc, file, source, format, options);
  }
  const format = formatOf(file, scan, settings);
  return { format, output: needed ? transformNow(format) : undefined, scan };
}

/** TypeScript that the compiler does not understand cannot be run. Of JavaScript Node will say what it thinks. */
function unparsed({ file, source, settings }: CompileRequest, syntaxError: Error): Compiled {
  if (isCompiledExtension(file)) throw syntaxError;
  const scan: Scan = { ...EMPTY_SCAN, syntax: /^\s*(?:import|export)\b/m.test(source) ? 'module' : undefined };
  return { format: formatOf(file, scan, settings), output: undefined, scan, syntaxError };
}

function noCompiler(file: string): UsageError {
  return new UsageError(
    `Cannot compile ${file}: @swc/core does not load on this machine, and the project has no TypeScript 5 or 6. ` +
      'Run npm install without --omit=optional, or npm install --save-dev typescript@6',
  );
}

/**
 * What kind of module a file is.
 *
 * For JavaScript it is what Node takes it for. For TypeScript the syntax decides where the extension does not: `import` and
 * `export` make a module also in a package without a `type`, unless tsconfig.json says that they stand for `require` there.
 */
export function formatOf(file: string, scan: Scan, settings: Settings): Format {
  const extension = extname(file);
  if (extension === '.mts' || extension === '.mjs') return 'module';
  if (extension === '.cts' || extension === '.cjs') return 'commonjs';
  if (settings.packageType === 'module') return 'module';
  if (!isCompiledExtension(file)) {
    const module = settings.packageType === undefined && (scan.syntax === 'module' || scan.moduleOnly);
    return module ? 'module' : 'commonjs';
  }
  if (scan.moduleOnly) return 'module';
  return scan.syntax === 'module' && !settings.commonjs ? 'module' : 'commonjs';
}
