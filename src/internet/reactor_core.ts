/** A reactor's time, and its start and stop. */
import type { AsyncResource } from 'node:async_hooks';
import { Deferred } from './deferred.js';
import type { DelayedCall } from './delayed_call.js';
import { ConnectionLost, ReactorAlreadyRunning, ReactorNotRestartable, ReactorNotRunning } from './errors.js';
import { Failure } from './failure.js';
import { clearTicker, secondsNow, setTicker } from './node_timers.js';
import { captureOrigin, type Origin } from './origin.js';
import { NativePromise } from './promises.js';
import type { ReactorTime } from './reactor_time.js';
import { Selectables } from './selectables.js';
import { onStopSignal } from './stop_signals.js';
import { type Phase, SystemEvents, type SystemEventTrigger } from './system_events.js';
import type { ModuleFunction } from './thread_message.js';
import { callFromThread, callInThread, onMainThread } from './threads.js';
import { TimerQueue } from './timer_queue.js';
import { leaveCalls } from './write_flusher.js';

/** How the reactor runs. */
export interface RunOptions {
  /** Whether SIGINT and SIGTERM stop the reactor; true by default. */
  readonly installSignalHandlers?: boolean;
}

/** @internal Who runs a reactor instead of `run()`. */
export interface ReactorRunner {
  /** `reactor.stop()` was called. */
  stopRequested(): void;
}

type State =
  | { readonly kind: 'new' }
  | { readonly kind: 'running'; readonly by: 'run' | ReactorRunner; stopping: boolean; readonly finished: () => void }
  | { readonly kind: 'stopped' };

// Twice a month a timer that does nothing: it is what keeps a reactor alive that has nothing else to wait for.
const KEEP_ALIVE_MS = 2 ** 31 - 1;

/** Between the user's code and the reactor may stand an endpoint, a ClientCreator. Next to a socket they cost nothing. */
const FRAMES = 12;
/** Of delayed calls there are very many. */
const FEW_FRAMES = 4;

/**
 * The part of a reactor that has nothing to do with a network.
 *
 * @see Twisted, IReactorCore, IReactorTime, IReactorThreads
 */
export class ReactorCore implements ReactorTime {
  /** @internal All that is open. */
  readonly selectables = new Selectables();
  readonly #timers = new TimerQueue();
  readonly #events = new SystemEvents();
  #state: State = { kind: 'new' };
  #running = false;
  // Where a call was scheduled or a connection asked for is of use to a runner of tests, and costs several microseconds.
  #keepsOrigins = false;

  /** Whether the reactor runs: from its start until the shutdown is under way. */
  get running(): boolean {
    return this.#running;
  }

  // Time

  /** Seconds since 1970-01-01T00:00:00Z; never goes back. */
  seconds(): number {
    return secondsNow();
  }

  /**
   * Calls `f(...args)` once, no sooner than `seconds` from now and never before the caller returns.
   *
   * Calls of the same time are made in the order in which they were scheduled, and in the async context they were
   * scheduled in. Nothing is called before `run()`.
   *
   * @param seconds - Finite and >= 0; fractions count (0.25 is 250 ms).
   * @param f - What it throws is logged and is an error of the running test; the reactor goes on.
   * @param args - Handed to `f` as they are.
   * @returns The pending call; its `cancel()` throws AlreadyCalled or AlreadyCancelled when it is too late.
   * @throws RangeError if `seconds` is negative or not finite.
   * @example
   * const call = reactor.callLater(5, () => d.cancel());
   * @see Twisted, IReactorTime.callLater
   */
  callLater<A extends readonly unknown[]>(seconds: number, f: (...args: A) => void, ...args: A): DelayedCall {
    return this.#timers.callLater(seconds, f, args, this.originOf(this.callLater, FEW_FRAMES));
  }

  /** @internal */
  callLaterFrom(origin: Origin | undefined, seconds: number, f: () => void, scope?: AsyncResource): DelayedCall {
    return this.#timers.callLater(seconds, f, [], origin, scope);
  }

