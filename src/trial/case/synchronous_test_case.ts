import type { Deferred } from '../../internet/deferred.js';
import type { Failure } from '../../internet/failure.js';
import { beginLife } from '../life/begin.js';
import type { ErrorClass } from '../life/errors.js';
import type { TestResult } from '../life/result.js';
import { declareEmpty } from '../life/steps.js';
import {
  ALLOWED_LEAKS,
  DEFAULT_TIMEOUT,
  STATE,
  SUPPRESSIONS,
  TEST_CASE_MARK,
  type TestState,
} from '../life/test_state.js';
import type { Todo } from '../life/todo.js';
import type { CollectedWarning, Suppression } from '../life/warnings.js';
import { leasePort } from '../network/port_lease.js';
import { makeFailure } from './assertions.js';
import {
  type AttributeSource,
  findAllowedLeaks,
  findSkip,
  findSuppressions,
  findTimeout,
  findTodo,
} from './attributes.js';
import { DeferredAssertions } from './deferred_assertions.js';
import { makeTemporaryPath } from './mktemp.js';
import { type Patch, patchProperty } from './patch.js';
import { show } from './show.js';

/**
 * A test case whose steps are never waited for: a Deferred or Promise that a step returns is an error.
 *
 * In it a failed assertion in `setUp` or `tearDown` is a failure, and SkipTest in `tearDown` a skip.
 *
 * @see Twisted, twisted.trial.unittest.SynchronousTestCase
 */
export class SynchronousTestCase extends DeferredAssertions {
  static readonly [TEST_CASE_MARK]: boolean = true;

  /** @internal */
  readonly [STATE]: TestState;

  /**
   * @param methodName - The method that is the test.
   */
  constructor(methodName = 'runTest') {
    super();
    this[STATE] = {
      methodName,
      synchronous: this[TEST_CASE_MARK] === 'synchronous',
      id: undefined,
      module: undefined,
      place: undefined,
      defaultTimeout: DEFAULT_TIMEOUT,
      options: undefined,
      cleanups: undefined,
      life: undefined,
    };
  }

  /** Marks test cases, also those of another copy of this package. */
  get [TEST_CASE_MARK](): 'synchronous' | 'asynchronous' {
    return 'synchronous';
  }

  /** Runs before the test; override it. What it throws is an error of the test, and the test does not run. */
  setUp(): unknown {
    return undefined;
  }

  /** Runs after the test and its cleanups, unless `setUp` failed; override it. */
  tearDown(): unknown {
    return undefined;
  }

  /**
   * Runs the test: setUp, test, cleanups, tearDown.
   *
   * @param result - Is told what becomes of it.
   * @returns A Deferred that fires when all is over; cancelling it ends the step that is being waited for.
   * @see Twisted, TestCase.run: there it returns when all is over.
   */
  run(result: TestResult = {}): Deferred<void> {
    return beginLife(this, result);
  }

  /** `tests.test_poetry.PoetryTestCase.test_client`; outside of a suite class and method alone. */
  id(): string {
    const { id, methodName } = this[STATE];
    return id ?? `${this.constructor.name}.${methodName}`;
  }

