import { isCompiledExtension, isModuleExtension } from './extensions.js';
import { fingerprint } from './fingerprint.js';
import type { Resolved } from './resolve.js';
import type { Site } from './sites.js';
import type { Unit, Units } from './units.js';

/** A module of the user's in the graph of imports. */
export interface Module {
  readonly unit: Unit;
  /** What each static and dynamic site of `unit.facts.sites` means. */
  readonly targets: ReadonlyMap<Site, Resolved>;
}

/** A module whose own text cannot be run as it lies on disk, with the name of the text that can. */
export interface NamedModule extends Module {
  /** Stands for the module, its content and that of all it imports, so that a text of that name never changes. */
  readonly name: string;
}

/** The modules reached from some module, read and compiled. */
export class Graph {
  readonly #units: Units;
  readonly #modules = new Map<string, Module>();
  readonly #broken = new Map<string, unknown>();

  constructor(units: Units) {
    this.#units = units;
  }

  /** The module of a file that was added. */
  get(file: string): Module | undefined {
    return this.#modules.get(file);
  }

  /** Why a file that was added is no module; undefined when it is one. */
  whyBroken(file: string): unknown {
    return this.#broken.get(file);
  }

  /** Adds files and all that they import. Those not in the cache are compiled at once. */
  async add(files: readonly string[]): Promise<void> {
    let open = files;
    while (open.length > 0) {
      const found: string[] = [];
      const waiting: Promise<void>[] = [];
      for (const file of open) {
        const unit = this.#attempt(file, () => this.#units.get(file));
        if (unit instanceof Promise) {
          waiting.push(
            unit.then(
              (ready) => this.#addUnit(ready, found),
              (error: unknown) => void this.#broken.set(file, error),
            ),
          );
        } else if (unit !== undefined) {
          this.#addUnit(unit, found);
        }
      }
      if (waiting.length > 0) await Promise.all(waiting);
      open = found;
    }
  }

  /** As `add`, while everything waits. */
  addSync(file: string): void {
    const open = [file];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const wanted = next;
      const unit = this.#attempt(wanted, () => this.#units.getSync(wanted));
      if (unit !== undefined) this.#addUnit(unit, open);
    }
  }

  #attempt<T>(file: string, get: () => T): T | undefined {
    try {
      return get();
    } catch (error) {
      this.#broken.set(file, error);
      return undefined;
    }
  }

  #addUnit(unit: Unit, open: string[]): void {
    if (this.#modules.get(unit.file)?.unit === unit) return;
    const targets = new Map<Site, Resolved>();
    const { sites } = unit.facts;
    for (const site of sites) {
      if (site[0] !== 'static' && site[0] !== 'dynamic') continue;
      const target = this.#units.resolve(site[3], unit.file, unit.cache.besideSource);
      targets.set(site, target);
      if (target.kind === 'file' && isModuleExtension(target.file)) open.push(target.file);
    }
    this.#modules.set(unit.file, { unit, targets });
  }
}

/** The modules that importing a file loads, itself first. */
export function reachableFrom(file: string, graph: Graph): Module[] {
  const modules: Module[] = [];
  const open = [file];
  const seen = new Set(open);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const module = graph.get(next);
    if (module === undefined) continue;
    modules.push(module);
    for (const target of module.targets.values()) {
      if (target.kind !== 'file' || seen.has(target.file)) continue;
      seen.add(target.file);
      open.push(target.file);
    }
  }
  return modules;
}

/**
 * Names the modules reached from `file` that do not run as they lie on disk: those that are compiled, and those that import
 * such a one, or a name that Node does not know. Modules that import each other get their names from all of their contents together (Tarjan's components).
 */
export function nameModules(graph: Graph, file: string, names: Map<string, NamedModule | undefined>): void {
  if (names.has(file)) return;
  const index = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];

  const visit = (at: string): void => {
    const module = graph.get(at);
    if (module === undefined) return;
    const order = index.size;
    index.set(at, order);
    lowest.set(at, order);
    stack.push(at);
    for (const target of module.targets.values()) {
      if (target.kind !== 'file' || names.has(target.file)) continue;
      const seen = index.get(target.file);
      if (seen === undefined) {
        visit(target.file);
        lowest.set(at, Math.min(lowest.get(at) ?? 0, lowest.get(target.file) ?? order));
      } else {
        lowest.set(at, Math.min(lowest.get(at) ?? 0, seen));
      }
    }
    if (lowest.get(at) !== order) return;
    const component = stack.splice(stack.indexOf(at));
    nameComponent(graph, component, names);
  };
  visit(file);
}

function nameComponent(graph: Graph, component: readonly string[], names: Map<string, NamedModule | undefined>): void {
  const members = new Set(component);
  let needed = false;
  const lines: string[] = [];
  for (const file of [...component].sort()) {
    const module = graph.get(file);
    if (module === undefined) continue;
    needed ||= isCompiledExtension(file);
    lines.push(file, module.unit.key);
    for (const target of module.targets.values()) {
      if (target.kind === 'as is') lines.push('-');
      else if (target.kind === 'url') {
        needed ||= target.substitute === true;
        lines.push(target.url);
      } else {
        const named = members.has(target.file) ? undefined : names.get(target.file);
        needed ||= named !== undefined;
        lines.push(target.file, named?.name ?? '');
      }
    }
  }
  if (!needed) {
    for (const file of component) names.set(file, undefined);
    return;
  }
  const digest = fingerprint(lines.join('\n'));
  for (const file of component) {
    const module = graph.get(file);
    if (module !== undefined) names.set(file, { ...module, name: fingerprint(`${digest}\n${file}`) });
  }
}
