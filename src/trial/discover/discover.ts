import { resolve } from 'node:path';
import type { Loader } from '../load/load.js';
import type { Options } from '../options/options.js';
import type { Suite, SuiteProblem, SuiteTest } from '../run/suite.js';
import { shownPath } from '../shown_path.js';
import { collect, type FoundClass, type FoundModule } from './collect.js';
import type { Loading } from './loading.js';
import { moduleId } from './module_id.js';
import { nearest } from './nearest.js';
import { inOrder, inRandomOrder } from './order.js';
import { andList, loadProblem, orList, usageProblem } from './problems.js';
import { resolveSelector, type Wanted } from './selectors.js';
import { unexportedClasses } from './unexported.js';

type WantedFile = Extract<Wanted, { kind: 'file' }>;

/** A module as far as it could be loaded. */
interface Seen {
  readonly classes: readonly FoundClass[];
  readonly problems: readonly SuiteProblem[];
  readonly module?: FoundModule;
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
  const wanted: [selector: string, Wanted][] = [];
  for (const selector of options.selectors) {
    wanted.push([selector, await resolveSelector(selector, { cwd, recurse, tempDirectory })]);
  }
  await loader.prepare([...new Set(wanted.flatMap(([, want]) => filesOf(want)))]);
  const finder = new Finder(loader, options, loading);
  for (const [selector, want] of wanted) await finder.add(selector, want);
  await loading.settled();
  finder.suite.push(...loading.takeProblems());
  const suite = grep === undefined ? finder.suite : matching(finder.suite, grep);
  return randomSeed === undefined ? suite : inRandomOrder(suite, randomSeed);
}

function filesOf(wanted: Wanted): readonly string[] {
  if (wanted.kind === 'file') return [wanted.file];
  return wanted.kind === 'files' ? wanted.files : [];
}

/** Puts the suite together, argument by argument; what overlaps comes once. */
class Finder {
  readonly suite: (SuiteTest | SuiteProblem)[] = [];
  readonly #loader: Loader;
  readonly #options: Options;
  readonly #loading: Loading;
  readonly #seen = new Map<string, Seen>();
  readonly #added = new Set<SuiteTest | SuiteProblem>();

  constructor(loader: Loader, options: Options, loading: Loading) {
    this.#loader = loader;
    this.#options = options;
    this.#loading = loading;
  }

  async add(selector: string, wanted: Wanted): Promise<void> {
    switch (wanted.kind) {
      case 'nothing':
        this.#push([usageProblem(selector, wanted.message)]);
        break;
      case 'files':
        await this.#addFiles(selector, wanted.files);
        break;
      case 'file':
        this.#push(await this.#inFile(selector, wanted));
        break;
      default:
        wanted satisfies never;
    }
  }

  async #addFiles(selector: string, files: readonly string[]): Promise<void> {
    let found = false;
    for (const file of files) {
      const { classes, problems } = await this.#see(file);
      found ||= classes.length > 0 || problems.length > 0;
      this.#push([...problems, ...testsOf(classes)]);
    }
    if (!found) this.#push([usageProblem(selector, this.#nothingIn(selector, files))]);
  }

  #nothingIn(selector: string, files: readonly string[]): string {
    const shown = files.map((file) => shownPath(file, this.#options.cwd));
    if (files.length > 0) {
      return `No test is found in ${selector}: ${andList(shown, 3)} ${files.length === 1 ? 'exports' : 'export'} no class that extends TestCase and has a method test…`;
    }
    return `No test file is found in ${selector}: trial looks for test_*, *.test.* and *.spec.* with .ts, .mts, .cts, .js, .mjs or .cjs`;
  }

  async #inFile(selector: string, wanted: WantedFile): Promise<(SuiteTest | SuiteProblem)[]> {
    const { classes, problems, module } = await this.#see(wanted.file);
    if (module === undefined) return [...problems];
    const { className, methodName } = wanted;
    if (className === undefined) {
      if (classes.length > 0 || problems.length > 0) return [...problems, ...testsOf(classes)];
      const file = shownPath(wanted.file, this.#options.cwd);
      return [
        usageProblem(
          selector,
          `No test is found in ${file}: export a class that extends TestCase and has a method test…`,
        ),
      ];
    }
    const found =
      classes.find(({ name }) => name === className) ?? classes.find(({ exportName }) => exportName === className);
    if (found === undefined) return [this.#missingClass(selector, wanted, className, classes, module, problems)];
    if (methodName === undefined) return [...found.tests];
    const test = found.tests.find((candidate) => candidate.methodName === methodName);
    return [test ?? this.#missingTest(selector, wanted, found, methodName)];
  }

  #missingClass(
    selector: string,
    { file }: WantedFile,
    className: string,
    classes: readonly FoundClass[],
    module: FoundModule,
    problems: readonly SuiteProblem[],
  ): SuiteProblem {
    const unexported = problems.find(({ usage }) => usage?.includes(` ${className} `));
    if (unexported !== undefined) return unexported;
    const where = shownPath(file, this.#options.cwd);
    if (className in module.exports) {
      return usageProblem(
        selector,
        `${className} in ${where} has no tests: it must extend TestCase and have a method test…`,
      );
    }
    const names = classes.map(({ name }) => name);
    const meant = nearest(className, names);
    const hint = meant.length > 0 ? `did you mean ${orList(meant)}?` : `its classes are ${andList(names)}`;
    return usageProblem(
      selector,
      `There is no class ${className} in ${where}${names.length > 0 ? `: ${hint}` : ', nor any other with tests'}`,
    );
  }

  #missingTest(selector: string, { file }: WantedFile, found: FoundClass, methodName: string): SuiteProblem {
    const names = found.tests.map((test) => test.methodName);
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
      module = { id: moduleId(file, cwd), file, exports, info };
    } catch (error) {
      return { classes: [], problems: [loadProblem(shown, error)] };
    }
    const imported = (specifier: string) => this.#loader.importFrom(file, specifier);
    const problems = (await unexportedClasses(module, imported)).map(({ name, line }) =>
      usageProblem(
        shown,
        `${shown}:${line}: class ${name} extends TestCase but is not exported: write export class ${name}`,
      ),
    );
    return { classes: inOrder(collect(module), order), problems, module };
  }

  #push(entries: readonly (SuiteTest | SuiteProblem)[]): void {
    for (const entry of entries) {
      if (this.#added.has(entry)) continue;
      this.#added.add(entry);
      this.suite.push(entry);
    }
  }
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
