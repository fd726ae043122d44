/** Closes connections when the turn of the event loop that is under way is over. */
import { AsyncResource } from 'node:async_hooks';
import { soon } from './node_timers.js';

/** Something that is to be closed. */
export interface Closable {
  closeNow(): void;
}

let waiting: Closable[] = [];
// It is nobody's in particular: whoever was first has no more to do with it than the others.
const scope = new AsyncResource('TurnEnd', { requireManualDestroy: true });

/**
 * Has `closable.closeNow()` called at the end of this turn. What has come in by then has been read: the system would send
 * a reset for it, and the peer lose what was sent to it last.
 */
export function closeAfterThisTurn(closable: Closable): void {
  if (waiting.push(closable) > 1) return;
  scope.runInAsyncScope(soon, undefined, closeWaiting);
}

function closeWaiting(): void {
  const closables = waiting;
  waiting = [];
  for (const closable of closables) closable.closeNow();
}
