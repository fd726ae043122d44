import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** Longer parts of a path are cut, as in Twisted: some systems' paths are short, those of UNIX sockets above all. */
const LONGEST = 32;

/**
 * A path that does not exist yet, below a directory of the test's own that does.
 *
 * @param id - Of the test; its parts name the directories.
 * @returns Relative to the working directory.
 * @throws Error when that is gone.
 */
export function makeTemporaryPath(id: string): string {
  const parts = id.split('.');
  const method = parts.pop() ?? '';
  const name = parts.pop() ?? '';
  const folder = join(...[parts.join('.'), name, method].filter((part) => part !== '').map(fileName));
  requireWorkingDirectory();
  mkdirSync(folder, { recursive: true });
  return join(mkdtempSync(join(folder, 't')), 'temp');
}

/** Below one that is gone Node tries to make directories for ever, and nothing can stop it. */
function requireWorkingDirectory(): void {
  try {
    realpathSync.native('.');
  } catch (cause) {
    throw new Error('The working directory is gone: some test has removed it.', { cause });
  }
}

function fileName(part: string): string {
  return part.slice(-LONGEST).replace(/[^\w.$-]/gu, '_');
}
