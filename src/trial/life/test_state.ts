import type { Life } from './life.js';
import type { LifeOptions } from './life_options.js';

/** What a test instance keeps for the runner, apart from whatever its user stores on it. */
export interface TestState {
  methodName: string;
  /** A SynchronousTestCase's: its steps are not waited for. */
  readonly synchronous: boolean;
  /** Set when the test belongs to a suite. */
  id: string | undefined;
  /** The namespace of its module, where attributes are looked up last. */
  module: Readonly<Record<string, unknown>> | undefined;
  /** Where its method is written: the file, absolute, and the line in it, from 1. */
  place: { readonly file: string; readonly line?: number } | undefined;
  /** What a step may take when nothing else is said, in seconds. */
  defaultTimeout: number;
  /** Of the run that the test belongs to. */
  options: LifeOptions | undefined;
  /** Last in, first out; most tests have none. */
  cleanups: Cleanup[] | undefined;
  /** Of the run that is on, or was the last one. */
  life: Life | undefined;
}

export interface Cleanup {
  readonly f: (...args: readonly unknown[]) => unknown;
  readonly args: readonly unknown[];
}

/** Where an instance has its state. */
export const STATE: unique symbol = Symbol.for('txtrial.TestState');

/** The method that finds the warnings which are to be left out. */
export const SUPPRESSIONS: unique symbol = Symbol.for('txtrial.suppressions');

/** The method that finds what the test may leave behind. */
export const ALLOWED_LEAKS: unique symbol = Symbol.for('txtrial.allowedLeaks');

/** Marks test case classes and instances, also those of another copy of this package. */
export const TEST_CASE_MARK: unique symbol = Symbol.for('txtrial.TestCase');

/** What the runner says to an instance that it made. */
export type Binding = Pick<TestState, 'methodName' | 'id' | 'module' | 'place' | 'defaultTimeout' | 'options'>;

/** Binds an instance to its place in a suite. */
export function bindTest(test: object, { methodName, id, module, place, defaultTimeout, options }: Binding): void {
  const state = (test as { readonly [STATE]?: TestState })[STATE];
  if (state === undefined) return;
  state.methodName = methodName;
  state.id = id;
  state.module = module;
  state.place = place;
  state.defaultTimeout = defaultTimeout;
  state.options = options;
}

/** What Twisted gives a step of a test: 120 seconds. */
export const DEFAULT_TIMEOUT = 120;
