/** How the callbacks of a Deferred run, and how Deferreds wait for each other. */
import { type ChainState, isChain, NOTED, type Resumable, RUNNING, type Step, WAITED_FOR } from './chain_state.js';
import { Failure, isFailure } from './failure.js';
import { noteFailed, noteHandled } from './unhandled.js';

/** What `takeResult` returns when there is nothing to take. */
export const NO_RESULT = Symbol('no result');

// Stand in a list of stages where another Deferred, or a task, waits for the result.
const CONTINUE: Step = () => undefined;
const RESUME: Step = () => undefined;

/**
 * Stands for a callback or errback that was not given, where the result is a Deferred: one that waits and was unpaused
 * by hand. Passing that on is returning it, so it is waited for again.
 */
function passOn(result: unknown): unknown {
  return result;
}

/** Adds one stage, and runs it at once if the Deferred has its result. */
export function addStage(
  d: ChainState,
  callback: Step | undefined,
  errback: Step | undefined,
  callbackArgs: readonly unknown[] | undefined,
  errbackArgs: readonly unknown[] | undefined,
): void {
  if (d.called && d.stages === undefined && d.paused === 0 && (d.flags & RUNNING) === 0) {
    // Nothing stands before it: no list is needed.
    const failed = isFailure(d.result);
    const f = failed ? errback : callback;
    if (f === undefined && !isChain(d.result)) {
      // It may have failed while it was paused less than nought times, and have had no occasion to say so.
      if (failed && (d.flags & NOTED) === 0) settle(d);
      return;
    }
    if (!runStage(d, f ?? passOn, failed ? errbackArgs : callbackArgs) && d.stages !== undefined) runFrom(d);
    else settle(d);
    return;
  }
  if (d.stages === undefined) d.stages = [callback, errback, callbackArgs, errbackArgs];
  else d.stages.push(callback, errback, callbackArgs, errbackArgs);
  if (d.called) run(d);
}

/** Has `task` resumed with what `d` ends in; `d` itself goes on with undefined. */
export function addResumption(d: ChainState, task: Resumable): void {
  if (d.stages === undefined) d.stages = [RESUME, RESUME, task, task];
  else d.stages.push(RESUME, RESUME, task, task);
  if (d.called) run(d);
}

/**
 * Takes the result of `d` away, as a callback that returns nothing does, if `d` has one and nothing is left to run.
 *
 * @returns The result, a Failure included, or `NO_RESULT`.
 */
export function takeResult(d: ChainState): unknown {
  if (!d.called || d.stages !== undefined || d.paused !== 0 || (d.flags & RUNNING) !== 0) return NO_RESULT;
  const { result } = d;
  d.result = undefined;
  noteTaken(d);
  return result;
}

/** Runs what can be run of the callbacks of `d`, and of those that wait for it. */
export function run(d: ChainState): void {
  if ((d.flags & RUNNING) === 0 && d.paused === 0) runFrom(d);
}

/**
 * Runs the stages of `first`, then of whatever gets its result from there, in a loop: a chain of Deferreds may be
 * longer than the call stack is deep.
 *
 * `unfinished` holds those to go back to, for their remaining stages. One that handed its result to a Deferred is not
 * running; one that resumed a task stands as if it were still inside that callback, so it is marked as running.
 */
function runFrom(first: ChainState): void {
  let current = first;
  let unfinished: ChainState[] | undefined;
  for (;;) {
    const other = runStages(current);
    if (other !== undefined) {
      unfinished ??= [];
      unfinished.push(current);
      current = other;
      if (other.paused === 0) continue;
    } else {
      settle(current);
      const earlier = unfinished?.pop();
      if (earlier === undefined) return;
      current = earlier;
      if ((earlier.flags & RUNNING) !== 0) {
        resumed(earlier);
        continue;
      }
      if (earlier.paused === 0) continue;
    }
    // One that is paused stops those that handed their result on as well, as in Twisted; not those that resumed a task.
    let earlier = unfinished?.pop();
    while (earlier !== undefined && (earlier.flags & RUNNING) === 0) earlier = unfinished?.pop();
    if (earlier === undefined) return;
    resumed(earlier);
    current = earlier;
  }
}

/**
 * Runs stages until none is left, until one has to be waited for, or until one hands the result on.
 *
 * @returns The Deferred that is to run next.
 */
