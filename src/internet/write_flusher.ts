/** Sends what was written in one call together. */
import { AsyncResource } from 'node:async_hooks';
import { afterThisCall } from './node_timers.js';

/** Something that has held back what was written to it. */
export interface Flushable {
  flush(): void;
}

let held: Flushable[] = [];
// What goes out belongs to whoever wrote it, not to whoever happened to write first: so a context of its own.
const scope = new AsyncResource('WriteFlusher', { requireManualDestroy: true });

/** Has `flushable.flush()` called when the call that is being made now returns. */
export function flushAfterThisCall(flushable: Flushable): void {
  if (held.push(flushable) > 1) return;
  scope.runInAsyncScope(afterThisCall, undefined, flushHeld);
}

function flushHeld(): void {
  const flushables = held;
  held = [];
  for (const flushable of flushables) flushable.flush();
}
