/** What every event logged during a call carries besides its own data. */

/** Keys that events get from the context they are logged in; `system` says which part of a program speaks. */
export interface LogContext {
  /** Which part of the program speaks. */
  readonly system?: string;
  readonly [key: string]: unknown;
}

/** A context that says which part of a program speaks, and that nobody changes. */
export type SystemContext = Readonly<Record<'system', string>>;

const outermost: LogContext = { system: '-' };
let current = outermost;

/** @internal The context that an event logged now belongs to. */
export function currentContext(): LogContext {
  return current;
}

/** @internal Leaves all calls of `callWithContext`: they were cut off, and will not return. */
export function leaveLogContext(): void {
  current = outermost;
}

/**
 * Calls `f(...args)`; every event that is logged until it returns carries the keys of `context`.
 *
 * Calls nest: an inner context adds to the outer one, and wins where both have a key. It holds for the call itself and
 * not for what the call starts to run later.
 *
 * @param context - The keys, `{ system: 'PoetryProtocol,client' }` for one.
 * @returns What `f` returns.
 * @throws What `f` throws.
 * @see Twisted, log.callWithContext
 */
export function callWithContext<A extends readonly unknown[], R>(
  context: LogContext,
  f: (...args: A) => R,
  ...args: A
): R {
  const outer = current;
  current = { ...outer, ...context };
  try {
    return f(...args);
  } finally {
    current = outer;
  }
}

/** @internal As `callWithContext`. Nothing is made for a call that is in no other. */
export function callInSystem<A extends readonly unknown[], R>(
  context: SystemContext,
  f: (...args: A) => R,
  ...args: A
): R {
  const outer = current;
  current = outer === outermost ? context : { ...outer, ...context };
  try {
    return f(...args);
  } finally {
    current = outer;
  }
}
