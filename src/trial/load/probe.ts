import { join } from 'node:path';
import { isDirectory, isFile, realPath } from './node_fs.js';

const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '.jsx': ['.tsx'],
};
const ADDED = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json'];
const OUTPUT = /\.(?:js|mjs|cjs|jsx)$/;

/**
 * The file that a path stands for in an import, as real path.
 *
 * `./x.js` is `x.ts`: first of all in TypeScript, where that is what it means, in JavaScript when there is no such file.
 *
 * @param lenient - Whether the extension may be left out and a folder stands for its index.
 */
export function probe(path: string, typescriptFirst: boolean, lenient: boolean): string | undefined {
  const found = typescriptFirst ? (written(path) ?? existing(path)) : (existing(path) ?? written(path));
  if (found !== undefined) return realPath(found);
  if (!lenient) return undefined;
  const whole = withExtension(path) ?? (isDirectory(path) ? withExtension(join(path, 'index')) : undefined);
  return whole === undefined ? undefined : realPath(whole);
}

function existing(path: string): string | undefined {
  return isFile(path) ? path : undefined;
}

function written(path: string): string | undefined {
  const extension = OUTPUT.exec(path)?.[0];
  if (extension === undefined) return undefined;
  const stem = path.slice(0, -extension.length);
  for (const typescript of WRITTEN_AS[extension] ?? []) if (isFile(stem + typescript)) return stem + typescript;
  return undefined;
}

function withExtension(path: string): string | undefined {
  for (const extension of ADDED) if (isFile(path + extension)) return path + extension;
  return undefined;
}