  /**
   * Calls `f(...args)` in the reactor's next turn, before the delayed calls that are due. Nothing is called before `run()`.
   *
   * @param f - On the main thread a function, whose errors are logged, or `{ module, name }`; in a thread of the pool
   * `{ module, name }`, since a function cannot leave its thread.
   * @param args - What it is called with; from another thread structured clones of them.
   * @throws TypeError for a function in another thread.
   * @see Twisted, IReactorFromThreads.callFromThread
   */
  callFromThread<A extends readonly unknown[]>(f: ((...args: A) => unknown) | ModuleFunction, ...args: A): void {
    if (!onMainThread()) callFromThread(f, ...args);
    else if (typeof f === 'function') this.#timers.callNextTurn(f, args);
    else this.#timers.callNextTurn(() => callFromThread(f, ...args), []);
  }

  /**
   * Calls `f(...args)` in a thread of the pool, once the reactor runs. Its result is of no interest, its error is logged.
   *
   * @param f - As of `deferToThread`: a self-contained function, or `{ module, name }`.
   * @see Twisted, IReactorInThreads.callInThread
   */
  callInThread<A extends readonly unknown[]>(f: ((...args: A) => unknown) | ModuleFunction, ...args: A): void {
    this.callWhenRunning(() => callInThread(f, ...args));
  }

  /** @internal Whether nothing is open and no call is to come. */
  get isQuiet(): boolean {
    return this.#timers.isEmpty && this.selectables.size === 0;
  }

  /** @internal Whether a call from a thread is to be made in the next turn. */
  get hasCallsFromThreads(): boolean {
    return this.#timers.hasHandedIn;
  }

  /** The calls that are still to come, in the order in which they are due. */
  getDelayedCalls(): DelayedCall[] {
    return this.#timers.pending();
  }

  // Start and stop

