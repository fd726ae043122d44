import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CompiledCode } from '../code_cache.js';
import { Caches } from './cache.js';

/** Keeps the runner's own compiled code for the runs to come, beside the compiled text of modules. */
export function keepCode(all: readonly CompiledCode[]): void {
  const cache = new Caches(undefined).of(dirname(fileURLToPath(import.meta.url)));
  // Of a package that nobody may write to, none would be found again.
  if (!cache.besideSource) return;
  // Node does not notice that code is damaged: it runs it.
  for (const { name, data } of all) cache.write(name, data, { flush: true });
}
