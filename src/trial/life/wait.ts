import type { Deferred } from '../../internet/deferred.js';
import { Failure, isFailure } from '../../internet/failure.js';
import { isGenerator } from './steps.js';

/** Who waits. */
export interface WaitOwner {
  waitEnded(wait: Wait, failure: Failure | undefined): void;
  /** The failure of a step whose promise has come to a generator: none of it has run. */
  generatorReturned(): Failure;
}

/** Something that a step of a test returned and that has not come yet. */
export class Wait {
  /** True while the wait is being set up: what ends it now was there already. */
  starting = true;
  /** True from when it was given up until the turn is over: what comes now is what the work makes of that. */
  cancelling = false;
  readonly #owner: WaitOwner;
  /** The Deferred that is waited for; undefined for a promise. */
  readonly deferred: Deferred<unknown> | undefined;

  constructor(owner: WaitOwner, deferred: Deferred<unknown> | undefined) {
    this.#owner = owner;
    this.deferred = deferred;
  }

  /** The result has come. A returned Failure is the error that it holds. */
  readonly succeeded = (value: unknown): undefined => {
    if (isFailure(value)) this.#owner.waitEnded(this, value);
    else if (this.deferred === undefined && isGenerator(value)) {
      this.#owner.waitEnded(this, this.#owner.generatorReturned());
    } else this.#owner.waitEnded(this, undefined);
  };

  /** An error has come: to a Deferred as the Failure that it is. */
  readonly failed = (error: unknown): undefined => {
    this.#owner.waitEnded(this, this.deferred !== undefined && isFailure(error) ? error : new Failure(error));
  };

  /** Ends the work, where it can be ended. */
  cancel(): void {
    this.deferred?.cancel();
  }
}
