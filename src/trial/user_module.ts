import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { userStack } from '../internet/stack_text.js';
import type { Loader } from './load/load.js';
import { UsageError } from './usage_error.js';

/**
 * Imports a module that the user named: by path from the directory that trial was started in, or as a package.
 *
 * @throws what importing it throws.
 */
export async function importUserModule(name: string, cwd: string, loader: Loader): Promise<object> {
  const isPath = name.startsWith('.') || isAbsolute(name) || name.startsWith('file:');
  if (!isPath) return import(pathToFileURL(createRequire(join(cwd, 'trial')).resolve(name)).href) as Promise<object>;
  const file = name.startsWith('file:') ? new URL(name).pathname : resolve(cwd, name);
  if (/\.[cm]?ts$/.test(file)) return (await loader.load(file)).exports;
  return import(pathToFileURL(file).href) as Promise<object>;
}

/**
 * Imports a module that is to be there before the tests.
 *
 * @throws UsageError if it cannot be imported.
 */
export async function preload(name: string, cwd: string, loader: Loader): Promise<void> {
  try {
    await importUserModule(name, cwd, loader);
  } catch (error) {
    const text = error instanceof Error ? userStack(error.stack ?? String(error)) : String(error);
    throw new UsageError(`Cannot import ${name}: ${text}`, { cause: error });
  }
}
