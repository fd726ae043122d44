import { relative, sep } from 'node:path';

/** A path as the user would write it. */
export function shownPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === '..' || path.startsWith(`..${sep}`) ? file : path.split(sep).join('/') || '.';
}
