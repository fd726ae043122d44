import { sortedByCodePoint } from '../code_points.js';
import { isTestName, type ModuleInfo, type NamesAndLines } from './module_info.js';

/** What a compiler's syntax tree says of a module. */
export interface Scan {
  /** What the module's own syntax makes it; undefined: it says nothing. */
  readonly syntax: 'module' | 'commonjs' | undefined;
  /** Whether it holds what only a module may: `import.meta`, or `await` outside of a function. */
  readonly moduleOnly: boolean;
  /** Names that it exports, as far as they can be seen. */
  readonly exports: readonly string[];
  readonly info: ModuleInfo;
}

/** Gathers what a walk over the statements of a module finds; knows no compiler. */
export class ScanBuilder {
  readonly classes: FoundClass[] = [];
  readonly imports = new Map<string, readonly [specifier: string, name: string]>();
  /** Local name to exported ones. */
  readonly exported = new Map<string, string[]>();
  readonly #names = new Set<string>();
  hasModuleSyntax = false;
  hasCommonjsSyntax = false;
  moduleOnly = false;

  exportName(name: string, local?: string): void {
    this.#names.add(name);
    if (local === undefined) return;
    const names = this.exported.get(local);
    if (names === undefined) this.exported.set(local, [name]);
    else names.push(name);
  }

  finish(): Scan {
    const bases = new Set<string>();
    const classes = this.classes.map(({ exported, variable, methods, fieldTests, ...found }) => {
      for (const name of [found.extendsName, ...(found.extendsCallOf ?? [])]) if (name !== undefined) bases.add(name);
      return {
        ...found,
        ...membersOf(methods, fieldTests),
        exported: exported || this.exported.has(variable ?? found.name),
      };
    });
    const imports: Record<string, readonly [string, string]> = {};
    for (const base of bases) {
      const [local = base] = base.split('.');
      const imported = this.imports.get(local);
      if (imported !== undefined) imports[local] = imported;
    }
    return {
      syntax: this.hasModuleSyntax ? 'module' : this.hasCommonjsSyntax ? 'commonjs' : undefined,
      moduleOnly: this.moduleOnly,
      exports: [...this.#names],
      info: { classes, imports },
    };
  }
}

/** A class on its way to a ClassInfo: exported says only whether its own statement does so. */
export interface FoundClass {
  readonly name: string;
  readonly line: number;
  readonly exported: boolean;
  /** That holds it, where that has another name. */
  readonly variable?: string;
  readonly extendsName?: string;
  readonly extendsCallOf?: readonly string[];
  /** Lines, by name, of methods that are neither static nor accessors. */
  readonly methods: ReadonlyMap<string, number>;
  /** Lines, by name, of fields that hold a function and whose name is a test's. */
  readonly fieldTests: ReadonlyMap<string, number>;
}

function membersOf(methods: ReadonlyMap<string, number>, fieldTests: ReadonlyMap<string, number>) {
  const names = [...methods.keys()];
  return {
    tests: withLines(names.filter(isTestName), methods),
    others: names.filter((name) => !isTestName(name)),
    ...(fieldTests.size > 0 ? { fieldTests: withLines([...fieldTests.keys()], fieldTests) } : {}),
  };
}

function withLines(names: readonly string[], lines: ReadonlyMap<string, number>): NamesAndLines {
  const sorted = sortedByCodePoint(names);
  return { names: sorted, lines: sorted.map((name) => lines.get(name) ?? 0) };
}

/** The line, from 1, of each position in a text. */
export class LineTable {
  readonly #starts: number[] = [0];

  constructor(text: Uint8Array | string) {
    if (typeof text === 'string') {
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
    } else {
      for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) this.#starts.push(at + 1);
    }
  }

  lineAt(position: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= position) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** From 1. */
  columnAt(position: number): number {
    return position - (this.#starts[this.lineAt(position) - 1] ?? 0) + 1;
  }
}
