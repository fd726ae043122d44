/** Watches the user's modules while they are loaded, and what they leave behind: none of its errors is lost. */
import { Failure } from '../../internet/failure.js';
import { isDeferred } from '../../internet/thenable.js';
import type { OutcomeCause } from '../events/events.js';
import type { Made } from '../leaks/made.js';
import { charge, type Owner } from '../life/attribution.js';
import type { Blockable } from '../life/blockable.js';
import { type BlockableRun, beginBlockable, endBlockable } from '../life/blocking.js';
import { soon } from '../life/now.js';
import { lookForReplaced } from '../life/replaced.js';
import { beginWatch } from '../life/watch.js';
import type { Options } from '../options/options.js';
import type { ModuleMaker } from '../run/module_leaks.js';
import { strayProblem } from '../run/stray_problem.js';
import type { SuiteProblem } from '../run/suite.js';
import { ModuleLoad } from './module_load.js';

/** From before the first module is loaded to the end of the run. */
export class Loading implements BlockableRun {
  readonly life = undefined;
  readonly isStopping = true;
  readonly #timeoutSeconds: number;
  readonly #before: (id: string) => void;
  readonly #endWatch: () => void;
  /** Those with something to tell. */
  readonly #troubled = new Set<ModuleOwner>();
  readonly #owners: ModuleOwner[] = [];
  #strays: SuiteProblem[] = [];
  #current: Blockable | undefined;
  /** The first module that was. */
  #cutOff: string | undefined;

  /**
   * @param options - `timeoutSeconds`: how long one module may take; 0: as long as it likes.
   * @param before - Called with each module before it is loaded; what it throws keeps the module from being loaded.
   * @param leastSeconds - That much it may take in any case: a short timeout of the tests is not meant for a module that
   * has to be compiled first.
   */
  constructor(
    { timeoutSeconds, leaks }: Pick<Options, 'timeoutSeconds' | 'leaks'>,
    before: (id: string) => void = () => {},
    leastSeconds = 10,
  ) {
    this.#timeoutSeconds = timeoutSeconds === 0 ? 0 : Math.max(timeoutSeconds, leastSeconds);
    this.#before = before;
    this.#endWatch = beginWatch(this.#stray, leaks !== 'off');
  }

  /**
   * Loads a module; what it does and begins is charged to it.
   *
   * @param id - Of the module, as the user would write it.
   * @throws what `load` throws, or TimeoutError when it never ends.
   */
  async load<T>(id: string, load: () => Promise<T>): Promise<T> {
    const owner = new ModuleOwner(id, this.#troubled);
    this.#owners.push(owner);
    const outer = this.#current;
    const moduleLoad = new ModuleLoad<T>(id, owner, this.#timeoutSeconds);
    this.#current = moduleLoad;
    beginBlockable(this);
    try {
      this.#before(id);
      return await moduleLoad.run(load);
    } catch (error) {
      // An attempt to end the process was noted when it was made, and counts once.
      if (typeof error === 'object' && error !== null) owner.settle(error);
      // That is what V8 gives for a module that was cut off before.
      if (error === null && this.#cutOff !== undefined) throw new Error(alsoCutOff(this.#cutOff));
      throw error;
    } finally {
      const replaced = lookForReplaced();
      if (replaced !== undefined) owner.trouble(replaced, new Failure(replaced), 'leak');
      owner.isLoaded = true;
      this.#current = outer;
      if (outer === undefined) endBlockable(this);
    }
  }

  get running(): Blockable | undefined {
    return this.#current;
  }

  /** The code of a module was cut off, with all that has called it but `load`. */
  cutOff(running: Blockable, error: Error, cause: OutcomeCause): void {
    this.#cutOff ??= running.testId;
    running.cutOff(error, cause);
  }

  /** Fires when Node has told of the promises left rejected so far. */
  settled(): Promise<void> {
    return new Promise((resolve) => void soon(resolve));
  }

  /** What has gone wrong since the last call, besides modules that could not be loaded. */
  takeProblems(): readonly SuiteProblem[] {
    if (this.#troubled.size === 0 && this.#strays.length === 0) return NONE;
    const problems = this.#strays;
    this.#strays = [];
    for (const owner of this.#troubled) owner.takeProblems(problems);
    return problems;
  }

  /** As `takeProblems`, at the end of the run: with the failed Deferreds of modules that nobody has taken. */
  takeAllProblems(): readonly SuiteProblem[] {
    const problems = [...this.takeProblems()];
    for (const owner of this.#troubled) owner.takeDeferreds(problems);
    return problems;
  }

  /** The modules that have made something when they were loaded, or since. */
  makers(): readonly ModuleMaker[] {
    return this.#owners.filter(({ made }) => made !== undefined);
  }

  /** Ends the watch. */
  end(): void {
    for (const owner of this.#owners) owner.isWatched = false;
    this.#endWatch();
  }

  readonly #stray = (failure: Failure): void => {
    const id = this.#current?.testId;
    const where =
      id === undefined
        ? 'This happened outside of any test.'
        : `This happened while ${id} was loading: that it has to do with it is a guess.`;
    this.#strays.push(strayProblem(id ?? 'trial', failure, where));
  };
}

const NONE: readonly SuiteProblem[] = [];

function alsoCutOff(id: string): string {
  return `It imports a module that blocks the event loop, as ${id} did: that was cut off and cannot be loaded again.`;
}

/** Stands for a module in the asynchronous context of its code. */
class ModuleOwner implements Owner {
  readonly testId = undefined;
  readonly depth = 0;
  readonly id: string;
  readonly isModule = true;
  made: Made[] | undefined;
  isLoaded = false;
  /** Somebody asks it for its problems. */
  isWatched = true;
  readonly #troubles = new Map<object, Failure>();
  /** Kept for longer: a test may still take their failures, as the module meant it to. */
  readonly #deferreds = new Map<object, Failure>();

  readonly #troubled: Set<ModuleOwner>;

  /** @param troubled - Has those owners that have something to tell. */
  constructor(id: string, troubled: Set<ModuleOwner>) {
    this.id = id;
    this.#troubled = troubled;
  }

  get place(): string {
    return `by code of ${this.id}, outside of any test`;
  }

  trouble(key: object, failure: Failure, cause: OutcomeCause): void {
    // As in Twisted: what is logged later is an error of the test that is running.
    if (!this.isWatched || (cause === 'logged' && this.isLoaded)) {
      charge(undefined, failure, cause);
      return;
    }
    if (isDeferred(key)) this.#deferreds.set(key, failure);
    else this.#troubles.set(key, failure);
    this.#troubled.add(this);
  }

  settle(key: object): void {
    this.#troubles.delete(key);
    this.#deferreds.delete(key);
    this.#look();
  }

  reportLate(): void {
    // The runner asks for problems itself.
  }

  takeWarning(_warning: unknown, show: () => void): void {
    show();
  }

  showWarnings(): void {
    // None are kept.
  }

  takeProblems(into: SuiteProblem[]): void {
    if (this.#troubles.size > 0) this.#take(this.#troubles, into);
  }

  takeDeferreds(into: SuiteProblem[]): void {
    if (this.#deferreds.size > 0) this.#take(this.#deferreds, into);
  }

  #take(failures: Map<object, Failure>, into: SuiteProblem[]): void {
    const where = `This happened outside of any test, in what ${this.id} began when it was loaded.`;
    for (const failure of failures.values()) into.push(strayProblem(this.id, failure, where));
    failures.clear();
    this.#look();
  }

  #look(): void {
    if (this.#troubles.size === 0 && this.#deferreds.size === 0) this.#troubled.delete(this);
  }
}
