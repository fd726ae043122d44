/** What the source of a module says of its classes: seen when it is compiled, kept in the cache. */
export interface ModuleInfo {
  /** The classes at the top level of the module, in the order in which they are written. */
  readonly classes: readonly ClassInfo[];
  /** For names that classes extend and that are imported: local name to `[specifier, imported name]`; `*` is the whole module. */
  readonly imports: Readonly<Record<string, readonly [specifier: string, name: string]>>;
}

/** A class as it is written. */
export interface ClassInfo {
  /** Empty for an anonymous default export. */
  readonly name: string;
  /** From 1. */
  readonly line: number;
  /** Whether the source exports it under any name. */
  readonly exported: boolean;
  /** The base class as written, when that is a name or a dotted name. */
  readonly extendsName?: string;
  /** Names given to the call when the base is one: `B` in `extends mixin(B)`. */
  readonly extendsCallOf?: readonly string[];
  /** Methods whose name is a test's, and that are neither static nor accessors. */
  readonly tests: NamesAndLines;
  /** The names of other such methods. */
  readonly others: readonly string[];
  /** Fields that hold a function and whose name is a test's. */
  readonly fieldTests?: NamesAndLines;
}

/** What a class has of a kind. Two lists, since there may be thousands, which are read at each start. */
export interface NamesAndLines {
  /** By code point. */
  readonly names: readonly string[];
  /** Of each, from 1. */
  readonly lines: readonly number[];
}

export const NO_INFO: ModuleInfo = { classes: [], imports: {} };

/** Whether a method of that name is a test: it begins with `test` and goes on. */
export function isTestName(name: string): boolean {
  return name.length > 4 && name.startsWith('test');
}
