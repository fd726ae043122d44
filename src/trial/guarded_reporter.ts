import { isThenable } from '../internet/thenable.js';
import type { RunFinished, TestEvent } from './events/events.js';
import type { Reporter } from './reporters/reporter.js';

/** What reports in the place of a reporter that has failed. */
export interface Substitute extends Reporter {
  /** Until then it only takes note of what it is told. */
  speak(): void;
}

/** Hears of what a reporter did, such as `close() failed`, and of what it threw. */
export type OnBroken = (deed: string, thrown?: { readonly error: unknown }) => void;

/** Stands between a run and a reporter: one that fails is told of once and left out from then on. */
export class GuardedReporter implements Reporter {
  readonly #reporter: Reporter;
  readonly #onBroken: OnBroken;
  readonly #substitute: Substitute | undefined;
  /** What an asynchronous `event` has not done yet. */
  readonly #pending = new Set<Promise<void>>();
  /** Kept from the substitute as long as the reporter may still fail. */
  #finished: RunFinished | undefined;
  #isBroken = false;

  /**
   * @param reporter - What it stands for.
   * @param onBroken - Told once.
   * @param substitute - Goes on with the report then, and has been told of everything before.
   */
  constructor(reporter: Reporter, onBroken: OnBroken, substitute?: Substitute) {
    this.#reporter = reporter;
    this.#onBroken = onBroken;
    this.#substitute = substitute;
  }

  /** Whether the reporter has failed. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Not when it has failed: what tests print goes where it belongs then. */
  get takesOutput(): boolean {
    return !this.#isBroken && this.#reporter.takesOutput === true;
  }

  event(event: TestEvent): void {
    if (!this.#isBroken) {
      try {
        const returned: unknown = this.#reporter.event(event);
        if (returned !== undefined && isThenable(returned)) this.#waitFor(returned, event.type);
      } catch (error) {
        this.#broke(`event() threw at ${event.type}`, { error });
      }
    }
    if (this.#substitute === undefined) return;
    if (event.type === 'runFinished' && !this.#isBroken) this.#finished = event;
    else this.#substitute.event(event);
  }

  async close(): Promise<void> {
    if (this.#pending.size > 0 && !(await settles(Promise.all(this.#pending)))) this.#broke(`event() ${IDLE}`);
    if (this.#isBroken) return;
    try {
      const closing: unknown = this.#reporter.close?.();
      if (isThenable(closing) && !(await settles(closing))) this.#broke(`close() ${IDLE}`);
    } catch (error) {
      this.#broke('close() failed', { error });
    }
  }

  #waitFor(returned: PromiseLike<unknown>, type: string): void {
    const done = Promise.resolve(returned).then(
      () => undefined,
      (error: unknown) => this.#broke(`event() rejected at ${type}`, { error }),
    );
    this.#pending.add(done);
    void done.then(() => this.#pending.delete(done));
  }

  #broke(deed: string, thrown?: { readonly error: unknown }): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#onBroken(deed, thrown);
    this.#substitute?.speak();
    const finished = this.#finished;
    if (finished !== undefined) this.#substitute?.event({ ...finished, exitCode: finished.exitCode || 1 });
  }
}

const IDLE = 'waits for something that nothing can bring about any more';

/** Waits for the promise. @returns false when the event loop has nothing left to do before it is settled. */
function settles(promise: PromiseLike<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const idle = () => resolve(false);
    process.once('beforeExit', idle);
    const over = () => process.off('beforeExit', idle);
    promise.then(
      () => {
        over();
        resolve(true);
      },
      (error: unknown) => {
        over();
        reject(error);
      },
    );
  });
}
