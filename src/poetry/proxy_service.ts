import { Deferred, type Failure, type ReactorTime, succeed } from 'txtrial/internet';
import { msg } from 'txtrial/log';

/** How a proxy keeps its poem. */
export interface ProxyOptions {
  /** Seconds for which a poem is kept; 0: not at all. */
  readonly ttl?: number;
  /** What measures them: the reactor, or a Clock in a test. */
  readonly clock: ReactorTime;
}

/**
 * Has a poem ready: fetches it once for all who wait, and keeps it for a time. Knows nothing of the network.
 *
 * Its states: nothing; fetching, with those who wait; kept. A failure goes to all who wait, and is not kept.
 */
export class ProxyService {
  readonly #fetchPoem: () => Deferred<Buffer>;
  readonly #ttl: number;
  readonly #clock: ReactorTime;
  #kept: { readonly poem: Buffer; readonly since: number } | undefined;
  #fetching: Deferred<unknown> | undefined;
  readonly #waiting = new Set<Deferred<Buffer>>();

  /** @param fetchPoem - Gets the poem from its server; its Deferred is cancelled when nobody waits any more. */
  constructor(fetchPoem: () => Deferred<Buffer>, { ttl = 7200, clock }: ProxyOptions) {
    this.#fetchPoem = fetchPoem;
    this.#ttl = ttl;
    this.#clock = clock;
  }

  /**
   * The poem.
   *
   * @returns A Deferred, of the caller's own: cancelling it disturbs nobody else.
   */
  getPoem(): Deferred<Buffer> {
    if (this.#kept !== undefined && this.#clock.seconds() - this.#kept.since < this.#ttl) {
      msg('Using cached poem.');
      return succeed(this.#kept.poem);
    }
    const waiter = new Deferred<Buffer>(() => this.#leave(waiter));
    this.#waiting.add(waiter);
    if (this.#fetching === undefined) this.#fetch();
    return waiter;
  }

  #fetch(): void {
    msg('Fetching poem from server.');
    const fetched = this.#fetchPoem();
    this.#fetching = fetched;
    fetched.addCallbacks(
      (poem) => {
        if (this.#fetching !== fetched) return;
        this.#kept = { poem, since: this.#clock.seconds() };
        for (const waiter of this.#dismiss()) waiter.callback(poem);
      },
      (failure: Failure) => {
        if (this.#fetching !== fetched) return;
        msg(`The poem download failed. ${failure.getErrorMessage()}`);
        for (const waiter of this.#dismiss()) waiter.errback(failure);
      },
    );
  }

  /** All who wait: they wait no longer. */
  #dismiss(): Deferred<Buffer>[] {
    const waiters = [...this.#waiting];
    this.#waiting.clear();
    this.#fetching = undefined;
    return waiters;
  }

  #leave(waiter: Deferred<Buffer>): void {
    this.#waiting.delete(waiter);
    const fetching = this.#fetching;
    if (this.#waiting.size > 0 || fetching === undefined) return;
    msg('Canceling poem download.');
    // Before it is cancelled: what it ends in is of no interest.
    this.#fetching = undefined;
    fetching.cancel();
  }
}
