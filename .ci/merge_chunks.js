import { rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * Joins the chunks that are always loaded together: each file that Node has to find and open takes it half a millisecond,
 * and esbuild makes one for every set of entry points that have something in common.
 *
 * @param outputs - Of esbuild's metafile.
 * @param groups - Name of the file to be made in the folder of chunks, and the outputs that need all of it; what an earlier
 * group has is not in a later one.
 */
export async function mergeChunks(outputs, groups) {
  const folder = resolve('dist/chunks');
  const isShared = (path) => /^dist\/chunks\/chunk-/.test(path);
  /** Absolute path of a chunk: the file it goes to, and what precedes the names of its exports there. */
  const places = new Map();
  for (const [name, roots] of Object.entries(groups)) {
    const members = closure(outputs, roots).filter((path) => isShared(path) && !places.has(resolve(path)));
    const file = join(folder, `${name}.js`);
    const lines = members.map((path, i) => {
      const names = outputs[path].exports.map((exported) => `${exported} as _${i}_${exported}`);
      return `${names.length > 0 ? `export { ${names.join(', ')} } from` : 'import'} './${basename(path)}';`;
    });
    const own = new Set(members.map((path) => resolve(path)));
    const stdin = { contents: lines.join('\n'), resolveDir: folder };
    await rebuild({ stdin, outfile: file }, { places, own, folder });
    for (const [i, path] of members.entries()) {
      places.set(resolve(path), { file, prefix: `_${i}_`, names: outputs[path].exports });
    }
  }
  for (const path of Object.keys(outputs)) {
    if (places.has(resolve(path)) || !path.endsWith('.js')) continue;
    const options = { entryPoints: [path], outfile: path, allowOverwrite: true };
    await rebuild(options, { places, own: new Set(), folder: resolve(dirname(path)) });
  }
  for (const path of places.keys()) rmSync(path);
}

/** All that the files import, and they themselves. */
function closure(outputs, roots) {
  const found = new Set(roots);
  for (const path of found) {
    for (const { path: imported, kind } of outputs[path].imports) if (kind === 'import-statement') found.add(imported);
  }
  return [...found].filter((path) => path in outputs);
}

function rebuild(options, { places, own, folder }) {
  const merged = {
    name: 'merged chunks',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path, kind, resolveDir }) => {
        if (kind === 'entry-point') return undefined;
        const target = path.startsWith('.') ? resolve(resolveDir, path) : path;
        if (places.has(target)) return { path: target, namespace: 'merged', sideEffects: false };
        return own.has(target) ? { path: target } : { path, external: true };
      });
      onLoad({ filter: /.*/, namespace: 'merged' }, ({ path }) => {
        const { file, prefix, names } = places.get(path);
        const list = names.map((name) => `${prefix}${name} as ${name}`);
        const from = relative(folder, file);
        return { contents: `export { ${list.join(', ')} } from '${from.startsWith('.') ? from : `./${from}`}';` };
      });
    },
  };
  return build({
    ...options,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    plugins: [merged],
    logLevel: 'warning',
    // What is merged is loaded by the names that are taken from it.
    logOverride: { 'ignored-bare-import': 'silent' },
  });
}
