/** Sends what was written in one call together. */
import { AsyncResource } from 'node:async_hooks';
import { afterThisCall } from './node_timers.js';

/** Something that has held back what was written to it. */
export interface Flushable {
  flush(): void;
}

let held: Flushable[] = [];
/** How many calls of protocols are being made, one from within the other. */
let calls = 0;
// What goes out belongs to whoever wrote it, not to whoever happened to write first: so a context of its own.
const scope = new AsyncResource('WriteFlusher', { requireManualDestroy: true });

/** Has `flushable.flush()` called when the call that is being made now returns. */
export function flushAfterThisCall(flushable: Flushable): void {
  if (held.push(flushable) === 1 && calls === 0) flushSoon();
}

/** A protocol is being called: what is written until `callEnded` is flushed there, and needs no turn of its own. */
export function callBegins(): void {
  calls++;
}

/** @param well - False when the call has thrown: what ends then for that is not to send what it wrote before. */
export function callEnded(well: boolean): void {
  calls--;
  if (calls > 0 || held.length === 0) return;
  if (well) scope.runInAsyncScope(flushHeld);
  else flushSoon();
}

/** Leaves all calls: they were cut off, and will not return. */
export function leaveCalls(): void {
  calls = 0;
  if (held.length > 0) flushSoon();
}

function flushSoon(): void {
  scope.runInAsyncScope(afterThisCall, undefined, flushHeld);
}

function flushHeld(): void {
  const flushables = held;
  held = [];
  for (const flushable of flushables) flushable.flush();
}
