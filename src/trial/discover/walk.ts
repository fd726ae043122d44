import type { Dirent } from 'node:fs';
import { basename, join } from 'node:path';
import { fs, isFile } from '../load/node_fs.js';

const TEST_FILE = /^test_.*\.[mc]?[jt]s$|\.(?:test|spec)\.(?:[mc]?[jt]s|[jt]sx)$/;
const MODULE_FILE = /\.(?:[mc]?[jt]s|[jt]sx)$/;
const DECLARATIONS = /\.d\.(?:[mc]?ts|[^.]+\.ts)$/;

/** Whether a folder gives it: `test_*`, `*.test.*` and `*.spec.*`. */
export function isTestFile(name: string): boolean {
  return TEST_FILE.test(name) && !DECLARATIONS.test(name);
}

/** Whether it can be loaded. */
export function isModuleFile(name: string): boolean {
  return MODULE_FILE.test(name) && !DECLARATIONS.test(name);
}

/** Whether nothing in a folder of that name is the user's own. */
export function isForeignFolder(name: string): boolean {
  return name === 'node_modules' || name.startsWith('.') || name.startsWith('_trial_temp');
}

/**
 * The test files of a folder, in no certain order.
 *
 * @param recurse - Whether those of its sub-folders as well.
 * @param without - Absolute path of a folder to be left out.
 */
export function walk(folder: string, recurse: boolean, without: string): string[] {
  const files: string[] = [];
  const open = [folder];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const entry of entriesOf(at)) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (recurse && !isForeignFolder(entry.name) && path !== without) open.push(path);
      } else if (isTestFile(entry.name) && (entry.isFile() || isFile(path))) {
        files.push(path);
      }
    }
  }
  return files;
}

/** The names in a folder, in no certain order; none when it cannot be read. */
export function entriesOf(folder: string): readonly Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** The name of a module file without its extension. */
export function stemOf(file: string): string {
  return basename(file).replace(MODULE_FILE, '');
}
