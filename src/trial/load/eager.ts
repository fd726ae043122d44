/** Has V8 compile the functions of a module when it compiles the module, where nearly all of them are going to be called. */
import type { Module } from './graph.js';
import { isOwnName } from './packages.js';

const { isBuiltin } = process.getBuiltinModule('node:module');

/** In fewer nobody would notice it. */
const MANY_TESTS = 500;

/**
 * Whether nearly all that importing a module compiles is its tests, and it has many.
 *
 * @param modules - Those which that loads, itself first.
 */
export function isMostlyTests([own, ...others]: readonly Module[]): boolean {
  if (own === undefined || testsIn(own) < MANY_TESTS) return false;
  let rest = own.unit.facts.length;
  for (const { unit } of others) {
    // How long one is that runs as it lies on disk is not known.
    if (unit.facts.length < 0) return false;
    rest -= unit.facts.length;
  }
  return rest >= 0 && [own, ...others].every(importsNoPackage);
}

function testsIn({ unit }: Module): number {
  return unit.facts.info.classes.reduce((count, { tests }) => count + tests.names.length, 0);
}

/** Of a package most is never called; of this one all that is called is loaded already. */
function importsNoPackage({ targets }: Module): boolean {
  for (const [site, target] of targets) {
    if (site[0] !== 'static' || target.kind === 'file') continue;
    if (!isBuiltin(site[3]) && !isOwnName(site[3])) return false;
  }
  return true;
}

/**
 * Loads a module, with the functions of it and of all that is loaded meanwhile compiled at once: V8 would parse each of them
 * twice otherwise, and stop for each when it is called first, which takes longer than the tests of a large module.
 *
 * Node up to 22.14 only: newer ones keep what they have compiled from run to run, and what was kept under another flag they refuse.
 */
export async function compiledAtOnce<T>(load: () => Promise<T>): Promise<T> {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString('--no-lazy');
  try {
    return await load();
  } finally {
    setFlagsFromString('--lazy');
  }
}
