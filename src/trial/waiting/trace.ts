/** What is kept of a test while it runs, for the case that it waits in vain. */
import { captureOrigin, type Origin } from '../../internet/origin.js';
import type { LogEvent } from '../../log/publisher.js';

/** From then on Deferreds are made as fast as without a runner. */
const MOST_DEFERREDS = 1000;
/** Between the user's code and a Deferred may be some of the core's. */
const FRAMES = 6;
const MOST_EVENTS = 10;

// Taken before any test can replace it.
const { WeakRef: WeakReference } = globalThis;

/** Stands on a Deferred as its owner, and says where that was made. */
export class MadeDeferred<O> {
  readonly owner: O;
  readonly origin: Origin;

  constructor(owner: O, origin: Origin) {
    this.owner = owner;
    this.origin = origin;
  }
}

/** The first Deferreds that a test has made, and what it has logged last. */
export class Trace {
  // The places stand on the Deferreds themselves: kept here, their frames would keep the Deferreds alive.
  readonly #deferreds: WeakRef<object>[] = [];
  #events: LogEvent[] | undefined;

  /** A Deferred is being made. Returns what is to stand on it; undefined if that is just the owner. */
  made<O>(deferred: object, made: abstract new (...args: never[]) => unknown, owner: O): MadeDeferred<O> | undefined {
    if (this.#deferreds.length >= MOST_DEFERREDS) return undefined;
    this.#deferreds.push(new WeakReference(deferred));
    return new MadeDeferred(owner, captureOrigin(made, FRAMES));
  }

  logged(event: LogEvent): void {
    this.#events ??= [];
    if (this.#events.length === MOST_EVENTS) this.#events.shift();
    this.#events.push(event);
  }

  /** Those that are still there, in the order in which they were made. */
  deferreds(): object[] {
    return this.#deferreds.flatMap((reference) => reference.deref() ?? []);
  }

  /** The last ones, in order. */
  events(): readonly LogEvent[] {
    return this.#events ?? [];
  }
}
