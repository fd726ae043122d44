/** Has V8 compile the functions of a module when it compiles the module, where nearly all of them are going to be called. */
import type { Module } from './graph.js';
import { isOwnName } from './packages.js';
import type { Unit } from './units.js';

const { isBuiltin } = process.getBuiltinModule('node:module');

/** In fewer nobody would notice it. */
const MANY_TESTS = 500;

/**
 * Whether nearly all that importing a module compiles is its tests, and it has many.
 *
 * @param modules - Those which that loads, itself first.
 */
export function isMostlyTests([own, ...others]: readonly Module[]): boolean {
  if (own === undefined || !hasManyTests(own.unit)) return false;
  let rest = own.unit.facts.length;
  for (const { unit } of others) {
    // How long one is that runs as it lies on disk is not known.
    if (unit.facts.length < 0) return false;
    rest -= unit.facts.length;
  }
  return rest >= 0 && [own, ...others].every(importsNoPackage);
}

/** Whether a module has so many tests that it is worth while. */
export function hasManyTests({ facts }: Unit): boolean {
  return facts.info.classes.reduce((count, { tests }) => count + tests.names.length, 0) >= MANY_TESTS;
}

/** Of a package most is never called; of this one all that is called is loaded already. */
function importsNoPackage({ targets }: Module): boolean {
  for (const [site, target] of targets) {
    if (site[0] !== 'static' || target.kind === 'file') continue;
    if (!isBuiltin(site[3]) && !isOwnName(site[3])) return false;
  }
  return true;
}

let isEager = false;

/**
 * From now on V8 compiles functions with the module that they are in. Otherwise it would parse each of them twice, and stop
 * for each when it is called first, which takes longer than the tests of a large module.
 *
 * What Node keeps of compiled code from run to run is of use under the same flag only: so it is for the one module alone
 * where Node tells us what it loads, and elsewhere, where it keeps nothing, for one and what it imports.
 */
export function beginEager(): void {
  isEager = true;
  process.getBuiltinModule('node:v8').setFlagsFromString('--no-lazy');
}

/** Ends what `beginEager` began, if it did. */
export function endEager(): void {
  if (!isEager) return;
  isEager = false;
  process.getBuiltinModule('node:v8').setFlagsFromString('--lazy');
}
