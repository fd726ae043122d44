/**
 * Stands between Node and who listens for what nobody has caught.
 *
 * A listener that throws itself, as one does that calls `process.exit()` in a test, does not end the process, which Node
 * takes it for; and it runs in the context of the test, as all listeners do.
 */
import { handOnToNode } from '../../internet/hand_on.js';
import { isUserFrame } from '../../internet/stack_text.js';
import { leaveContext } from './attribution.js';
import { framesNow } from './frames.js';

// Taken before any test can replace it.
const { process } = globalThis;

type Emit = (...args: unknown[]) => boolean;

const GUARDED: ReadonlySet<unknown> = new Set(['uncaughtException', 'uncaughtExceptionMonitor', 'unhandledRejection']);

let patched: Emit | undefined;
/** What there was before: usually it is inherited. */
let before: PropertyDescriptor | undefined;

/**
 * Whether the event that goes round now is one that somebody emits on `process`, not Node. Where a package has put a function
 * of its own in the place of `process.emit`, as those do that wait for the end of the process, Node calls that.
 */
export function isEmittedByHand(): boolean {
  return framesNow(process.emit).some(isUserFrame);
}

/** @param thrown - Is told what a listener has thrown at Node, where it would have ended the process. */
export function beginUncaughtEmit(thrown: (error: unknown) => void): void {
  const emit = process.emit as unknown as Emit;
  const emitGuarded = function emitGuarded(this: unknown, ...args: unknown[]): boolean {
    const [event] = args;
    const isOver = patched !== emitGuarded;
    // Who emits the event himself is told what listeners throw, and goes on behind it.
    if (isOver || !GUARDED.has(event) || isEmittedByHand()) return Boolean(handOnToNode(emit, this, args));
    try {
      return Boolean(handOnToNode(emit, this, args));
    } catch (error) {
      if (event === 'unhandledRejection')
        return emitGuarded.call(this, 'uncaughtException', error, 'uncaughtException');
      thrown(error);
      return true;
    } finally {
      // Node 24 and later leave the context of a callback of process.nextTick in place after it has thrown: whatever has no
      // context of its own would then be charged to this test.
      if (event === 'uncaughtException') leaveContext();
    }
  };
  patched = emitGuarded;
  before = Object.getOwnPropertyDescriptor(process, 'emit');
  Object.assign(process, { emit: patched });
}

/** Ends what `beginUncaughtEmit` began. */
export function endUncaughtEmit(): void {
  // One that somebody has put in its place, and that calls it, stays.
  if ((process.emit as unknown) === patched) {
    if (before === undefined) Reflect.deleteProperty(process, 'emit');
    else Object.defineProperty(process, 'emit', before);
  }
  patched = undefined;
}
