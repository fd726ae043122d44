import { TimeoutError } from '../../internet/errors.js';
import type { Made } from '../leaks/made.js';
import { isReachable } from '../leaks/outside.js';
import { type Owner, runAs } from '../life/attribution.js';
import { BlockableOutside } from '../life/blockable.js';
import { endWait, startWait, unrefQuietly, type Waiter } from '../life/idle.js';
import { clearTimer, setTimer } from '../life/now.js';
import { OTHERS, steps } from '../life/steps_begun.js';

/** The loading of one module, which is given up when it takes too long, blocks, or waits for what nothing can bring about. */
export class ModuleLoad<T> extends BlockableOutside implements Waiter {
  readonly stepName = 'loading';
  readonly depth = 0;
  readonly testId: string;
  override readonly account: Owner & { readonly made: Made[] | undefined };
  readonly #seconds: number;
  #timer: NodeJS.Timeout | undefined;
  #reject: (error: Error) => void = () => undefined;

  /** @param seconds - How long it may take; 0: as long as it likes. */
  constructor(id: string, account: Owner & { readonly made: Made[] | undefined }, seconds: number) {
    super();
    this.testId = id;
    this.account = account;
    this.#seconds = seconds;
  }

  /** Loads it; fails with TimeoutError when it is given up. */
  run(load: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      Atomics.add(steps, OTHERS, 1);
      startWait(this);
      // Longer than Node's timers can wait is for ever.
      if (this.#seconds > 0 && this.#seconds < 2 ** 31 / 1000) {
        this.#timer = setTimer(this.#tooLong, this.#seconds * 1000);
        unrefQuietly(this.#timer);
      }
      runAs(this.account, load).then(
        (loaded) => {
          this.#end();
          resolve(loaded);
        },
        (error: unknown) => {
          this.#end();
          reject(error);
        },
      );
    });
  }

  isReachable(): boolean {
    return isReachable(this.account.made);
  }

  nothingLeft(): void {
    this.#giveUp(`cannot finish loading: ${WAITS} nothing can bring about any more.`);
  }

  stepSeconds(): number {
    return this.#seconds === 0 ? Number.POSITIVE_INFINITY : this.#seconds;
  }

  override stopClock(): void {
    clearTimer(this.#timer);
  }

  cutOff(error: Error): void {
    this.#end();
    this.#reject(error);
  }

  #end(): void {
    endWait(this);
    clearTimer(this.#timer);
  }

  readonly #tooLong = (): void => {
    this.#giveUp(`has not finished loading in ${this.#seconds} seconds: ${WAITS} does not come.`);
  };

  #giveUp(why: string): void {
    const error = new TimeoutError(`${this.testId} ${why}`);
    error.stack = `${error.name}: ${error.message}`;
    this.cutOff(error);
  }
}

const WAITS = 'it, or a module that it imports, waits (await at top level) for something that';