  /** The first line of the method's `description` (`@description('…')`), else the method's name. */
  shortDescription(): string {
    const { description } = (this.#source.method ?? {}) as { readonly description?: unknown };
    return typeof description === 'string' ? (description.split('\n', 1)[0] ?? '') : this[STATE].methodName;
  }

  /** One. */
  countTestCases(): number {
    return 1;
  }

  /**
   * Whether the test is skipped, and why.
   *
   * @see Twisted, SynchronousTestCase.getSkip
   */
  getSkip(): readonly [skipped: boolean, reason: string | undefined] {
    const reason = findSkip(this.#source);
    return [reason !== undefined, reason];
  }

  /** What the test is expected to fail with, or undefined. */
  getTodo(): Todo | undefined {
    return findTodo(this.#source);
  }

  /**
   * The time that each step of the test has, in seconds: 0, and a step that has to wait is out of time at once; Infinity:
   * it may wait for ever.
   *
   * @throws RangeError if the `timeout` that counts is negative or NaN, which is an error of the test.
   */
  getTimeout(): number {
    return findTimeout(this.#source, this[STATE].defaultTimeout);
  }

  /**
   * Has `f(...args)` called when the test is over, before tearDown and also when setUp or the test failed: last in, first
   * out, each waited for.
   */
  addCleanup<A extends readonly unknown[]>(f: (...args: A) => unknown, ...args: A): void {
    if (typeof f !== 'function') throw new TypeError(`A cleanup must be a function, not ${show(f)}.`);
    this[STATE].cleanups ??= [];
    this[STATE].cleanups.push({ f: f as (...args: readonly unknown[]) => unknown, args });
  }

  /**
   * Puts a value in place of an attribute's, until the cleanups of this test.
   *
   * @returns What gives the old value back earlier.
   * @throws TypeError if the property cannot be changed.
   */
  patch<T extends object, K extends keyof T>(object: T, key: K, value: T[K]): Patch {
    const patch = patchProperty(object, key, value);
    this.addCleanup(() => patch.restore());
    return patch;
  }

  /**
   * A path for a file or directory of this test's: it does not exist yet, its parent does.
   *
   * @returns Relative to the working directory, which is `_trial_temp` under `trial`.
   */
  mktemp(): string {
    return makeTemporaryPath(this.id());
  }

  /**
   * Holds a port that nobody has, for TCP or (on Linux) for UDP, until the cleanups of this test: no other test of this machine that leases
   * one is given it, in whatever process. For what cannot listen on port 0 and say which port that became.
   *
   * @returns The port's number.
   * @throws Error when none can be had.
   */
  leasePort(): number {
    const lease = leasePort(this.id());
    this.addCleanup(() => lease.release());
    return lease.port;
  }

  /**
   * Takes errors that were logged so far, and failures of Deferreds that nobody has handled, so that they do not fail the
   * test.
   *
   * @param errorClasses - Only errors of these classes; all, without any.
   */
  flushLoggedErrors(...errorClasses: readonly ErrorClass[]): Failure[] {
    return this[STATE].life?.account.flushErrors(errorClasses) ?? [];
  }

  /** Takes the warnings that the test caused so far, so that they are not shown. */
  flushWarnings(): CollectedWarning[] {
    return this[STATE].life?.account.warnings.flush() ?? [];
  }

  /**
   * Fails unless `f(...args)` causes exactly one kind of warning, with this category and message. The warning is taken.
   *
   * @param category - The warning's name: `Warning`, `DeprecationWarning`, …
   * @param message - The whole message, or what matches it.
   * @returns What `f` returns.
   */
  assertWarns<A extends readonly unknown[], R>(
    category: string,
    message: string | RegExp,
    f: (...args: A) => R,
    ...args: A
  ): R {
    const { life } = this[STATE];
    if (life === undefined) throw new Error('assertWarns sees warnings only while the test is running.');
    const { result, warnings } = life.account.warnings.during(() => f(...args));
    const [first] = warnings;
    const wanted = `${category}: ${String(message)}`;
    const complain = (text: string) =>
      makeFailure(this, `${wanted} expected, but ${text}`, undefined, this.assertWarns);
    if (first === undefined) throw complain('there was no warning.');
    for (const warning of warnings) {
      const matches = typeof message === 'string' ? warning.message === message : warning.message.search(message) >= 0;
      if (!matches || warning.category !== category)
        throw complain(`${warning.category}: ${warning.message} was there.`);
    }
    return result;
  }

  /**
   * Aborted when the test times out or is interrupted: hand it to what is to end with the test.
   */
  get signal(): AbortSignal {
    return this[STATE].life?.signal ?? new AbortController().signal;
  }

  /** @internal The warnings that are to be left out. */
  [SUPPRESSIONS](): readonly Suppression[] {
    return findSuppressions(this.#source);
  }

  /** @internal What the test may leave behind. */
  [ALLOWED_LEAKS](): readonly string[] {
    return findAllowedLeaks(this.#source);
  }

  get #source(): AttributeSource {
    const { methodName, module } = this[STATE];
    const method: AttributeSource['method'] = Reflect.get<object, string>(this, methodName);
    return { method, instance: this, module };
  }
}

declareEmpty(SynchronousTestCase.prototype.setUp);
declareEmpty(SynchronousTestCase.prototype.tearDown);