  /**
   * Runs the reactor until it is stopped. It keeps the process alive though it has nothing to do.
   *
   * @returns A Promise that is fulfilled when the reactor has stopped, the triggers of the shutdown have been called and
   * all connections are closed. Rejected with ReactorAlreadyRunning, under `trial` too, or with ReactorNotRestartable
   * when it has run before.
   * @see Twisted, IReactorCore.run: there it returns when the reactor has stopped.
   */
  run(options: RunOptions = {}): Promise<void> {
    const { installSignalHandlers = true } = options;
    const { kind } = this.#state;
    if (kind === 'running') {
      return NativePromise.reject(new ReactorAlreadyRunning('The reactor is running already: call run() once.'));
    }
    if (kind === 'stopped') {
      return NativePromise.reject(new ReactorNotRestartable('The reactor has run and can not be run a second time.'));
    }
    return new NativePromise((resolve) => {
      const keepAlive = setTicker(() => {}, KEEP_ALIVE_MS);
      const removeHandlers = installSignalHandlers ? onStopSignal(() => this.#stopIfRunning()) : undefined;
      const finished = (): void => {
        clearTicker(keepAlive);
        removeHandlers?.();
        this.#state = { kind: 'stopped' };
        resolve();
      };
      this.#start({ kind: 'running', by: 'run', stopping: false, finished });
    });
  }

  /**
   * Stops the reactor: when the calls that are due have been made, and never before this returns, the triggers of the
   * shutdown are called and connections are lost.
   *
   * @throws ReactorNotRunning when it does not run, or was stopped before.
   */
  stop(): void {
    const state = this.#state;
    if (state.kind !== 'running' || state.stopping) {
      throw new ReactorNotRunning('Cannot stop a reactor that is not running.');
    }
    if (state.by !== 'run') {
      state.by.stopRequested();
      return;
    }
    state.stopping = true;
    this.#timers.atEndOfTurn(() => this.fireSystemEvent('shutdown'));
  }

  /**
   * Calls `f(...args)` when the reactor starts; at once when it runs already.
   *
   * @returns What removes the call again, by `removeSystemEventTrigger`; undefined when it was made.
   */
  callWhenRunning<A extends readonly unknown[]>(f: (...args: A) => void, ...args: A): SystemEventTrigger | undefined {
    if (!this.#running) return this.addSystemEventTrigger('after', 'startup', f, ...args);
    f(...args);
    return undefined;
  }

  /** @internal */
  whenRunning(f: () => void): void {
    if (this.#running) f();
    else this.#events.add('during', 'startup', f, []);
  }

  /**
   * Has `f(...args)` called at an event of the reactor.
   *
   * @param phase - The triggers `before` are called first; when Deferreds and Promises that these return have fired, those
   * `during` and then those `after`.
   * @param eventType - `startup`, `shutdown`, or a name of your own for `fireSystemEvent`.
   * @param f - What it throws is logged, and the event goes on.
   * @returns What `removeSystemEventTrigger` takes.
   * @see Twisted, IReactorCore.addSystemEventTrigger
   */
  addSystemEventTrigger<A extends readonly unknown[]>(
    phase: Phase,
    eventType: string,
    f: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger {
    return this.#events.add(phase, eventType, f, args);
  }

  /**
   * Takes a trigger back.
   *
   * @throws Error when it has fired, or was removed before.
   * @see Twisted, IReactorCore.removeSystemEventTrigger: there a trigger `before` that has fired may be taken back as long
   * as its event goes on, with the warning that later versions will throw, as this one does.
   */
  removeSystemEventTrigger(trigger: SystemEventTrigger): void {
    this.#events.remove(trigger);
  }

  /**
   * Calls the triggers of an event. The reactor fires `startup` and `shutdown` itself.
   *
   * @param eventType - The event's name.
   */
  fireSystemEvent(eventType: string): void {
    this.#events.fire(
      eventType,
      () => this.#during(eventType),
      () => this.#after(eventType),
    );
  }

  /** @internal Starts the reactor without `run()`: a runner of tests has Node's event loop run already. */
  startUnder(runner: ReactorRunner): void {
    if (this.#state.kind === 'running') throw new ReactorAlreadyRunning('The reactor is running already.');
    this.#keepsOrigins = true;
    this.#start({ kind: 'running', by: runner, stopping: false, finished: () => {} });
  }

  /** @internal Ends what `startUnder` began. @returns A Deferred that fires when the shutdown is over. */
  endUnder(): Deferred<void> | undefined {
    const state = this.#state;
    if (state.kind !== 'running' || state.by === 'run' || state.stopping) return undefined;
    let over = false;
    let waiting: Deferred<void> | undefined;
    const finished = (): void => {
      over = true;
      this.#state = { kind: 'new' };
      this.#keepsOrigins = false;
      waiting?.callback();
    };
    this.#state = { kind: 'running', by: state.by, stopping: true, finished };
    this.fireSystemEvent('shutdown');
    if (!over) waiting = new Deferred();
    return waiting;
  }

  /** @internal Goes on after a call that was cut off by the runner of tests. */
  recover(): void {
    leaveCalls();
    this.#timers.recover();
  }

  /** @internal Where the user's code has called this function of ours. */
  originOf(called: (...args: never[]) => unknown, frames = FRAMES): Origin | undefined {
    return this.#keepsOrigins ? captureOrigin(called, frames) : undefined;
  }

  #stopIfRunning(): void {
    if (this.#state.kind === 'running' && !this.#state.stopping) this.stop();
  }

  #start(state: State): void {
    this.#state = state;
    this.fireSystemEvent('startup');
  }

  /** What the reactor itself does at an event, before the triggers of the phase `during`. */
  #during(eventType: string): void {
    if (eventType === 'startup') {
      this.#running = true;
      this.#timers.open();
    } else if (eventType === 'shutdown') {
      this.#running = false;
      this.#timers.close();
      this.selectables.disconnectAll(
        new Failure(new ConnectionLost('The connection was lost: the reactor has stopped.')),
      );
    }
  }

  #after(eventType: string): void {
    if (eventType === 'shutdown' && this.#state.kind === 'running') this.#state.finished();
  }
}
