/** What the parts of a reactor that are open, and the reactor, know of each other. Types only. */
import type { AsyncResource } from 'node:async_hooks';
import type { Failure } from './failure.js';
import type { Origin } from './origin.js';
import type { PendingCall } from './reactor_time.js';

/** Something open that the reactor owns: a port, a connection, an attempt to connect. */
export interface Selectable {
  /** Where the user's code asked for it. */
  readonly origin: Origin | undefined;
  /** @internal Where the register has it; -1 when it has not. */
  place: number;
  /** Whether it was asked to close, and only has to get there. */
  readonly closing: boolean;
  /** Of a connection: bytes received and sent so far. */
  readonly traffic?: { readonly in: number; readonly out: number };
  /** Closes it at once, and tells nobody. */
  discard(): void;
  /** Closes it at once, and tells its protocol or factory that this was why. */
  disconnect(reason: Failure): void;
  /** What it is, with its address. */
  toString(): string;
}

/** All that is open. */
export interface SelectableRegister {
  /** Enters what has been opened. */
  add(selectable: Selectable): void;
  /** Forgets what is closed. */
  delete(selectable: Selectable): void;
}

/** What ports, connectors and connections need of the reactor they live on. */
export interface ReactorHost {
  /** Whether the reactor runs. */
  readonly running: boolean;
  /** Where they enter themselves as long as they are open. */
  readonly selectables: SelectableRegister;
  /**
   * `callLater` for a part of the reactor: the call's origin is what the user's code asked of that part.
   *
   * @param scope - The async context of the call; by default the one in which this is called.
   */
  callLaterFrom(origin: Origin | undefined, seconds: number, f: () => void, scope?: AsyncResource): PendingCall;
  /** Calls `f` at once when the reactor runs, else when it starts. */
  whenRunning(f: () => void): void;
}
