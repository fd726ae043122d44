/** Sends what was written in one call together. */
import { AsyncResource } from 'node:async_hooks';
import { afterThisCall } from './node_timers.js';

/** Something that has held back what was written to it. */
export interface Flushable {
  flush(): void;
}

let held: Flushable[] = [];
let scope: AsyncResource | undefined;

/** Has `flushable.flush()` called when the call that is being made now returns. */
export function flushAfterThisCall(flushable: Flushable): void {
  if (held.push(flushable) > 1) return;
  // In a context of its own: whoever wrote first does not own what all write.
  scope ??= new AsyncResource('WriteFlusher', { requireManualDestroy: true });
  scope.runInAsyncScope(afterThisCall, undefined, flushHeld);
}

function flushHeld(): void {
  const flushables = held;
  held = [];
  for (const flushable of flushables) flushable.flush();
}
