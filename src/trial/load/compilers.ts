import { dirname, join } from 'node:path';
import { fs } from './node_fs.js';

/** A compiler that is there. */
export interface Compiler {
  readonly name: 'swc' | 'typescript' | 'none';
  readonly version: string;
  /** What to `require`. */
  readonly entry: string;
  /** Files that change when another compiler would be found. */
  readonly files: readonly string[];
}

const { createRequire } = process.getBuiltinModule('node:module');
const ownRequire = createRequire(import.meta.url);
let swc: Compiler | undefined | null;
let warned = false;

/** The compiler for sources in `folder`: swc, or the user's own TypeScript where swc has no build for this machine. */
export function findCompiler(folder: string): Compiler {
  swc ??= findSwc() ?? null;
  if (swc !== null) return swc;
  const typescript = findTypescript(folder);
  if (typescript === undefined) return { name: 'none', version: '', entry: '', files: [] };
  if (!warned) {
    warned = true;
    process.stderr.write(
      `trial: @swc/core does not load on this machine, so TypeScript ${typescript.version} compiles, which is slower. ` +
        'Run npm install once more without --omit=optional.\n',
    );
  }
  return typescript;
}

function findSwc(): Compiler | undefined {
  try {
    const entry = ownRequire.resolve('@swc/core');
    ownRequire(entry);
    const file = join(dirname(entry), 'package.json');
    return { name: 'swc', version: versionIn(file), entry, files: [file] };
  } catch {
    // Without its binding for this system it throws when loaded.
    return undefined;
  }
}

function findTypescript(folder: string): Compiler | undefined {
  try {
    const entry = createRequire(join(folder, 'x.js')).resolve('typescript');
    const file = join(dirname(dirname(entry)), 'package.json');
    const version = versionIn(file);
    const major = Number.parseInt(version, 10);
    // TypeScript 7 has no function that transpiles.
    return major >= 5 && major < 7 ? { name: 'typescript', version, entry, files: [file] } : undefined;
  } catch {
    return undefined;
  }
}

function versionIn(packageJson: string): string {
  return (JSON.parse(fs.readFileSync(packageJson, 'utf8')) as { version: string }).version;
}
