/** What keeps time: the reactor, a Clock, or anything of the same shape. */

/** A call that is still to come. */
export interface PendingCall {
  /** Whether it is still to come: neither made nor cancelled. */
  active(): boolean;
  /** Takes it back. */
  cancel(): void;
}

/** Calls functions later. */
export interface CallsLater {
  /** Calls `f(...args)` in `seconds` from now. */
  callLater<A extends readonly unknown[]>(seconds: number, f: (...args: A) => void, ...args: A): PendingCall;
}

/** Calls functions later, and says what time it is. */
export interface ReactorTime extends CallsLater {
  /** The time in seconds, from whatever beginning; it never goes back. */
  seconds(): number;
}
