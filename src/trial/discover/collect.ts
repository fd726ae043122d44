import { attributesOf } from '../case/attributes.js';
import { byCodePoint, sortedByCodePoint } from '../code_points.js';
import { type ClassInfo, isTestName, type ModuleInfo, type NamesAndLines } from '../load/module_info.js';
import type { SuiteTest, TestClass } from '../run/suite.js';
import { isTestClass, prototypesOf } from './marks.js';
import { isShownAsItIs, shownName } from './shown_name.js';

const NONE: NamesAndLines = { names: [], lines: [] };

/** A module that was loaded. */
export interface FoundModule {
  /** Dotted. */
  readonly id: string;
  /** Absolute path. */
  readonly file: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly info: ModuleInfo;
}

/** A class of tests of a module. */
export interface FoundClass {
  /** Its own name; of an anonymous one that under which it is exported. */
  readonly name: string;
  readonly exportName: string;
  readonly testClass: TestClass;
  /** Where it is written, when that is in this module. */
  readonly line?: number;
  /** By name. */
  readonly tests: readonly SuiteTest[];
}

/** The exported classes with tests of a module, by name. A class under two names is one class. */
export function collect(module: FoundModule): FoundClass[] {
  const found = new Map<TestClass, string>();
  for (const [exportName, value] of exportsOf(module.exports)) {
    if (isTestClass(value) && !found.has(value)) found.set(value, exportName);
  }
  const classes: FoundClass[] = [];
  const names = new Set<string>();
  for (const [testClass, exportName] of found) {
    const own = ownName(testClass);
    const written = own === '' || names.has(shownName(own)) ? exportName : own;
    const shown = shownName(written);
    let name = shown;
    for (let n = 2; names.has(name); n++) name = `${shown}_${n}`;
    names.add(name);
    const tests = testsOf(module, testClass, name, written);
    const line = module.info.classes.find((each) => each.name === written)?.line;
    if (tests.length > 0) classes.push({ name, exportName, testClass, ...(line === undefined ? {} : { line }), tests });
  }
  return classes.sort((a, b) => byCodePoint(a.name, b.name));
}

/** What a module exports; a name that is not there yet, in a cycle of imports, is left out. */
export function* exportsOf(exports: Readonly<Record<string, unknown>>): Generator<[name: string, value: unknown]> {
  for (const name of Object.keys(exports)) {
    let value: unknown;
    try {
      value = exports[name];
    } catch {
      continue;
    }
    yield [name, value];
  }
}

function ownName(testClass: TestClass): string {
  const { name } = testClass as { name?: unknown };
  // A static member may be called `name`; `default` is what an anonymous default export gets from the language.
  return typeof name === 'string' && name !== 'default' ? name : '';
}

function testsOf(module: FoundModule, testClass: TestClass, shown: string, className: string): SuiteTest[] {
  const { file, exports } = module;
  const { names, lines } = namesOfTests(module.info, prototypesOf(testClass), className);
  const attributes = attributesOf(exports);
  const prefix = `${module.id}.${shown}.`;
  // Asked once for thousands.
  const isPlain = isShownAsItIs(names.join(''));
  return names.map((methodName, i) => {
    const line = lines[i];
    const id = prefix + (isPlain ? methodName : shownName(methodName));
    return line === undefined
      ? { kind: 'test', id, file, module: attributes, testClass, methodName }
      : { kind: 'test', id, file, line, module: attributes, testClass, methodName };
  });
}

/** By code point. */
interface TestNames {
  readonly names: readonly string[];
  /** Of each, as far as that is in this module. */
  readonly lines: readonly (number | undefined)[];
}

function namesOfTests(info: ModuleInfo, prototypes: readonly object[], className: string): TestNames {
  const [prototype, ...bases] = prototypes;
  // Most classes have what is written in them and nothing else: of thousands each step costs milliseconds.
  if (prototype !== undefined && bases.length === 0) {
    const asWritten = info.classes.find((each) => each.name === className && hasJustTheseTests(prototype, each));
    if (asWritten !== undefined) return asWritten.tests;
  }
  const written = writtenOf(info, prototypes, className);
  const names = methodNames(prototypes);
  const lines = new Map<string, number>();
  for (const { tests, fieldTests } of written) {
    // A field's function is seen in the source only.
    for (const field of fieldTests?.names ?? []) names.add(field);
    for (const { names: each, lines: numbers } of [tests, fieldTests ?? NONE]) {
      for (const [i, name] of each.entries()) if (!lines.has(name)) lines.set(name, numbers[i] ?? 0);
    }
  }
  const sorted = sortedByCodePoint(names);
  return { names: sorted, lines: sorted.map((name) => lines.get(name)) };
}

/** Whether a class's methods that are tests are those of its source, each a function. */
function hasJustTheseTests(prototype: object, { tests, fieldTests }: ClassInfo): boolean {
  if (fieldTests !== undefined) return false;
  let count = 0;
  for (const name of Object.getOwnPropertyNames(prototype)) if (isTestName(name)) count += 1;
  return count === tests.names.length && tests.names.every((name) => isMethod(prototype, name));
}

function isMethod(prototype: object, name: string): boolean {
  return typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === 'function';
}

/** Names that are a function somewhere in the chain: one that is overridden with null still is a test, and errs. */
function methodNames(prototypes: readonly object[]): Set<string> {
  const tests = new Set<string>();
  const accessors = new Set<string>();
  for (const prototype of prototypes) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      if (!isTestName(name)) continue;
      const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
      if (descriptor?.get !== undefined || descriptor?.set !== undefined) accessors.add(name);
      else if (typeof descriptor?.value === 'function' && !accessors.has(name)) tests.add(name);
    }
  }
  return tests;
}

/** What the module's source has of a class and its bases, the class first. */
function writtenOf(info: ModuleInfo, prototypes: readonly object[], className: string): ClassInfo[] {
  const written: ClassInfo[] = [];
  for (const [i, prototype] of prototypes.entries()) {
    const name = i === 0 ? className : ownName((prototype as { constructor: TestClass }).constructor);
    const found = info.classes.find((candidate) => candidate.name === name && agrees(candidate, prototype));
    if (found !== undefined) written.push(found);
  }
  return written;
}

/** A class of the same name may come from elsewhere: then its methods are others. */
function agrees(written: ClassInfo, prototype: object): boolean {
  return [...written.tests.names, ...written.others].every((name) => Object.hasOwn(prototype, name));
}
