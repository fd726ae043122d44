import type { LoadError } from '../events/events.js';

/** What the runner must know of a test; `TestCase` is it. Kept as an interface so that finding tests does not import running them. */
export interface SuiteTest {
  readonly kind: 'test';
  readonly id: string;
  /** Absolute path of the module. */
  readonly file: string;
  /** Of the method in its source, from 1. */
  readonly line?: number;
  /** The namespace of its module: where `skip`, `todo`, `timeout`, `suppress` are looked up last; undefined: it has none of them. */
  readonly module: Readonly<Record<string, unknown>> | undefined;
  readonly testClass: TestClass;
  readonly methodName: string;
}

/** A class whose instances are tests: anything with TestCase's mark. */
export type TestClass = new (methodName?: string) => object;

/** Something that should have given tests and did not. */
export interface SuiteProblem {
  readonly kind: 'problem';
  readonly event: LoadError;
  /** A mistake in what was asked for: alone it ends the run with status 2 and this line. Otherwise an error of the run. */
  readonly usage: string | undefined;
}

/** The tests and problems of a run, in the order in which they are to come. */
export type Suite = readonly (SuiteTest | SuiteProblem)[];
