/** Closes connections whose peer was still sending when this end had sent its last, once the peer has had time to read it. */
import { AsyncResource } from 'node:async_hooks';
import { clearTimer, setTimer } from './node_timers.js';
import type { Closable } from './turn_end.js';

/** A peer that reads has read in this time what the system holds for it. */
const LINGER_MS = 2000;

// It is nobody's in particular: whoever was first has no more to do with it than the others.
const scope = new AsyncResource('Linger', { requireManualDestroy: true });

/**
 * Has `closable.closeNow()` called when the peer has had time to read the last that was sent to it: it goes on sending,
 * and the system would answer that with a reset, for which peers drop what they have not read.
 *
 * @returns what calls that off.
 */
export function closeAfterLingering(closable: Closable): () => void {
  const timer = scope.runInAsyncScope(setTimer, undefined, () => closable.closeNow(), LINGER_MS);
  return () => clearTimer(timer);
}
