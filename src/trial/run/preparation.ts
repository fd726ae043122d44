import { Failure } from '../../internet/failure.js';
import { SynchronousTestCase } from '../case/synchronous_test_case.js';
import type { OutcomeCause } from '../events/events.js';
import type { LifeOptions } from '../life/life_options.js';
import type { LivingTest } from '../life/living_test.js';
import { OTHERS, steps } from '../life/steps_begun.js';
import { bindTest } from '../life/test_state.js';
import { Making } from './making.js';
import type { OtherTest } from './own_run.js';
import type { SuiteTest } from './suite.js';

/** One test, and the instance that is it or why there is none. */
export interface Prepared {
  readonly kind: 'prepared';
  readonly test: SuiteTest;
  readonly instance: RunnableTest | undefined;
  readonly broken: Failure | undefined;
  readonly cause?: OutcomeCause;
}

export type RunnableTest = LivingTest & OtherTest;

/** Makes the instances of tests. */
export class Preparation {
  readonly #options: LifeOptions;
  readonly #defaultTimeout: number;
  /** The test whose instance is being made. */
  #making: SuiteTest | undefined;
  /** Called if that blocks and is cut off, instead of what has called it. */
  #madeBlocked: (made: Prepared) => void = () => undefined;
  /** What is asked while it blocks: made only then. */
  #blockedMaking: Making | undefined;
  /** What a constructor did that was not done: it may have swallowed that. */
  #refused: Failure | undefined;

  /**
   * @param options - Of the lives of the tests.
   * @param defaultTimeout - In seconds.
   */
  constructor(options: LifeOptions, defaultTimeout: number) {
    this.#options = options;
    this.#defaultTimeout = defaultTimeout;
  }

  /** @param blocked - Called instead of what has called this, if the constructor blocks and is cut off. */
  make(test: SuiteTest, blocked: (made: Prepared) => void): Prepared {
    const { id, module, testClass, methodName } = test;
    this.#making = test;
    this.#madeBlocked = blocked;
    Atomics.add(steps, OTHERS, 1);
    try {
      const instance = new testClass(methodName);
      if (this.#refused !== undefined) return { kind: 'prepared', test, instance: undefined, broken: this.#refused };
      // Another copy's test has its own copy's reactor and timers.
      const options = instance instanceof SynchronousTestCase ? this.#options : undefined;
      bindTest(instance, { id, module, place: test, methodName, defaultTimeout: this.#defaultTimeout, options });
      return { kind: 'prepared', test, instance: instance as RunnableTest, broken: undefined };
    } catch (error) {
      return { kind: 'prepared', test, instance: undefined, broken: new Failure(error) };
    } finally {
      this.#isMade();
    }
  }

  /** The constructor that is running. */
  get running(): Making | undefined {
    const test = this.#making;
    if (test === undefined) return undefined;
    if (this.#blockedMaking?.test !== test) {
      this.#blockedMaking = new Making(test, this.#defaultTimeout, (error, cause) => {
        this.#isMade();
        this.#madeBlocked({ kind: 'prepared', test, instance: undefined, broken: new Failure(error), cause });
      });
    }
    return this.#blockedMaking;
  }

  /** Something was not done that is forbidden. Returns whether the constructor that is running has tried it. */
  refuse(failure: Failure): boolean {
    if (this.#making === undefined) return false;
    this.#refused = failure;
    return true;
  }

  #isMade(): void {
    this.#making = undefined;
    this.#refused = undefined;
  }
}
