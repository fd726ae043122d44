/** Turns of the event loop for tests that left nothing in the reactor, at a part of the price. */
import { beginLongerStacks, endLongerStacks } from '../leaks/own_frames.js';
import { soon } from './now.js';
import { tellUncaught } from './uncaught.js';

/**
 * Node's own, which runs the ticks and microtasks of now and tells of the promises left rejected; between any two callbacks
 * of its event loop it calls that itself. Not documented, and with `--pending-deprecation` replaced by one that warns.
 */
const { _tickCallback: runTicks } = process as typeof process & { readonly _tickCallback?: () => void };
const canRunTicks = typeof runTicks === 'function' && runTicks.name === 'runNextTicks';

/** So many tests may pass between two looks of Node's at sockets and timers: each look is a system call of 3 µs. */
const TURNS_AT_ONCE = 16;

interface Call {
  readonly f: (argument: never) => void;
  readonly argument: unknown;
}

const calls: Call[] = [];
/** How many turns are still to come of those that were asked for. */
let asked = 0;

/**
 * Calls `f(argument)` when all microtasks and ticks of now have run, and Node has told of the promises left rejected.
 *
 * Node sees to that between any two callbacks of `setImmediate`, so they are asked for in batches. The call is made in
 * whatever asynchronous context the batch was asked for in.
 */
export function nextTurn<A>(f: (argument: A) => void, argument: A): void {
  calls.push({ f, argument });
  ask();
}

/** Asks again: turns that were asked for may have been lost with a callback that was cut off. */
export function recoverTurns(): void {
  asked = 0;
  if (calls.length > 0) ask();
}

/**
 * As a turn, at once: only for where nothing of anybody's is being executed.
 *
 * @returns Whether it is done; otherwise a turn has to be waited for.
 */
export function turnNow(): boolean {
  if (!canRunTicks) return false;
  beginLongerStacks();
  try {
    runTicks?.();
    return true;
  } catch (error) {
    // As Node does with what a tick throws; the rest of them comes in the next turn.
    if (!tellUncaught(error)) throw error;
    return false;
  } finally {
    endLongerStacks();
  }
}

function ask(): void {
  if (asked > 0) return;
  asked = TURNS_AT_ONCE;
  for (let i = 0; i < TURNS_AT_ONCE; i++) soon(turn);
}

function turn(): void {
  asked -= 1;
  const call = calls.shift();
  if (calls.length > 0) ask();
  call?.f(call.argument as never);
}
