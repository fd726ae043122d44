/** One pending call of a reactor or a Clock. */
import { AsyncResource } from 'node:async_hooks';
import { inspect } from 'node:util';
import { err } from '../log/publisher.js';
import { AlreadyCalled, AlreadyCancelled } from './errors.js';
import { Failure } from './failure.js';
import type { Origin } from './origin.js';

/** What a DelayedCall needs of the clock that holds it. */
export interface DelayedCallOwner {
  /** Seconds since an instant of the clock's choice. */
  seconds(): number;
  /** The call was cancelled: forget it. */
  cancelled(call: DelayedCall): void;
  /** The call's time has changed. */
  moved(call: DelayedCall): void;
}

/**
 * What `callLater` returns: a call that is to happen at its time, unless it is cancelled before.
 *
 * @see Twisted, IDelayedCall
 */
export class DelayedCall {
  /** Where `callLater` was called, when the clock keeps track of it. */
  readonly origin: Origin | undefined;

  // Plain fields: the heap reads and writes them at each of its steps.
  /** @internal Calls of the same time run in this order. */
  order = 0;
  /** @internal The place in the heap that holds it, -1 when none does. */
  heapIndex = -1;

  readonly #owner: DelayedCallOwner;
  // The async context to run in. A resource of its own costs 0.2 microseconds and works on every Node alike.
  readonly #scope: AsyncResource;
  #time: number;
  // By how much it was moved to a later time; kept apart so that sums are rounded as in Twisted.
  #delayed = 0;
  #state: 'pending' | 'called' | 'cancelled' = 'pending';
  #f: ((...args: never[]) => unknown) | undefined;
  #args: readonly unknown[];

  /** @internal Use `callLater` of a reactor or a Clock. */
  constructor(
    owner: DelayedCallOwner,
    time: number,
    f: (...args: never[]) => unknown,
    args: readonly unknown[],
    origin?: Origin,
    scope = new AsyncResource('DelayedCall', { requireManualDestroy: true }),
  ) {
    this.#owner = owner;
    this.#time = time;
    this.#f = f;
    this.#args = args;
    this.origin = origin;
    this.#scope = scope;
  }

  /** When the call is to happen, on the clock's own scale of seconds. */
  getTime(): number {
    return this.#time + this.#delayed;
  }

  /** Whether the call is still to come. */
  active(): boolean {
    return this.#state === 'pending';
  }

  /**
   * Takes the call back.
   *
   * @throws AlreadyCalled, AlreadyCancelled when it is too late.
   */
  cancel(): void {
    this.#requirePending('cancel');
    this.#state = 'cancelled';
    this.#owner.cancelled(this);
    this.#forget();
  }

  /**
   * Has the call happen `seconds` from now instead.
   *
   * @param seconds - Finite and >= 0.
   * @throws AlreadyCalled, AlreadyCancelled when it is too late; RangeError for a bad time.
   */
  reset(seconds: number): void {
    this.#requirePending('reset');
    checkDelay(seconds);
    const time = this.#owner.seconds() + seconds;
    if (time < this.#time) {
      this.#time = time;
      this.#delayed = 0;
    } else {
      this.#delayed = time - this.#time;
    }
    this.#owner.moved(this);
  }

  /**
   * Has the call happen `seconds` later than it would have.
   *
   * @param seconds - Finite; a negative number makes it happen sooner.
   * @throws AlreadyCalled, AlreadyCancelled when it is too late; RangeError for a bad time.
   */
  delay(seconds: number): void {
    this.#requirePending('delay');
    if (!Number.isFinite(seconds))
      throw new RangeError(`Cannot delay a call by ${seconds} seconds: pass a finite number.`);
    this.#delayed += seconds;
    if (this.#delayed < 0) {
      this.#time += this.#delayed;
      this.#delayed = 0;
    }
    this.#owner.moved(this);
  }

  /**
   * @internal Makes the call, in the async context that scheduled it.
   * @throws What the called function throws.
   */
  run(): void {
    const f = this.#f;
    if (this.#state !== 'pending' || f === undefined) return;
    const args = this.#args;
    this.#state = 'called';
    this.#forget();
    this.#scope.runInAsyncScope(f as (...args: unknown[]) => unknown, undefined, ...args);
  }

  /** @internal Logs what the call has thrown, in the same async context: it belongs to whoever scheduled the call. */
  logError(error: unknown): void {
    this.#scope.runInAsyncScope(err, undefined, new Failure(error));
  }

  /** `<DelayedCall [0.5s] poll('127.0.0.1', 10000)>`: the seconds that are left, and what is to be called. */
  toString(): string {
    const state =
      this.#state === 'pending' ? `[${(this.getTime() - this.#owner.seconds()).toFixed(3)}s] ` : `${this.#state} `;
    const what =
      this.#f === undefined ? '' : `${this.#f.name || '(anonymous function)'}(${this.#args.map(brief).join(', ')})`;
    return `<DelayedCall ${state}${what}`.trimEnd().concat('>');
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** A call that is over keeps nothing alive. */
  #forget(): void {
    this.#f = undefined;
    this.#args = [];
  }

  #requirePending(what: string): void {
    if (this.#state === 'called') {
      throw new AlreadyCalled(`Cannot ${what} a call that has happened already: ask active() first.`);
    }
    if (this.#state === 'cancelled') {
      throw new AlreadyCancelled(`Cannot ${what} a call that was cancelled before: ask active() first.`);
    }
  }
}

/** Refuses what is no time to wait. */
export function checkDelay(seconds: number): void {
  if (!(typeof seconds === 'number' && seconds >= 0 && seconds < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`Cannot call after ${inspect(seconds)} seconds: pass a finite number >= 0.`);
  }
}

function brief(value: unknown): string {
  return inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 60, maxArrayLength: 5 });
}
