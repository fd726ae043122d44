import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nearest } from '../discover/nearest.js';
import { orList } from '../discover/problems.js';
import { LEAK_KINDS } from '../leaks/made.js';
import { UsageError } from '../usage_error.js';

/** A kind, or a package; several in one text are none. */
const NAME = /^(?:@[^@/\\,;\s]+\/)?[^@/\\,;\s]+$/;

/** In shorter names every other one is near. */
const SHORTEST = 4;

/**
 * Looks for spelling mistakes in what `allowLeaks` names. Any package may be named: of a name that is nearly a kind's, it is
 * one that is installed.
 *
 * @throws UsageError if there is one.
 */
export function checkLeakNames(names: readonly string[], cwd: string): void {
  for (const name of names) {
    if (!NAME.test(name)) {
      throw new UsageError(
        `Cannot allow leaks of '${name}': that is neither a kind nor the name of a package. Name each one by itself.`,
      );
    }
    if (name.length < SHORTEST || (LEAK_KINDS as readonly string[]).includes(name)) continue;
    const meant = nearest(name, LEAK_KINDS);
    if (meant.length === 0 || isInstalled(name, cwd)) continue;
    throw new UsageError(
      `Cannot allow leaks of '${name}': no package of that name is installed. Did you mean ${orList(meant)}?`,
    );
  }
}

function isInstalled(name: string, cwd: string): boolean {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const packages = join(folder, 'node_modules');
    // pnpm has those that others need there.
    if (existsSync(join(packages, name)) || existsSync(join(packages, '.pnpm', 'node_modules', name))) return true;
    if (folder === dirname(folder)) return false;
  }
}
