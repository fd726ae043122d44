import { type ClassInfo, isTestName } from '../load/module_info.js';
import type { FoundModule } from './collect.js';
import { exportsOf } from './collect.js';
import { isTestBase, prototypesOf } from './marks.js';

/** Gives what a specifier in a module stands for: the exports of the module that it names. */
export type ImportedExports = (specifier: string) => Promise<Readonly<Record<string, unknown>>>;

/**
 * The classes of a module that have tests and that trial cannot see, since they are not exported.
 *
 * A class that an exported one extends is no mistake.
 */
export async function unexportedClasses(module: FoundModule, imported: ImportedExports): Promise<ClassInfo[]> {
  const { classes } = module.info;
  const hidden = classes.filter((written) => !written.exported && written.name !== '');
  if (hidden.length === 0) return [];
  const reached = reachedNames(module);
  const found: ClassInfo[] = [];
  for (const written of hidden) {
    if (reached.has(written.name)) continue;
    if (await isTestClassWithTests(written, module, imported)) found.push(written);
  }
  return found;
}

/** Names of classes that are exported when it comes to running, and of those they extend. */
function reachedNames({ exports, info }: FoundModule): Set<string> {
  const reached = new Set<string>();
  for (const [, value] of exportsOf(exports)) {
    for (
      let at: unknown = value;
      typeof at === 'function' && at !== Function.prototype;
      at = Object.getPrototypeOf(at)
    ) {
      if (typeof at.name === 'string') reached.add(at.name);
    }
  }
  // Mixins give classes of other names.
  const open = info.classes.filter(({ exported, name }) => exported || reached.has(name));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const base of basesOf(next)) {
      const written = info.classes.find(({ name }) => name === base);
      if (written === undefined || reached.has(base)) continue;
      reached.add(base);
      open.push(written);
    }
  }
  return reached;
}

function basesOf({ extendsName, extendsCallOf = [] }: ClassInfo): readonly string[] {
  return extendsName === undefined ? extendsCallOf : [extendsName];
}

interface Nature {
  readonly isTestClass: boolean;
  readonly hasTests: boolean;
}

async function isTestClassWithTests(
  written: ClassInfo,
  module: FoundModule,
  imported: ImportedExports,
): Promise<boolean> {
  let hasTests = false;
  let isTestClass = false;
  const seen = new Set<ClassInfo>();
  const open = [written];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    hasTests ||= next.tests.names.length > 0 || next.fieldTests !== undefined;
    for (const base of basesOf(next)) {
      const local = module.info.classes.find(({ name }) => name === base);
      if (local !== undefined) {
        open.push(local);
      } else {
        const nature = await natureOf(base, module, imported);
        isTestClass ||= nature.isTestClass;
        hasTests ||= nature.hasTests;
      }
    }
  }
  return isTestClass && hasTests;
}

/** What a base class is that is not written in the module. */
async function natureOf(base: string, { info }: FoundModule, imported: ImportedExports): Promise<Nature> {
  const [local = '', ...members] = base.split('.');
  const from = info.imports[local];
  if (from === undefined)
    return { isTestClass: base === 'TestCase' || base === 'SynchronousTestCase', hasTests: false };
  const [specifier, name] = from;
  const path = name === '*' ? members : [name, ...members];
  if (specifier === 'txtrial')
    return { isTestClass: /^(?:Synchronous)?TestCase$/.test(path.at(-1) ?? ''), hasTests: false };
  let value: unknown;
  try {
    value = await imported(specifier);
  } catch {
    // It names something that this module never asked for, or had in another way: then it tells nothing.
    return { isTestClass: false, hasTests: false };
  }
  for (const member of path) {
    value =
      typeof value === 'object' || typeof value === 'function'
        ? (value as Record<string, unknown> | null)?.[member]
        : undefined;
  }
  if (!isTestBase(value)) return { isTestClass: false, hasTests: false };
  const names = prototypesOf(value as never).flatMap((prototype) => Object.getOwnPropertyNames(prototype));
  return { isTestClass: true, hasTests: names.some(isTestName) };
}
