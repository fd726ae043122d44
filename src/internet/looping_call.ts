/** The same call again and again. */
import { Deferred } from './deferred.js';
import type { Origin } from './origin.js';
import { reactor } from './reactor.js';
import type { PendingCall, ReactorTime } from './reactor_time.js';
import { maybeDeferred } from './succeed.js';

/**
 * Calls a function at a fixed interval, without drifting: a late call does not move those after it.
 *
 * If the function returns a Deferred or a promise, the next call waits for it and comes at the next full interval; calls
 * that are missed are left out. What it throws ends the loop.
 *
 * @example
 * const loop = new LoopingCall(poll, host);
 * loop.start(5).addErrback((failure) => log.err(failure));
 * @see Twisted, task.LoopingCall
 */
export class LoopingCall<A extends readonly unknown[] = readonly unknown[]> {
  /** What keeps time: the reactor, unless something else is set before `start`. */
  clock: ReactorTime = reactor;
  #running = false;
  #interval: number | undefined;
  #startTime = 0;
  #runAtStart = false;
  #call: PendingCall | undefined;
  #done: Deferred<this> | undefined;
  readonly #next = (): void => this.#once();
  /** Where it was started. */
  #origin: Origin | undefined;
  readonly #f: () => unknown;
  readonly #name: string;

  /**
   * @param f - The function to call.
   * @param args - What it is called with.
   */
  constructor(f: (...args: A) => unknown, ...args: A) {
    this.#f = () => f(...args);
    this.#name = f.name;
  }

  /**
   * A loop whose function is told for how many intervals it is called: more than 1 when calls were missed.
   *
   * @param f - Is given the number of intervals since it was called before; it is not called for none.
   * @see Twisted, LoopingCall.withCount
   */
  static withCount(f: (count: number) => unknown): LoopingCall<[]> {
    let last: number | undefined;
    const loop = makeLoop(() => {
      const now = loop.clock.seconds();
      const { interval = 0 } = loop;
      if (interval === 0) {
        last = now;
        return f(1);
      }
      const count =
        loop.#intervalOf(now) - loop.#intervalOf(last ?? loop.#startTime - (loop.#runAtStart ? interval : 0));
      if (count <= 0) return undefined;
      last = now;
      return f(count);
    });
    return loop;
  }

  /** Whether it has been started and not ended. */
  get running(): boolean {
    return this.#running;
  }

  /** The seconds between two calls; undefined before it was started. */
  get interval(): number | undefined {
    return this.#interval;
  }

  /**
   * Begins.
   *
   * @param interval - Seconds from one call to the next, finite and >= 0; 0 is as often as the clock allows.
   * @param now - Whether the first call is made at once, before this returns, or after one interval.
   * @returns A Deferred that fires with this object when it is stopped, or fails with what the function throws.
   * @throws Error if it is running; RangeError for a bad interval.
   */
  start(interval: number, now = true): Deferred<this> {
    if (this.#running) throw new Error('Cannot start a LoopingCall that is running: stop() it first.');
    if (!(interval >= 0 && interval < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`Cannot call every ${interval} seconds: pass a finite number >= 0.`);
    }
    this.#running = true;
    this.#origin = reactor.originOf(this.start);
    const done = new Deferred<this>();
    this.#done = done;
    this.#startTime = this.clock.seconds();
    this.#interval = interval;
    this.#runAtStart = now;
    // What a list of delayed calls shows.
    Object.defineProperty(this.#next, 'name', { value: String(this), configurable: true });
    if (now) this.#once();
    else this.#scheduleFrom(this.#startTime);
    return done;
  }

  /**
   * Ends it. A call that is being waited for goes on, and the Deferred of `start` fires after it.
   *
   * @throws Error if it is not running.
   */
  stop(): void {
    this.#requireRunning('stop');
    this.#running = false;
    if (this.#call === undefined) return;
    this.#cancelCall();
    this.#finish()?.callback(this);
  }

  /**
   * Skips the next call: one full interval begins now.
   *
   * @throws Error if it is not running.
   */
  reset(): void {
    this.#requireRunning('reset');
    if (this.#call === undefined) return;
    this.#cancelCall();
    this.#startTime = this.clock.seconds();
    this.#scheduleFrom(this.#startTime);
  }

  /** `<LoopingCall every 5s poll>`. */
  toString(): string {
    const every = this.#interval === undefined ? 'not started' : `every ${this.#interval}s`;
    return `<LoopingCall ${every} ${this.#name || '(anonymous function)'}>`;
  }

  #once(): void {
    this.#call = undefined;
    maybeDeferred(this.#f)
      .addCallback(() => {
        if (this.#running) this.#scheduleFrom(this.clock.seconds());
        else this.#finish()?.callback(this);
      })
      .addErrback((failure) => {
        this.#running = false;
        const done = this.#finish();
        // Somebody else has fired the Deferred of start(): the error that came of it is not to be lost.
        if (done === undefined) return failure;
        done.errback(failure);
        return undefined;
      });
  }

  #scheduleFrom(when: number): void {
    const seconds = this.#secondsUntilNext(when);
    this.#call =
      this.clock === reactor
        ? reactor.callLaterFrom(this.#origin, seconds, this.#next)
        : this.clock.callLater(seconds, this.#next);
  }

  #secondsUntilNext(when: number): number {
    const interval = this.#interval ?? 0;
    if (interval === 0) return 0;
    const runningFor = when - this.#startTime;
    // The remainder has the sign of the interval, also when the clock was set back.
    const remainder = runningFor % interval;
    const untilNext = interval - (remainder < 0 ? remainder + interval : remainder);
    // A time so large that the difference is lost in it would be called again at once, for ever.
    return when === when + untilNext ? interval : untilNext;
  }

  #intervalOf(time: number): number {
    return Math.trunc((time - this.#startTime) / (this.#interval ?? 1));
  }

  #cancelCall(): void {
    this.#call?.cancel();
    this.#call = undefined;
  }

  #finish(): Deferred<this> | undefined {
    const done = this.#done;
    this.#done = undefined;
    return done;
  }

  #requireRunning(what: string): void {
    if (!this.#running) throw new Error(`Cannot ${what} a LoopingCall that is not running: start() it first.`);
  }
}

// Outside the class, since the bundler would rename a class that names itself inside.
function makeLoop(f: () => unknown): LoopingCall<[]> {
  return new LoopingCall(f);
}
