import { reactor } from '../internet/reactor.js';
import type { PendingCall } from '../internet/reactor_time.js';

/** A call that can be put off. */
export interface ResettableCall extends PendingCall {
  /** Has it made in `seconds` from now instead. */
  reset(seconds: number): void;
}

/** What `TimeoutMixin` adds to a protocol. */
export interface Timeouts {
  /** After how many seconds of silence the connection is given up; null for never. */
  readonly timeOut: number | null;
  /**
   * Begins to wait, or ends it. A time that runs begins anew.
   *
   * @param seconds - Null to wait no longer: do so in `connectionLost`.
   * @returns The seconds set before; null if there were none.
   */
  setTimeout(seconds: number | null): number | null;
  /** The peer has given a sign of life: the time begins anew. Nothing happens when none runs. */
  resetTimeout(): void;
  /** The time is over: closes the connection. Override it to do something else. */
  timeoutConnection(): void;
  /** Measures the time: `reactor.callLater`. A test puts a Clock's in its place. */
  callLater(seconds: number, f: () => void): ResettableCall;
}

/** What a protocol needs for `TimeoutMixin`. */
interface Losable {
  transport: { loseConnection(): void };
}

/** A class with `Timeouts` added to its instances. */
export type WithTimeouts<B extends abstract new (...args: never[]) => unknown> = Omit<B, 'prototype'> &
  (new (
    ...args: ConstructorParameters<B>
  ) => InstanceType<B> & Timeouts);

/**
 * A subclass of `base` whose connections can be given up after a time of silence.
 *
 * @param base - A class of protocols.
 * @example
 * class Patient extends TimeoutMixin(LineReceiver) {
 *   override connectionMade() { this.setTimeout(60); }
 *   override lineReceived(line: Buffer) { this.resetTimeout(); }
 *   override connectionLost() { this.setTimeout(null); }
 * }
 * @see Twisted, policies.TimeoutMixin
 */
export function TimeoutMixin<B extends new (...args: never[]) => Losable>(base: B): WithTimeouts<B> {
  class WithTimeout extends (base as unknown as new (...args: readonly unknown[]) => Losable) implements Timeouts {
    timeOut: number | null = null;
    #call: ResettableCall | undefined;

    setTimeout(seconds: number | null): number | null {
      const before = this.timeOut;
      this.timeOut = seconds;
      if (seconds === null) {
        this.#call?.cancel();
        this.#call = undefined;
      } else if (this.#call !== undefined) {
        this.#call.reset(seconds);
      } else {
        // The function's name is what a list of delayed calls shows.
        const connectionTimesOut = (): void => this.#timedOut();
        this.#call = this.callLater(seconds, connectionTimesOut);
      }
      return before;
    }

    resetTimeout(): void {
      if (this.timeOut !== null) this.#call?.reset(this.timeOut);
    }

    timeoutConnection(): void {
      this.transport.loseConnection();
    }

    callLater(seconds: number, f: () => void): ResettableCall {
      return reactor.callLater(seconds, f);
    }

    #timedOut(): void {
      this.#call = undefined;
      this.timeoutConnection();
    }
  }
  return WithTimeout as unknown as WithTimeouts<B>;
}
