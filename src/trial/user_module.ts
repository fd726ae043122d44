import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inOneLine } from './in_one_line.js';
import type { Loader } from './load/load.js';
import { isDirectory, isFile } from './load/node_fs.js';
import { UsageError } from './usage_error.js';
import { whyNoFile } from './why_unread.js';

/**
 * Imports a module that the user named: by path from the directory that trial was started in, or as a package.
 *
 * @throws what importing it throws, or UsageError when there is no such module.
 */
export async function importUserModule(name: string, cwd: string, loader: Loader): Promise<object> {
  const file = fileOf(name, cwd);
  return /\.[cm]?ts$/.test(file) ? (await loader.load(file)).exports : loader.importAsItIs(file);
}

function fileOf(name: string, cwd: string): string {
  if (name.startsWith('.') || isAbsolute(name) || name.startsWith('file:')) {
    const file = name.startsWith('file:') ? fileURLToPath(name) : resolve(cwd, name);
    if (!isFile(file)) throw new UsageError(noFile(file));
    return file;
  }
  try {
    return createRequire(join(cwd, 'trial')).resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new UsageError(`there is no package ${name} in ${cwd}; a file is named by its path, such as ./${name}`, {
      cause: error,
    });
  }
}

function noFile(file: string): string {
  if (isDirectory(file)) return `${file} is a folder, not a file`;
  const why = whyNoFile(file);
  return why === undefined ? `there is no file ${file}` : `${file} ${why}`;
}

/** Has a module loaded in its own name: what it does then is charged to it, and that it never ends is seen. */
export type LoadAs = <T>(name: string, load: () => Promise<T>) => Promise<T>;

/**
 * Imports a module that is to be there before the tests.
 *
 * @throws UsageError if it cannot be imported.
 */
export async function preload(name: string, cwd: string, loader: Loader, loadAs: LoadAs): Promise<void> {
  try {
    await loadAs(name, () => importUserModule(name, cwd, loader));
  } catch (error) {
    throw new UsageError(`Cannot import ${name}: ${inOneLine(error, cwd)}`, { cause: error });
  }
}
