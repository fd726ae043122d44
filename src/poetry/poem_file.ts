import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Mistake } from './mistake.js';
import { describeSystemError } from './system_error.js';

/**
 * The poems that ship with this package; all are in the public domain.
 *
 * The source and each folder of the build lie two folders below the package's root.
 */
const shippedPoems = fileURLToPath(new URL('../../src/poetry/poems/', import.meta.url));

/**
 * Reads a poem from a file, or the one of that name that ships with the package.
 *
 * @param file - May be `/dev/stdin`, or a pipe that is open already: `<(…)` of a shell.
 * @throws Mistake if there is neither, or the file cannot be read.
 */
export function readPoem(file: string): Buffer {
  if (file === '') throw new Mistake(`Cannot read '': this is no name of a file. ${ONE_POEM}`);
  try {
    refuseWhatNeverEnds(file);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Mistake) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && file === basename(file)) {
      const names = readdirSync(shippedPoems);
      if (names.includes(file)) return readFileSync(join(shippedPoems, file));
      throw new Mistake(
        `Cannot read ${file}: there is no such file. These poems can be had anywhere: ${names.sort().join(', ')}.`,
      );
    }
    if (code === 'ENOENT') throw new Mistake(`Cannot read ${file}: there is no such file.`);
    throw new Mistake(`Cannot read ${file}: ${describeSystemError(error as Error)}.`);
  }
}

const ONE_POEM = 'Name a file that holds one poem.';

function refuseWhatNeverEnds(file: string): void {
  const stats = statSync(file);
  if (stats.isDirectory()) throw new Mistake(`Cannot read ${file}: it is a folder. ${ONE_POEM}`);
  if (stats.isFile() || /^\/(?:dev\/stdin|dev\/fd|proc)\b/.test(file)) return;
  // A pipe with a name waits for a writer who may never come; a device such as /dev/zero has no end.
  const what = stats.isFIFO() ? 'a pipe' : stats.isSocket() ? 'a socket' : 'a device';
  throw new Mistake(`Cannot read ${file}: it is ${what}. ${ONE_POEM}`);
}
