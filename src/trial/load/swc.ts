import type { Options, ParseOptions } from '@swc/core';
import { LineTable, type Scan } from './scan.js';
import { scanSwc } from './scan_swc.js';
import type { CompileOptions } from './settings.js';
import { syntaxErrorAt } from './syntax_error.js';

type Swc = typeof import('@swc/core');
type ParseOptionsOfModule = ParseOptions & { isModule: true };

/** Parses; throws SyntaxError. */
export function parseSync(swc: Swc, file: string, source: string): Scan {
  const marked = withMark(source);
  try {
    return toScan(swc.parseSync(marked, parseOptions(file)), marked);
  } catch (error) {
    throw readableError(error, file, marked, 1);
  }
}

export async function parse(swc: Swc, file: string, source: string): Promise<Scan> {
  const marked = withMark(source);
  try {
    return toScan(await swc.parse(marked, parseOptions(file)), marked);
  } catch (error) {
    throw readableError(error, file, marked, 1);
  }
}

/** A statement of its own in front, whose position is where swc's counting began. */
function withMark(source: string): string {
  return `;${source.startsWith('#!') ? `//${source.slice(2)}` : source}`;
}

function toScan(program: Awaited<ReturnType<Swc['parse']>>, marked: string): Scan {
  const origin = program.body[0]?.span.start ?? 0;
  const scan = scanSwc(program, new LineTable(Buffer.from(marked)), origin);
  return /\bimport\s*\.\s*meta\b/.test(marked) ? { ...scan, moduleOnly: true } : scan;
}

function parseOptions(file: string): ParseOptionsOfModule {
  const typescript = /\.[mc]?tsx?$/.test(file);
  const common = { target: 'esnext', comments: false, isModule: 'unknown' } as const;
  const syntax = typescript
    ? { syntax: 'typescript', tsx: file.endsWith('x'), decorators: true, ...common }
    : { syntax: 'ecmascript', jsx: true, allowReturnOutsideFunction: true, decorators: false, ...common };
  // The types know `true` alone; 'unknown' means: module or script, as the syntax says.
  return syntax as unknown as ParseOptionsOfModule;
}

/** Compiles in swc's own threads; throws SyntaxError. */
export async function transform(
  swc: Swc,
  file: string,
  source: string,
  format: 'module' | 'commonjs',
  options: CompileOptions,
): Promise<{ text: string; map: string }> {
  try {
    const { code, map = '' } = await swc.transform(source, transformOptions(file, format, options));
    return { text: code, map };
  } catch (error) {
    throw readableError(error, file, source, 0);
  }
}

/** As `transform`, while everything waits. */
export function transformSync(
  swc: Swc,
  file: string,
  source: string,
  format: 'module' | 'commonjs',
  options: CompileOptions,
): { text: string; map: string } {
  try {
    const { code, map = '' } = swc.transformSync(source, transformOptions(file, format, options));
    return { text: code, map };
  } catch (error) {
    throw readableError(error, file, source, 0);
  }
}

/** What swc is told for one file. */
function transformOptions(file: string, format: 'module' | 'commonjs', options: CompileOptions): Options {
  const { jsx } = options;
  return {
    filename: file,
    swcrc: false,
    configFile: false,
    sourceMaps: true,
    inlineSourcesContent: false,
    isModule: true,
    jsc: {
      parser: { syntax: 'typescript', tsx: file.endsWith('x'), decorators: true },
      target: 'es2022',
      externalHelpers: false,
      keepClassNames: true,
      transform: {
        useDefineForClassFields: options.useDefineForClassFields,
        verbatimModuleSyntax: options.verbatimModuleSyntax && format === 'module',
        ...(options.legacyDecorators
          ? { legacyDecorator: true, decoratorMetadata: options.decoratorMetadata }
          : { decoratorVersion: '2023-11' }),
        react: {
          runtime: jsx.automatic ? 'automatic' : 'classic',
          development: false,
          ...(jsx.importSource === undefined ? {} : { importSource: jsx.importSource }),
          ...(jsx.factory === undefined ? {} : { pragma: jsx.factory }),
          ...(jsx.fragmentFactory === undefined ? {} : { pragmaFrag: jsx.fragmentFactory }),
        },
      },
      experimental: { keepImportAttributes: true },
    },
    module: format === 'module' ? { type: 'es6' } : { type: 'commonjs', ignoreDynamic: true },
  };
}

/** swc's error as the user's: its message holds a drawing of the source, and ends in a backtrace of its own. */
function readableError(error: unknown, file: string, source: string, shift: number): Error {
  const text = error instanceof Error ? error.message : String(error);
  const what = /^\s*[x×]\s+(.+)$/m.exec(text)?.[1]?.trim();
  const place = placeInDrawing(text.split('\n\nCaused by:')[0] ?? '');
  if (what === undefined || place === undefined) {
    const said = what ?? (text.split('\n')[0]?.trim() || 'it cannot be parsed');
    return syntaxErrorAt({ file, line: 1, column: 1, excerpt: '' }, said);
  }
  const { line } = place;
  const excerpt = source.split('\n', line)[line - 1] ?? '';
  const moved = line === 1 ? shift : 0;
  const column = Math.max(1, (place.column ?? excerpt.length + 1) - moved);
  return syntaxErrorAt({ file, line, column, excerpt: excerpt.slice(moved) }, what);
}

/** Where swc's drawing points to; without a column it is the end of the line. */
function placeInDrawing(drawing: string): { readonly line: number; readonly column: number | undefined } | undefined {
  const lines = drawing.split('\n');
  const under = lines.findIndex((line) => /^\s*[:·]\s*[\^─┬,-]/.test(line));
  const pointedAt = /^(\s*(\d+)\s[|│] ?)/.exec(lines[under - 1] ?? '');
  if (pointedAt !== null) {
    const drawn = (lines[under] ?? '').replace(/^(\s*)[:·]/, '$1 ');
    return { line: Number(pointedAt[2]), column: drawn.search(/\S/) - (pointedAt[1]?.length ?? 0) + 1 };
  }
  // Under the end of a file nothing is drawn.
  const numbers = lines.flatMap((line) => /^\s*(\d+)\s[|│]/.exec(line)?.[1] ?? []);
  const last = numbers.at(-1);
  return last === undefined ? undefined : { line: Number(last), column: undefined };
}
