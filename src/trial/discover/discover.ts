import { resolve } from 'node:path';
import { partOf } from '../life/errors.js';
import type { Loader } from '../load/load.js';
import type { Options } from '../options/options.js';
import type { Suite, SuiteProblem, SuiteTest } from '../run/suite.js';
import { shownPath } from '../shown_path.js';
import { collect, type FoundClass, type FoundModule } from './collect.js';
import type { Loading } from './loading.js';
import { ModuleIds } from './module_id.js';
import { nearest } from './nearest.js';
import { inOrder, inRandomOrder } from './order.js';
import { andList, loadProblem, orList, unreadProblem, usageProblem } from './problems.js';
import { type Place, resolveSelector, type Wanted } from './selectors.js';
import { shownName } from './shown_name.js';
import { unexportedClasses } from './unexported.js';
import type { Walked } from './walk.js';

/** A module as far as it could be loaded. */
interface Seen {
  readonly classes: readonly FoundClass[];
  readonly problems: readonly SuiteProblem[];
  readonly module?: FoundModule;
  /** Those of the problems that are about a class of that name which is not exported. */
  readonly unexported?: ReadonlyMap<string, SuiteProblem>;
}

/**
 * Finds the tests that were asked for, in the order in which they are to run.
 *
 * Never rejects for what is in the user's files: what cannot be found or loaded is in the suite, as a problem, and so is
 * what else went wrong while modules were loaded.
 */
export async function discover(loader: Loader, options: Options, loading: Loading): Promise<Suite> {
  const { cwd, recurse, grep, randomSeed } = options;
  const tempDirectory = resolve(cwd, options.tempDirectory);
  const ids = new ModuleIds(cwd);
  const wanted: [selector: string, Wanted][] = [];
  for (const selector of options.selectors) {
    wanted.push([selector, await resolveSelector(selector, { cwd, recurse, tempDirectory }, ids)]);
  }
  await loader.prepare([...new Set(wanted.flatMap(([, want]) => filesOf(want)))]);
  const finder = new Finder(loader, options, loading, ids);
  for (const [selector, want] of wanted) await finder.add(selector, want);
  await loading.settled();
  const strays = loading.takeProblems();
  const found = [...(strays.length === 0 ? finder.suite : finder.suiteBut(strays)), ...strays];
  const suite = grep === undefined ? found : matching(found, grep);
  return randomSeed === undefined ? suite : inRandomOrder(suite, randomSeed);
}

function filesOf(wanted: Wanted): readonly string[] {
  if (wanted.kind === 'file') return wanted.places.map(({ file }) => file);
  return wanted.kind === 'files' ? wanted.files : [];
}

/** What a part of an argument gives. */
interface Found {
  readonly tests: readonly SuiteTest[];
  readonly problems: readonly SuiteProblem[];
}

/** Puts the suite together, argument by argument; what overlaps comes once. */
class Finder {
  readonly suite: (SuiteTest | SuiteProblem)[] = [];
  readonly #loader: Loader;
  readonly #options: Options;
  readonly #loading: Loading;
  readonly #ids: ModuleIds;
  readonly #seen = new Map<string, Seen>();
  readonly #taken = new Set<string>();
  /** What is in the suite; made when something may come again. */
  #added: Set<SuiteTest | SuiteProblem> | undefined;
  /** Of those that say that there is no test: in which files. */
  readonly #testless = new Map<SuiteTest | SuiteProblem, readonly string[]>();

  constructor(loader: Loader, options: Options, loading: Loading, ids: ModuleIds) {
    this.#loader = loader;
    this.#options = options;
    this.#loading = loading;
    this.#ids = ids;
  }

  async add(selector: string, wanted: Wanted): Promise<void> {
    switch (wanted.kind) {
      case 'nothing':
        this.#push([usageProblem(selector, wanted.message)]);
        break;
      case 'files':
        await this.#addFiles(selector, wanted);
        break;
      case 'file':
        this.#push(await this.#inPlaces(selector, wanted.places));
        break;
      default:
        wanted satisfies never;
    }
  }

