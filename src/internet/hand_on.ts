/** Calls that functions of ours hand on to Node as they came. */

/**
 * Does for a caller what it asked Node for. A function that stands in for one of Node's calls this directly, and nothing
 * else does: what Node makes within belongs to the caller, not to us.
 */
export function handOnToNode(
  original: (...args: never[]) => unknown,
  self: unknown,
  args: readonly unknown[],
): unknown {
  return Reflect.apply(original, self, args);
}

const HANDING_ON = /^\s*at (?:\S+\.)?handOnToNode\d* \(/;

/** Whether a frame of ours is that of `handOnToNode`; the next outer one is that of the stand-in. */
export function isHandingOn(frame: string): boolean {
  return HANDING_ON.test(frame);
}
