// Builds dist/: one code chunk shared by every entry point (so that there is one copy of the core), then the types.
// --if-needed: only when something that it is made from has changed. npm runs the script `dependencies` after `npm ci`, here and
// nowhere else: one named `prepare` it would warn of wherever a packed txtrial is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { builtins } from './builtins.js';
import { mergeChunks } from './merge_chunks.js';
import { makeScripts } from './scripts.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const stampFile = 'dist/.stamp';
const stamp = hashSources();
if (process.argv.includes('--if-needed') && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
  process.exit(0);
}
const { version, exports, bin } = JSON.parse(readFileSync('package.json', 'utf8'));

// dist/src/x.js comes from src/x.ts, dist/bin/x.js from bin/x.ts.
const outputs = [...Object.values(exports).map((entry) => entry.default), ...Object.values(bin)].filter(Boolean);
const entryPoints = outputs.map((file) => file.replace(/^(?:\.\/)?dist\//, '').replace(/\.js$/, '.ts'));
// What threads are started with, and what the scripts of the build are run by.
entryPoints.push('src/trial/code_cache.ts', 'src/internet/thread_entry.ts', 'src/trial/load/thread_loader.ts');

rmSync('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints,
  outbase: '.',
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Class names are part of what users see (error names, test ids), so nothing is renamed.
  keepNames: false,
  minifySyntax: true,
  sourcemap: false,
  define: { TXTRIAL_VERSION: JSON.stringify(version) },
  // Development dependencies are bundled (commander, picocolors): they load twice as fast. The others stay outside.
  external: Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).dependencies ?? {}).concat('typescript'),
  // src/poetry imports the core by name, as users do, and gets the same copy of it.
  alias: Object.fromEntries(
    Object.entries(exports)
      .filter(([, entry]) => entry.types)
      .map(([path, entry]) => [
        `txtrial${path.slice(1)}`,
        entry.types.replace('./dist/', './').replace('.d.ts', '.ts'),
      ]),
  ),
  plugins: [builtins],
  metafile: true,
  logLevel: 'warning',
});
const main = Object.keys(metafile.outputs).find((file) => /^dist\/chunks\/main-/.test(file));
await mergeChunks(metafile.outputs, {
  core: ['dist/src/internet/index.js', 'dist/src/log/index.js'],
  trial: ['dist/src/index.js', ...(main ? [main] : [])],
});
// What users' programs import as well, core.js, stays a module.
await makeScripts(['dist/chunks/trial.js', ...(main ? [main] : [])]);
for (const file of Object.values(bin)) chmodSync(file, 0o755);
writeNotices(metafile);

const tsc = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.json'], { stdio: 'inherit' });
if (status !== 0) process.exit(1);
writeFileSync(stampFile, stamp);

/** Changes with every file that goes into the build. */
function hashSources() {
  const hash = createHash('sha1');
  const files = ['src', 'bin'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [
    ...files.sort(),
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    '.ci/build.js',
    '.ci/builtins.js',
    '.ci/merge_chunks.js',
    '.ci/scripts.js',
  ]) {
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Licences of the packages whose code is inside dist/. */
function writeNotices({ inputs }) {
  const packages = new Set();
  for (const input of Object.keys(inputs)) {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (name) packages.add(name);
  }
  const notices = [...packages].sort().map((name) => {
    const folder = join('node_modules', name);
    const licence = ['LICENSE', 'LICENSE.md', 'LICENCE', 'license'].map((f) => join(folder, f)).find(existsSync);
    if (!licence) throw new Error(`${name} is bundled but has no licence file: ship its text or do not bundle it`);
    return `${name}\n\n${readFileSync(licence, 'utf8').trim()}\n`;
  });
  if (notices.length > 0) writeFileSync('dist/THIRD_PARTY_NOTICES.txt', notices.join('\n---\n\n'));
}
