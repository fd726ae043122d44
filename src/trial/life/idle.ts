/** Notices that the event loop has nothing left to do while a test still waits. */

import { currentOwner, type Owner } from './attribution.js';
import { activeResources, clearTimer, setTimer } from './now.js';
import { keepListener, releaseListener } from './own_listeners.js';
import { giveBack, setAside } from './replaced.js';
import { isEmittedByHand } from './uncaught_emit.js';

// Taken before any test can replace it.
const { WeakRef: WeakReference } = globalThis;

/** What waits for something. */
export interface Waiter {
  /** How many tests it runs inside of. */
  readonly depth: number;
  /** Whose asynchronous context it is. */
  readonly account: object;
  /** Whether something that does not keep the process alive may end the wait all the same: something open, but no timer. */
  isReachable(): boolean;
  /** Nothing is left that could end the wait. */
  nothingLeft(): void;
}

/** Those that wait now. */
const waiting: Waiter[] = [];
/** Timers that were unref'd while a run was on: they may end a wait and yet do not keep the process alive. */
let unrefd: { readonly timer: WeakRef<NodeJS.Timeout>; readonly owner: Owner | undefined }[] = [];
let pruneAt = 1000;
/** Those that were made to keep it alive for the time of a wait. */
let held: NodeJS.Timeout[] = [];
/** Keeps it alive until it is asked again whether something open may end the wait. */
let pause: NodeJS.Timeout | undefined;
let pauseMs = 0;
let runs = 0;
let stalled: (() => void) | undefined;

interface TimeoutPrototype {
  ref(): NodeJS.Timeout;
  unref(): NodeJS.Timeout;
}

const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 10_000;

/** Node's own methods of timers, known once a run has begun. */
let original: (TimeoutPrototype & { readonly prototype: TimeoutPrototype }) | undefined;

/** Lets a timer of the runner's own not keep the process alive, without taking it for one that a test waits for. */
export function unrefQuietly(timer: NodeJS.Timeout): void {
  if (original === undefined) timer.unref();
  else original.unref.call(timer);
}

/** Begins to watch; runs nest. */
export function beginIdleWatch(): void {
  runs += 1;
  if (runs > 1) return;
  keepListener('beforeExit', loopIsEmpty);
  original = originalMethods();
  const { prototype, unref } = original;
  prototype.unref = function unrefAndNote(this: NodeJS.Timeout): NodeJS.Timeout {
    unrefd.push({ timer: new WeakReference(this), owner: currentOwner() });
    if (unrefd.length >= pruneAt) prune();
    return unref.call(this);
  };
}

/** Ends what `beginIdleWatch` began. */
export function endIdleWatch(): void {
  runs -= 1;
  if (runs > 0 || original === undefined) return;
  releaseListener('beforeExit', loopIsEmpty);
  original.prototype.unref = original.unref;
  release();
  original = undefined;
  unrefd = [];
}

/** Has `f` called when nothing is left to do and nobody waits for anything. */
export function whenStalled(f: (() => void) | undefined): void {
  stalled = f;
}

/** From now on `waiter` is told when nothing is left to do. */
export function startWait(waiter: Waiter): void {
  waiting.push(waiter);
}

/** Its wait is over. */
export function endWait(waiter: Waiter): void {
  if (held.length > 0) release();
  if (pause !== undefined) endPause();
  // Without a method of arrays, which a test may have replaced: this is not to be left undone.
  const last = waiting.length - 1;
  if (waiting[last] === waiter) {
    waiting.length = last;
    return;
  }
  const index = waiting.lastIndexOf(waiter);
  if (index !== -1) waiting.splice(index, 1);
}

function loopIsEmpty(): void {
  setAside(true);
  // Tests emit the event by hand, to see what their program does at its end.
  if (!isEmittedByHand()) endWhatCannotEnd();
  giveBack();
}

function endWhatCannotEnd(): void {
  // The test that runs another one waits for it, and does not wait in vain before that one does.
  let innermost: Waiter | undefined;
  for (const waiter of waiting) if (innermost === undefined || waiter.depth >= innermost.depth) innermost = waiter;
  if (innermost === undefined) stalled?.();
  if (innermost === undefined || hold(innermost.account)) return;
  if (innermost.isReachable()) askAgain();
  else innermost.nothingLeft();
}

function askAgain(): void {
  pauseMs = Math.min(Math.max(2 * pauseMs, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
  pause = setTimer(() => undefined, pauseMs);
}

function endPause(): void {
  clearTimer(pause);
  pause = undefined;
  pauseMs = 0;
}

/** Has the unref'd timers of the test, its modules and nobody keep the loop going. Returns whether one of them does. */
function hold(account: object): boolean {
  if (original === undefined) return false;
  prune();
  for (const { timer: reference, owner } of unrefd) {
    if (owner !== undefined && owner !== account && owner.isModule !== true) continue;
    const timer = reference.deref();
    if (timer !== undefined && timer.hasRef() === false) held.push(original.ref.call(timer));
  }
  // One that has fired or was cleared keeps nothing going, and there is no public way to ask it.
  if (activeResources().includes('Timeout')) return true;
  release();
  return false;
}

function release(): void {
  for (const timer of held) if (timer.hasRef()) original?.unref.call(timer);
  held = [];
}

/** Forgets what is over. A Node without this undocumented property only makes the list longer. */
function prune(): void {
  unrefd = unrefd.filter(({ timer: reference }) => {
    const timer = reference.deref();
    return timer !== undefined && Reflect.get(timer, '_destroyed') !== true;
  });
  pruneAt = Math.max(1000, unrefd.length * 2);
}

function originalMethods(): TimeoutPrototype & { readonly prototype: TimeoutPrototype } {
  const probe = setTimer(() => undefined, 0);
  clearTimer(probe);
  const prototype = Object.getPrototypeOf(probe) as TimeoutPrototype;
  return { prototype, ref: prototype.ref, unref: prototype.unref };
}
