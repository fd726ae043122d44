/** How connections, ports and processes call the user's code. */
import type { AsyncResource } from 'node:async_hooks';
import { callInSystem, type SystemContext } from '../log/context.js';
import { err } from '../log/publisher.js';
import { Failure } from './failure.js';
import { callBegins, callEnded } from './write_flusher.js';

// A class where a literal would do. V8 makes the literals of a place where most live on in its old space, before long, and
// from there each one, when it is garbage, holds on to the young ones that it knows.
class CallerContext implements SystemContext {
  readonly system: string;

  constructor(system: string) {
    this.system = system;
  }
}

/** Calls a protocol in its async context. */
export class ProtocolCaller {
  readonly #scope: AsyncResource;
  readonly #context: CallerContext;

  /** @param system - Of the log lines that come of it: the protocol's name, for one. */
  constructor(scope: AsyncResource, system: string) {
    this.#scope = scope;
    this.#context = new CallerContext(system);
  }

  /**
   * Calls `f(...args)`; what it throws is logged.
   *
   * @returns What it has thrown, if anything.
   */
  tell<A extends readonly unknown[]>(f: (...args: A) => void, ...args: A): Failure | undefined {
    callBegins();
    try {
      this.#call(f, ...args);
    } catch (error) {
      callEnded(false);
      const failure = new Failure(error);
      this.#call(err, failure);
      return failure;
    }
    callEnded(true);
    return undefined;
  }

  #call<A extends readonly unknown[]>(f: (...args: A) => void, ...args: A): void {
    this.#scope.runInAsyncScope(callInSystem<A, void>, undefined, this.#context, f, ...args);
  }
}
