import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { isFile } from '../load/node_fs.js';

/**
 * The dotted name of a module: its path from `cwd`, without extension; `a/test_b.spec.ts` is `a.test_b_spec`.
 *
 * @param file - Absolute. Outside of `cwd` its path is taken from its nearest package.json.
 */
export function moduleId(file: string, cwd: string): string {
  let path = relative(cwd, file);
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) path = relative(packageFolder(file), file);
  return path
    .replace(/\.[^.\\/]+$/, '')
    .split(sep)
    .map(idPart)
    .join('.');
}

/** What a file or folder is called in an id. */
export function idPart(name: string): string {
  return name.replaceAll('.', '_');
}

function packageFolder(file: string): string {
  for (let at = dirname(file); ; at = dirname(at)) {
    if (isFile(join(at, 'package.json'))) return at;
    if (dirname(at) === at) return dirname(file);
  }
}
