/** The delayed calls of a reactor and those handed in from elsewhere, run by one timer of Node's. */
import { AsyncResource } from 'node:async_hooks';
import { checkDelay, DelayedCall, type DelayedCallOwner } from './delayed_call.js';
import { DelayedCallHeap } from './delayed_call_heap.js';
import { logged } from './logged.js';
import { clearSoon, clearTimer, secondsNow, setTimer, soon } from './node_timers.js';
import type { Origin } from './origin.js';

// Node takes a longer wait than this for one of a millisecond.
const LONGEST_WAIT_MS = 2 ** 31 - 1;

type Armed =
  | { readonly kind: 'timer'; readonly timer: NodeJS.Timeout; readonly dueAt: number }
  | { readonly kind: 'immediate'; readonly immediate: NodeJS.Immediate };

interface HandedIn {
  readonly scope: AsyncResource;
  readonly f: (...args: never[]) => unknown;
  readonly args: readonly unknown[];
}

/**
 * Holds the calls, and while it is open makes each one when its time has come.
 *
 * At most one timer of Node's is armed, however many calls there are; none while the queue is closed or empty.
 */
export class TimerQueue implements DelayedCallOwner {
  readonly #heap = new DelayedCallHeap();
  // Node's timer is made in this context: it belongs to the queue, not to whoever scheduled the first call.
  readonly #scope = new AsyncResource('TimerQueue', { requireManualDestroy: true });
  #handedIn: HandedIn[] = [];
  #atEndOfTurn: (() => void) | undefined;
  #armed: Armed | undefined;
  #open = false;
  #turning = false;

  seconds(): number {
    return secondsNow();
  }

  callLater(
    seconds: number,
    f: (...args: never[]) => unknown,
    args: readonly unknown[],
    origin: Origin | undefined,
    scope?: AsyncResource,
  ): DelayedCall {
    checkDelay(seconds);
    if (typeof f !== 'function') throw new TypeError(`Cannot call ${String(f)} later: pass a function.`);
    const call = new DelayedCall(this, secondsNow() + seconds, f, args, origin, scope);
    this.#heap.add(call);
    this.#arm();
    return call;
  }

  /** Makes a call in the next turn, before those whose time has come. It is none of the pending calls. */
  callNextTurn(f: (...args: never[]) => unknown, args: readonly unknown[]): void {
    const scope = new AsyncResource('TimerQueue.callNextTurn', { requireManualDestroy: true });
    this.#handedIn.push({ scope, f, args });
    this.#arm();
  }

  /** Whether no call is to come, of either kind. */
  get isEmpty(): boolean {
    return this.#heap.size === 0 && this.#handedIn.length === 0;
  }

  /** Whether the next turn has a call to make that was handed in. */
  get hasHandedIn(): boolean {
    return this.#handedIn.length > 0;
  }

  /** Has `f` called at the end of this turn; of the next one, which is soon, when none is under way. */
  atEndOfTurn(f: () => void): void {
    this.#atEndOfTurn = f;
    this.#arm();
  }

  /** The pending calls, in the order in which they are due. */
  pending(): DelayedCall[] {
    return this.#heap.size === 0 ? [] : this.#heap.sorted();
  }

  cancelled(call: DelayedCall): void {
    this.#heap.remove(call);
    if (this.#heap.size > 0) return;
    // The next call comes soon, maybe. Until then Node's timer keeps no process alive: cheaper than to make another one.
    if (this.#armed?.kind === 'timer') this.#armed.timer.unref();
    else this.#disarm();
    this.#arm();
  }

  moved(call: DelayedCall): void {
    this.#heap.update(call);
    this.#arm();
  }

  /** From now on calls are made. */
  open(): void {
    this.#open = true;
    this.#arm();
  }

  /** From now on no call is made until the queue is opened again. */
  close(): void {
    this.#open = false;
    this.#disarm();
  }

  /** Goes on after a turn that was cut off in the middle of a call. */
  recover(): void {
    this.#turning = false;
    this.#disarm();
    this.#arm();
  }

  #arm(): void {
    if (this.#turning) return;
    const { first } = this.#heap;
    const atOnce = this.#atEndOfTurn !== undefined || (this.#open && this.#handedIn.length > 0);
    if (!atOnce && (first === undefined || !this.#open)) return;
    const armed = this.#armed;
    const dueAt = atOnce || first === undefined ? 0 : first.getTime();
    // A timer that comes too early finds nothing to do and is armed anew: cheaper than moving it for each call.
    if (armed !== undefined && (armed.kind === 'immediate' || armed.dueAt <= dueAt)) {
      if (armed.kind === 'timer') armed.timer.ref();
      return;
    }
    this.#disarm();
    this.#scope.runInAsyncScope(this.#start, this, dueAt);
  }

  #start(dueAt: number): void {
    const waitMs = Math.min(Math.ceil((dueAt - secondsNow()) * 1000), LONGEST_WAIT_MS);
    this.#armed =
      waitMs <= 0
        ? { kind: 'immediate', immediate: soon(this.#turn) }
        : { kind: 'timer', timer: setTimer(this.#turn, waitMs), dueAt };
  }

  #disarm(): void {
    if (this.#armed?.kind === 'timer') clearTimer(this.#armed.timer);
    else if (this.#armed?.kind === 'immediate') clearSoon(this.#armed.immediate);
    this.#armed = undefined;
  }

  /** Makes every call that is due now. What these calls schedule is due later, so it runs in a turn of its own. */
  readonly #turn = (): void => {
    this.#armed = undefined;
    this.#turning = true;
    if (this.#open) this.#callHandedIn();
    const now = secondsNow();
    const newest = this.#heap.newest;
    for (;;) {
      const { first } = this.#heap;
      if (!this.#open || first === undefined || first.getTime() > now || first.order > newest) break;
      this.#heap.remove(first);
      try {
        first.run();
      } catch (error) {
        first.logError(error);
      }
    }
    const atEnd = this.#atEndOfTurn;
    this.#atEndOfTurn = undefined;
    atEnd?.();
    this.#turning = false;
    this.#arm();
  };

  #callHandedIn(): void {
    const calls = this.#handedIn;
    this.#handedIn = [];
    for (const { scope, f, args } of calls) {
      scope.runInAsyncScope(logged, undefined, () => {
        (f as (...args: readonly unknown[]) => unknown)(...args);
      });
    }
  }
}
