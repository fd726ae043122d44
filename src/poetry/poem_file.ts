import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Mistake } from './mistake.js';

/**
 * The poems that ship with this package; all are in the public domain.
 *
 * The source and each folder of the build lie two folders below the package's root.
 */
const shippedPoems = fileURLToPath(new URL('../../src/poetry/poems/', import.meta.url));

/**
 * Reads a poem from a file, or the one of that name that ships with the package.
 *
 * @throws Mistake if there is neither, or the file cannot be read.
 */
export function readPoem(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && file === basename(file)) {
      const names = readdirSync(shippedPoems);
      if (names.includes(file)) return readFileSync(join(shippedPoems, file));
      throw new Mistake(
        `Cannot read ${file}: there is no such file. These poems can be had anywhere: ${names.sort().join(', ')}.`,
      );
    }
    if (code === 'ENOENT') throw new Mistake(`Cannot read ${file}: there is no such file.`);
    if (code === 'EISDIR') throw new Mistake(`Cannot read ${file}: it is a folder. Name a file that holds one poem.`);
    throw new Mistake(`Cannot read ${file}: ${(error as Error).message}.`);
  }
}
