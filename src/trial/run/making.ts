import type { OutcomeCause } from '../events/events.js';
import { BlockableOutside } from '../life/blockable.js';
import type { SuiteTest } from './suite.js';

/** The instance of a test is being made. */
export class Making extends BlockableOutside {
  readonly stepName = 'constructor';
  readonly test: SuiteTest;
  readonly #seconds: number;
  readonly #blocked: (error: Error, cause: OutcomeCause) => void;

  /** @param blocked - Called if the constructor was cut off, instead of what has called it. */
  constructor(test: SuiteTest, seconds: number, blocked: (error: Error, cause: OutcomeCause) => void) {
    super();
    this.test = test;
    this.#seconds = seconds;
    this.#blocked = blocked;
  }

  get testId(): string {
    return this.test.id;
  }

  stepSeconds(): number {
    return this.#seconds;
  }

  cutOff(error: Error, cause: OutcomeCause): void {
    this.#blocked(error, cause);
  }
}