function runStages(d: ChainState): ChainState | undefined {
  while (d.stages !== undefined) {
    const { stages, next } = d;
    if (next >= stages.length) {
      d.stages = undefined;
      d.next = 0;
      return undefined;
    }
    const offset = isFailure(d.result) ? 1 : 0;
    const f = stages[next + offset] as Step | undefined;
    const args = stages[next + 2 + offset];
    // What has run is let go, so that a chain that waits half-way does not keep it alive.
    stages[next] = stages[next + 1] = stages[next + 2] = stages[next + 3] = undefined;
    d.next = next + 4;
    if (f === undefined && !isChain(d.result)) continue;
    if (f === CONTINUE) return handOver(d, args as ChainState);
    if (f === RESUME) {
      const fired = resume(d, args as Resumable);
      if (fired !== undefined) return fired;
    } else if (runStage(d, f ?? passOn, args as readonly unknown[] | undefined)) {
      compact(d);
      return undefined;
    }
  }
  return undefined;
}

/** Gives the result of `d` to a Deferred that waited for it. */
function handOver(d: ChainState, waiter: ChainState): ChainState {
  waiter.result = d.result;
  waiter.paused--;
  d.result = undefined;
  noteTaken(d);
  return waiter;
}

/**
 * Resumes a task with the result of `d`. When that fires a Deferred, `d` stays as it is, as if it were still inside the
 * callback that fires it, until `resumed`.
 */
function resume(d: ChainState, task: Resumable): ChainState | undefined {
  d.flags |= RUNNING;
  let fired: ChainState | undefined;
  let result: unknown;
  try {
    fired = task.resume(d.result);
  } catch (error) {
    result = new Failure(error);
  }
  if (fired !== undefined) return fired;
  resumed(d);
  d.result = result;
  return undefined;
}

/** What a task that `d` resumed has fired is done. */
function resumed(d: ChainState): void {
  d.flags &= ~RUNNING;
  d.result = undefined;
}

/**
 * Calls one callback and makes what it returns the result.
 *
 * @returns Whether `d` has to wait for what the callback returned.
 */
function runStage(d: ChainState, f: Step, args: readonly unknown[] | undefined): boolean {
  d.flags |= RUNNING;
  let result: unknown;
  try {
    const call = f as (...args: unknown[]) => unknown;
    result = args === undefined ? call(d.result) : call(d.result, ...args);
    if ((typeof result === 'object' && result !== null) || typeof result === 'function') {
      const { then } = result as { then?: unknown };
      if (typeof then === 'function') return waitFor(d, result as PromiseLike<unknown>);
    }
  } catch (error) {
    result = new Failure(error);
  } finally {
    d.flags &= ~RUNNING;
  }
  d.result = result;
  return false;
}

/** Takes the result of what a callback returned, or has `d` wait for it. Returns whether it waits. */
function waitFor(d: ChainState, returned: PromiseLike<unknown> | ChainState): boolean {
  const inner = isChain(returned) ? returned : d.adopt(returned as PromiseLike<unknown>);
  if (inner === d) {
    throw new TypeError('A callback returned the Deferred that it was added to, which would wait for itself.');
  }
  if (!inner.called || inner.paused !== 0 || isChain(inner.result)) {
    if (waitsFor(inner, d)) {
      throw new TypeError('A callback returned a Deferred that waits for this one: each would wait for the other.');
    }
    d.paused++;
    d.result = inner;
    inner.flags |= WAITED_FOR;
    if (inner.stages === undefined) inner.stages = [CONTINUE, CONTINUE, d, d];
    else inner.stages.push(CONTINUE, CONTINUE, d, d);
    return true;
  }
  d.result = inner.result;
  inner.result = undefined;
  noteTaken(inner);
  return false;
}

/** Whether `inner` waits for `d`, directly or through others. */
function waitsFor(inner: ChainState, d: ChainState): boolean {
  // Only a Deferred that somebody waits for can be waited for by `inner`; without this, building a long chain from its
  // inner end would walk all of it for every link.
  if ((d.flags & WAITED_FOR) === 0) return false;
  for (let other: unknown = inner.result; isChain(other); other = other.result) if (other === d) return true;
  return false;
}

/** Takes notice of how a chain has ended for now. */
function settle(d: ChainState): void {
  const { result } = d;
  if (isFailure(result)) {
    d.flags |= NOTED;
    noteFailed(d, result, d.owner);
  } else {
    noteTaken(d);
  }
}

/** The failure of `d`, if it had one, is somebody else's now. */
function noteTaken(d: ChainState): void {
  if ((d.flags & NOTED) === 0) return;
  d.flags &= ~NOTED;
  noteHandled(d);
}

/** Cuts off the stages that have run. Half of the list at least, so that the work stays in proportion. */
function compact(d: ChainState): void {
  if (d.stages !== undefined && d.next >= 64 && d.next * 2 >= d.stages.length) {
    d.stages.splice(0, d.next);
    d.next = 0;
  }
}
