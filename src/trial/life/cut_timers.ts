/**
 * Puts the queues of Node's timers and immediates right where one of their callbacks is cut off: what Node does when such a
 * callback is over, in a `finally`, is not done then. What is undocumented of them is in this file.
 */
import { executionAsyncResource } from 'node:async_hooks';
import { clearTimer, soon } from './now.js';

interface ImmediateInside {
  _idleNext: ImmediateInside | null;
  _idlePrev: ImmediateInside | null;
  _onImmediate: (() => void) | null;
  _destroyed: boolean;
}

/** The timer, immediate or other thing whose callback is running. */
export const runningResource: () => object = executionAsyncResource;

/** The callback of this one is about to be cut off. */
export function leaveTimers(running: object): void {
  // Else it would count as one that keeps the process alive.
  if (typeof Reflect.get(running, '_onTimeout') === 'function') clearTimer(running as NodeJS.Timeout);
  else if (isImmediate(running)) leaveImmediate(running);
}

function isImmediate(running: object): running is ImmediateInside {
  return typeof Reflect.get(running, '_onImmediate') === 'function' && '_idleNext' in running && '_idlePrev' in running;
}

function leaveImmediate(running: ImmediateInside): void {
  const next = running._idleNext;
  if (running._idlePrev === null) {
    if (next === null) return;
    // The first of its turn: those behind it are in no queue any more.
    let last = next;
    while (last._idleNext !== null) last = last._idleNext;
    running._idleNext = null;
    const [before, after] = [inserted(), inserted()];
    join(before, next);
    join(last, after);
  } else if (running._destroyed) {
    // Node takes it for the next one, and throws each time that it finds that it was that already.
    running._destroyed = false;
    running._onImmediate = nothing;
    // It is counted down again; one that is counted up and never comes makes up for that.
    const [before, counted, after] = [inserted(), soon(nothing), inserted()];
    counted.unref();
    join(before, after);
  }
}

function inserted(): ImmediateInside {
  return soon(nothing) as unknown as ImmediateInside;
}

function join(one: ImmediateInside, next: ImmediateInside): void {
  one._idleNext = next;
  next._idlePrev = one;
}

function nothing(): void {
  // Nobody waits for it.
}
