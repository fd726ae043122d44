import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';

/** Longer parts of a path are cut, as in Twisted: some systems' paths are short, those of UNIX sockets above all. */
const LONGEST = 32;

/**
 * A path that does not exist yet, below a directory of the test's own that does.
 *
 * @param id - Of the test; its parts name the directories.
 * @returns Relative to the working directory.
 */
export function makeTemporaryPath(id: string): string {
  const parts = id.split('.');
  const method = parts.pop() ?? '';
  const name = parts.pop() ?? '';
  const folder = join(...[parts.join('.'), name, method].filter((part) => part !== '').map(fileName));
  mkdirSync(folder, { recursive: true });
  return join(mkdtempSync(join(folder, 't')), 'temp');
}

function fileName(part: string): string {
  return part.slice(-LONGEST).replace(/[^\w.$-]/gu, '_');
}
