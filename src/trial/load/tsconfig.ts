import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../usage_error.js';
import { findCompiler } from './compilers.js';
import { fingerprint } from './fingerprint.js';
import { isFile } from './node_fs.js';
import { checkJson, readText } from './read_json.js';
import { CACHE_FORMAT, ownPackageOf, type PathPattern, type Settings, type Stamp, stampOf } from './settings.js';

type GetTsconfig = typeof import('get-tsconfig');
type Tsconfig = NonNullable<ReturnType<GetTsconfig['getTsconfig']>>;
type CompilerOptions = NonNullable<Tsconfig['config']['compilerOptions']>;

const ownRequire = process.getBuiltinModule('node:module').createRequire(import.meta.url);

/** Settings of a folder from its tsconfig.json, package.json and compiler. */
export function readSettings(folder: string): { settings: Settings; stamps: readonly Stamp[] } {
  const { getTsconfig, createPathsMatcher } = ownRequire('get-tsconfig') as GetTsconfig;
  const touched = new Map<string, unknown>();
  let tsconfig: Tsconfig | null;
  try {
    tsconfig = getTsconfig(folder, 'tsconfig.json', touched);
  } catch (error) {
    checkConfigs(touched);
    throw new UsageError(`Cannot read the tsconfig.json that holds for ${folder}: ${(error as Error).message}`);
  }
  checkConfigs(touched);
  const options = tsconfig?.config.compilerOptions ?? {};
  const own = ownPackageOf(folder);
  const compiler = findCompiler(folder);
  const compile = {
    compiler: compiler.name,
    compilerVersion: compiler.version,
    compilerEntry: compiler.entry,
    legacyDecorators: options.experimentalDecorators === true,
    decoratorMetadata: options.emitDecoratorMetadata === true,
    useDefineForClassFields: definesFields(options),
    verbatimModuleSyntax: options.verbatimModuleSyntax === true,
    jsx: jsxOptions(options),
  };
  const baseUrl =
    tsconfig && options.baseUrl !== undefined ? resolve(dirname(tsconfig.path), options.baseUrl) : undefined;
  const settings: Settings = {
    compile,
    key: fingerprint(JSON.stringify([CACHE_FORMAT, compile])),
    ...(own.root === undefined ? {} : { packageRoot: own.root }),
    ...(own.name === undefined ? {} : { packageName: own.name }),
    packageType: own.type,
    commonjs: own.type !== 'module' && emitsCommonjs(options),
    paths: tsconfig && options.paths ? pathPatterns(options.paths, createPathsMatcher(tsconfig)) : [],
    ...(baseUrl === undefined ? {} : { baseUrl }),
  };
  const stamped = new Set([...configFiles(touched), ...own.seen, ...compiler.files]);
  return { settings, stamps: [...stamped].map(stampOf) };
}

/** The keys of get-tsconfig's cache say which files it has looked at: `existsSync:/a/tsconfig.json`, `readFileSync:/a/b.json:utf8`. */
function configFiles(touched: ReadonlyMap<string, unknown>): string[] {
  const files = [...touched.keys()].map((key) => key.slice(key.indexOf(':') + 1).replace(/:utf-?8$/, ''));
  return files.filter((file) => file.endsWith('.json') || file.endsWith('node_modules'));
}

/** The library takes what it understands of a file and leaves the rest. @throws UsageError for one that is no JSON. */
function checkConfigs(touched: ReadonlyMap<string, unknown>): void {
  for (const key of touched.keys()) {
    const [, file] = /^readFileSync:(.*\.json)(?::utf-?8)?$/.exec(key) ?? [];
    if (file !== undefined && isFile(file)) checkJson(readText(file, file), file, { lenient: true });
  }
}

/** As TypeScript: with a target of ES2022 or later. Without a target there is no reason to go back before it. */
function definesFields(options: CompilerOptions): boolean {
  if (options.useDefineForClassFields !== undefined) return options.useDefineForClassFields;
  const target = options.target?.toLowerCase();
  return target === undefined || target === 'esnext' || Number(target.replace(/^es/, '')) >= 2022;
}

/** Without a `type` in package.json, these make a `.ts` file CommonJS. */
function emitsCommonjs(options: CompilerOptions): boolean {
  const module = options.module?.toLowerCase();
  return module === 'commonjs' || module === 'nodenext' || /^node\d\d$/.test(module ?? '');
}

function jsxOptions(options: CompilerOptions): Settings['compile']['jsx'] {
  const mode = options.jsx?.toLowerCase();
  return {
    automatic: mode === 'react-jsx' || mode === 'react-jsxdev',
    ...(options.jsxImportSource === undefined ? {} : { importSource: options.jsxImportSource }),
    ...(options.jsxFactory === undefined ? {} : { factory: options.jsxFactory }),
    ...(options.jsxFragmentFactory === undefined ? {} : { fragmentFactory: options.jsxFragmentFactory }),
  };
}

/** Where the targets of `paths` lie depends on which file of an extends chain names them: the matcher of get-tsconfig knows. */
function pathPatterns(
  paths: Readonly<Record<string, readonly string[]>>,
  matcher: ((specifier: string) => string[]) | null,
): PathPattern[] {
  const standIn = 'txtrial-star';
  return Object.keys(paths).map((pattern) => {
    const star = pattern.indexOf('*');
    const found = matcher?.(pattern.replace('*', standIn)) ?? [];
    return {
      prefix: star < 0 ? pattern : pattern.slice(0, star),
      suffix: star < 0 ? undefined : pattern.slice(star + 1),
      targets: found.map((target) => join(target.replace(standIn, '*'))),
    };
  });
}
