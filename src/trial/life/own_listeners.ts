/**
 * Listeners of the runner's own on `process`, which tests cannot take away for good.
 *
 * A test that calls `process.removeAllListeners('uncaughtException')` wants its own handler to be the only one, and gets
 * that: until it is over, what the runner put back acts only where nobody else does.
 */

import { runAs } from './attribution.js';

// Taken before any test is loaded.
const { process } = globalThis;
const { on, off, removeListener, removeAllListeners, rawListeners } = process;

type Event = string | symbol;
type Listener = (...args: never[]) => void;

interface Kept {
  readonly event: Event;
  readonly listener: Listener;
  /** What stands for it when a test has removed it; undefined: it is itself put back. */
  readonly standIn: Listener | undefined;
  /** A test that has removed it does without it until it is over. */
  readonly waits?: boolean;
}

/** By these Node learns that somebody listens for a signal, and the watch on tests that they listen. */
const WATCHES: readonly Event[] = ['newListener', 'removeListener'];

/** What was there before any test and any runner is Node's own: by one of them it prints warnings. */
const kept: Kept[] = process
  .eventNames()
  .toSorted((a, b) => Number(WATCHES.includes(b)) - Number(WATCHES.includes(a)))
  .flatMap((event) => keptOf(event));

function keptOf(event: Event): Kept[] {
  const waits = !WATCHES.includes(event);
  return listenersOf(event).map((listener) => ({ event, listener: listener as Listener, standIn: undefined, waits }));
}

/** Those of the watches that are on. */
let ofWatches: readonly Kept[] = [];
/** How many runs guard them now. */
let guards = 0;
let disturbed = false;

/**
 * Listens on `process`; while tests run, the listener is put back when one of them removes it.
 *
 * @param yields - Once removed, it leaves the event to others that listen, until the test is over.
 */
export function keepListener(
  event: Event,
  listener: Listener,
  { yields = false }: { readonly yields?: boolean } = {},
): void {
  const standIn = (...args: unknown[]): void => {
    if (listenersOf(event).length <= 1) Reflect.apply(listener, process, args);
  };
  kept.push({ event, listener, standIn: yields ? standIn : undefined });
  listen(event, listener);
}

/**
 * Whether a signal has come to a listener, by what it is given after the name: Node says the number. Tests emit the event by
 * hand, to see what their program does.
 */
export function hasCome(number: unknown): boolean {
  return typeof number === 'number';
}

/** Ends what `keepListener` began, with the same arguments. */
export function releaseListener(event: Event, listener: Listener): void {
  const index = kept.findIndex((one) => one.event === event && one.listener === listener);
  const [found] = index === -1 ? [] : kept.splice(index, 1);
  if (found === undefined) return;
  stop(event, found.listener);
  if (found.standIn !== undefined) stop(event, found.standIn);
}

/** From now on what tests remove is put back; to be called when all watches have begun. */
export function beginListenerGuard(): void {
  guards += 1;
  if (guards > 1) return;
  ofWatches = WATCHES.flatMap(keptOf).filter((one) => !isKept(one));
  kept.push(...ofWatches);
  process.off = guarded(off);
  process.removeListener = guarded(removeListener);
  process.removeAllListeners = guarded(removeAllListeners);
}

/** Ends what `beginListenerGuard` began. */
export function endListenerGuard(): void {
  guards -= 1;
  if (guards > 0) return;
  // What comes after the tests needs it.
  if (globalThis.process !== process) globalThis.process = process;
  Object.assign(process, { off, removeListener, removeAllListeners });
  for (const one of ofWatches) kept.splice(kept.indexOf(one), 1);
  ofWatches = [];
}

/** A test is over: all listeners are themselves again. Costs nothing unless the test removed one. */
export function restoreListeners(): void {
  if (!disturbed) return;
  disturbed = false;
  for (const { event, listener, standIn } of kept) {
    if (standIn !== undefined) stop(event, standIn);
    const times = listenersOf(event).filter((one) => one === listener).length;
    if (times === 0) listen(event, listener);
    for (let more = times; more > 1; more -= 1) stop(event, listener);
  }
}

function guarded<F extends typeof off | typeof removeAllListeners>(original: F): F {
  return function guardedMethod(this: unknown, ...args: unknown[]): unknown {
    const result: unknown = Reflect.apply(original, this, args);
    putBack();
    return result;
  } as F;
}

function putBack(): void {
  for (const { event, listener, standIn, waits } of kept) {
    const there: readonly unknown[] = listenersOf(event);
    if (there.includes(listener) || there.includes(standIn)) continue;
    disturbed = true;
    if (waits !== true) listen(event, standIn ?? listener);
  }
}

function isKept({ event, listener }: Kept): boolean {
  return kept.some((one) => one.event === event && one.listener === listener);
}

function listenersOf(event: Event): readonly unknown[] {
  return Reflect.apply(rawListeners, process, [event]);
}

function listen(event: Event, listener: Listener): void {
  // In no test's context: a signal's handler runs in the one in which Node began to listen for the signal.
  runAs(undefined, () => Reflect.apply(on, process, [event, listener]));
}

function stop(event: Event, listener: Listener): void {
  Reflect.apply(off, process, [event, listener]);
}
