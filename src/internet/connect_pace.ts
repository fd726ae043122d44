/** Spreads connections that are asked for all at once over turns of the event loop. */
import { AsyncResource } from 'node:async_hooks';
import { Fifo } from './fifo.js';
import { soon } from './node_timers.js';

/** Something that is to begin. */
export interface Startable {
  begin(): void;
}

/**
 * How many begin at once; the others follow, one a turn. In a turn Node takes one connection in for each port that listens,
 * and the system lets only so many wait for it: of those that come then it throws away what the client has said last. That
 * client takes itself for connected, and may wait for ever.
 */
const AT_ONCE = 40;

let begun = 0;
const waiting = new Fifo<Startable>();
// It is nobody's in particular: whoever was first has no more to do with it than the others.
const scope = new AsyncResource('ConnectPace', { requireManualDestroy: true });

/** Has `startable.begin()` called: now, or in a later turn when many begin. */
export function beginInTurn(startable: Startable): void {
  if (begun < AT_ONCE) {
    begun++;
    startable.begin();
    return;
  }
  waiting.push(startable);
  if (waiting.size === 1) scope.runInAsyncScope(soon, undefined, beginNext);
}

function beginNext(): void {
  const next = waiting.shift();
  if (waiting.size > 0) soon(beginNext);
  else begun = 0;
  next?.begin();
}
