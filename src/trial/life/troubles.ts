import type { Failure } from '../../internet/failure.js';
import type { OutcomeCause } from '../events/events.js';
import type { ErrorClass } from './errors.js';

/** Something that went wrong in a test besides its steps. */
export interface Trouble {
  readonly failure: Failure;
  readonly cause: OutcomeCause;
}

/** Logged errors, unhandled failures and the like of one test, in the order in which they happened. */
export class Troubles {
  /** Most tests have none. */
  #all: Map<object, Trouble> | undefined;

  get size(): number {
    return this.#all === undefined ? 0 : this.#all.size;
  }

  add(key: object, trouble: Trouble): void {
    this.#all ??= new Map();
    this.#all.set(key, trouble);
  }

  /** It has been dealt with. */
  delete(key: object): void {
    this.#all?.delete(key);
  }

  /** Takes those whose error is of one of the classes; all, without classes. What ended the test is not for taking. */
  flush(errorClasses: readonly ErrorClass[]): Failure[] {
    const taken: Failure[] = [];
    for (const [key, { failure, cause }] of this.#all ?? []) {
      if (cause !== 'logged' && cause !== 'unhandled') continue;
      if (errorClasses.length > 0 && failure.check(...errorClasses) === undefined) continue;
      this.#all?.delete(key);
      taken.push(failure);
    }
    return taken;
  }

  /** Takes all. */
  take(): Trouble[] {
    const all = [...(this.#all?.values() ?? [])];
    this.#all = undefined;
    return all;
  }
}
