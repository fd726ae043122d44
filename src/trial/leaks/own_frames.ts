/** Makes room for the user's frames where ours stand below them. */
import { NativeError } from '../../internet/native_error.js';

/** As many as there may be from the event loop to where ticks and microtasks are run. */
const OWN_FRAMES = 30;

let below = 0;
let usual: number | undefined;
let raised: number | undefined;

/** How many frames of ours there may be at the bottom of a stack, before those of whoever waits. */
export function ownFramesBelow(): number {
  return below;
}

/** Lets stacks be longer until `endLongerStacks`: the functions that wait for one come last in a stack, after ours. */
export function beginLongerStacks(): void {
  const limit: unknown = NativeError.stackTraceLimit;
  if (typeof limit !== 'number') return;
  // A test may have kept ours, to put it back after an `await`.
  if (limit !== raised) {
    usual = limit;
    raised = limit + OWN_FRAMES;
  }
  below = OWN_FRAMES;
  NativeError.stackTraceLimit = raised;
}

/** Ends what `beginLongerStacks` began; what a test has set meanwhile stays. */
export function endLongerStacks(): void {
  below = 0;
  if (usual !== undefined && NativeError.stackTraceLimit === raised) NativeError.stackTraceLimit = usual;
}