  /** Without what says that there is no test in a file which one of these problems is about. */
  suiteBut(problems: readonly SuiteProblem[]): (SuiteTest | SuiteProblem)[] {
    const troubled = new Set(problems.map(({ event }) => event.id));
    return this.suite.filter((entry) => !this.#testless.get(entry)?.some((file) => troubled.has(file)));
  }

  async #addFiles(selector: string, { files, unread }: Walked): Promise<void> {
    for (const { file, why } of unread) {
      const shown = shownPath(file, this.#options.cwd);
      this.#push([usageProblem(shown, `${shown} ${why}`)]);
    }
    let found = unread.length > 0;
    for (const file of files) {
      const { classes, problems } = await this.#see(file);
      found ||= classes.length > 0 || problems.length > 0;
      this.#push([...problems, ...testsOf(classes)]);
    }
    if (found) return;
    const shown = files.map((file) => shownPath(file, this.#options.cwd));
    const problem = usageProblem(selector, this.#nothingIn(selector, shown));
    this.#testless.set(problem, shown);
    this.#push([problem]);
  }

  #nothingIn(selector: string, shown: readonly string[]): string {
    if (shown.length > 0) {
      return `No test is found in ${selector}: ${andList(shown, 3)} ${shown.length === 1 ? 'exports' : 'export'} no class that extends TestCase and has a method test…`;
    }
    return `No test file is found in ${selector}: trial looks for test_*, *.test.* and *.spec.* with .ts, .mts, .cts, .js, .mjs or .cjs`;
  }

  /** What is named in the first of the places that has it; if none has, what is wrong with the first. */
  async #inPlaces(selector: string, places: readonly Place[]): Promise<readonly (SuiteTest | SuiteProblem)[]> {
    let wrong: readonly SuiteProblem[] | undefined;
    for (const place of places) {
      const { tests, problems } = await this.#inFile(selector, place);
      if (tests.length > 0) return [...problems, ...tests];
      wrong ??= problems;
    }
    return wrong ?? [];
  }

  async #inFile(selector: string, { file, name }: Place): Promise<Found> {
    const seen = await this.#see(file);
    const { classes, problems, module } = seen;
    if (module === undefined) return { tests: [], problems };
    if (name === '') {
      if (classes.length > 0 || problems.length > 0) return { tests: testsOf(classes), problems };
      const where = shownPath(file, this.#options.cwd);
      const message = `No test is found in ${where}: export a class that extends TestCase and has a method test…`;
      const problem = usageProblem(selector, message);
      this.#testless.set(problem, [where]);
      return { tests: [], problems: [problem] };
    }
    const found = named(name, classes);
    if (found === undefined) return { tests: [], problems: [this.#missingClass(selector, file, name, module, seen)] };
    if (found.methodName === undefined) return { tests: found.class.tests, problems: [] };
    const { methodName } = found;
    const test = found.class.tests.find((each) => shownName(each.methodName) === methodName);
    if (test !== undefined) return { tests: [test], problems: [] };
    return { tests: [], problems: [this.#missingTest(selector, file, found.class, methodName)] };
  }

  #missingClass(
    selector: string,
    file: string,
    name: string,
    module: FoundModule,
    { classes, unexported }: Seen,
  ): SuiteProblem {
    const className = name.split('.', 1)[0] ?? '';
    const problem = unexported?.get(className);
    if (problem !== undefined) return problem;
    const where = shownPath(file, this.#options.cwd);
    if (className in module.exports) {
      return usageProblem(
        selector,
        `${className} in ${where} has no tests: it must extend TestCase and have a method test…`,
      );
    }
    const names = classes.map((each) => each.name);
    const meant = nearest(className, names);
    const hint = meant.length > 0 ? `did you mean ${orList(meant)}?` : `its classes are ${andList(names)}`;
    return usageProblem(
      selector,
      `There is no class ${className} in ${where}${names.length > 0 ? `: ${hint}` : ', nor any other with tests'}`,
    );
  }

  #missingTest(selector: string, file: string, found: FoundClass, methodName: string): SuiteProblem {
    const names = found.tests.map((test) => shownName(test.methodName));
    const meant = nearest(methodName, names);
    const hint = meant.length > 0 ? `did you mean ${orList(meant)}?` : `its tests are ${andList(names)}`;
    const where = shownPath(file, this.#options.cwd);
    return usageProblem(selector, `There is no test ${methodName} in class ${found.name} of ${where}: ${hint}`);
  }

  async #see(file: string): Promise<Seen> {
    let seen = this.#seen.get(file);
    if (seen === undefined) {
      seen = await this.#load(file);
      this.#seen.set(file, seen);
    }
    return seen;
  }

  async #load(file: string): Promise<Seen> {
    const { cwd, order } = this.#options;
    const shown = shownPath(file, cwd);
    let module: FoundModule;
    try {
      const { exports, info } = await this.#loading.load(shown, () => this.#loader.load(file));
      module = { id: this.#idOf(file), file, exports, info };
    } catch (error) {
      const isUnread = partOf(error, 'code') !== undefined && partOf(error, 'path') === file;
      return { classes: [], problems: [isUnread ? unreadProblem(shown, error) : loadProblem(shown, error)] };
    }
    const imported = (specifier: string) => this.#loader.importFrom(file, specifier);
    const problems: SuiteProblem[] = [];
    const unexported = new Map<string, SuiteProblem>();
    for (const { name, line } of await unexportedClasses(module, imported)) {
      const message = `${shown}:${line}: class ${name} extends TestCase but is not exported: write export class ${name}`;
      const problem = usageProblem(shown, message);
      problems.push(problem);
      unexported.set(name, problem);
    }
    return { classes: inOrder(collect(module), order), problems, module, unexported };
  }

  /** Only a file outside of `cwd` can be called as another one is. */
  #idOf(file: string): string {
    const own = this.#ids.of(file);
    let id = own;
    for (let n = 2; this.#taken.has(id); n++) id = `${own}_${n}`;
    this.#taken.add(id);
    return id;
  }

  #push(entries: readonly (SuiteTest | SuiteProblem)[]): void {
    if (this.suite.length === 0) {
      for (const entry of entries) this.suite.push(entry);
      return;
    }
    this.#added ??= new Set(this.suite);
    for (const entry of entries) {
      if (this.#added.has(entry)) continue;
      this.#added.add(entry);
      this.suite.push(entry);
    }
  }
}

/** What `Class` or `Class.method` names, as far as there is such a class. Either may have dots in it. */
function named(
  name: string,
  classes: readonly FoundClass[],
): { readonly class: FoundClass; readonly methodName: string | undefined } | undefined {
  // `path:Class:method` is understood as well.
  const names = name.includes(':') ? [name, name.replace(':', '.')] : [name];
  for (const wanted of names) {
    for (const nameOf of [(each: FoundClass) => each.name, (each: FoundClass) => each.exportName]) {
      const whole = classes.find((each) => nameOf(each) === wanted);
      if (whole !== undefined) return { class: whole, methodName: undefined };
      const begun = classes.filter((each) => wanted.startsWith(`${nameOf(each)}.`));
      const found = begun.map((each) => ({ class: each, methodName: wanted.slice(nameOf(each).length + 1) }));
      const best = found.find(({ class: each, methodName }) =>
        each.tests.some((test) => shownName(test.methodName) === methodName),
      );
      if (best !== undefined) return best;
      if (found[0] !== undefined) return found[0];
    }
  }
  return undefined;
}

function testsOf(classes: readonly FoundClass[]): SuiteTest[] {
  return classes.flatMap(({ tests }) => tests);
}

/** Without the tests whose id does not match. */
function matching(suite: Suite, grep: RegExp): Suite {
  const left = suite.filter((entry) => entry.kind === 'problem' || entry.id.search(grep) >= 0);
  if (left.length > 0) return left;
  const some = suite.length === 1 ? 'the only test' : `none of the ${suite.length} tests`;
  const said = suite.length === 1 ? `does not match ${grep}` : `matches ${grep}`;
  return [usageProblem('--grep', `Nothing to run: ${some} ${said}`)];
}
