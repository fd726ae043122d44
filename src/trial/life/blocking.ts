/**
 * What is done about a test that blocks the event loop, where no timer can: another thread asks now and then, and this
 * one answers in the middle of whatever it is doing.
 */
import { errorHead } from '../../internet/error_text.js';
import { TimeoutError } from '../../internet/errors.js';
import { Failure } from '../../internet/failure.js';
import { reactor } from '../../internet/reactor.js';
import { isUserFrame, userStack } from '../../internet/stack_text.js';
import { leaveLogContext } from '../../log/context.js';
import type { OutcomeCause } from '../events/events.js';
import { charge, currentOwner, runAs } from './attribution.js';
import type { Blockable } from './blockable.js';
import { leaveTimers, runningResource } from './cut_timers.js';
import { ChargedError, InterruptedError } from './errors.js';
import { framesNow } from './frames.js';
import type { Life } from './life.js';
import { setTimer, soon } from './now.js';
import { blockedText, blocksText } from './step_texts.js';
import { steps } from './steps_begun.js';
import { recoverTurns } from './turns.js';
import { tellUncaught } from './uncaught.js';

/** A test that computes a little longer than its time is not cut off. */
const GRACE_MS = 1000;
/** How soon to ask again whether the event loop has turned. */
const CONFIRM_MS = 200;
/** How often to look, a millisecond apart, whether the signal has come that the other thread has told of. */
const SIGNAL_LOOKS = 1000;
/** Nothing is to be done about this step. */
const NEVER_MS = 2 ** 31 - 1;

/** What the asking thread is to do: so many milliseconds later ask again, or at once cut off what is running. */
export const CUT_OFF = -1;

/** Instead of how long the step has been the same: somebody has pressed Ctrl-C, and what runs is to be cut off whatever its time. */
export const INTERRUPTED = -1;

/** Instead of that as well: somebody wants to know what is going on. */
export const DUMP = -2;

const url = process.getBuiltinModule('node:inspector').url;

/** Whoever runs tests. */
export interface BlockableRun {
  /** The test that is running. */
  readonly life: Life | undefined;
  /** What is running: a step of it, or what comes before there is one. */
  readonly running: Blockable | undefined;
  /** No further test is to be begun. */
  readonly isStopping: boolean;
  /** Its code was cut off: the run goes on from here. */
  cutOff(running: Blockable, error: Error, cause: OutcomeCause): void;
}

/** Thrown nowhere: it makes Node forget the callbacks that are being cut off. */
class CutOff extends ChargedError {}

let run: BlockableRun | undefined;
/** The step that has taken too long, while the event loop has not turned since. */
let suspect: Blockable | undefined;
/** The one that Ctrl-C has cut off, until it goes on. */
let interrupted: Blockable | undefined;

/** Says whose tests those are that may block. Of runs inside of a test the outermost counts. */
export function beginBlockable(blockable: BlockableRun): void {
  run ??= blockable;
}

/** The test that is running, the outermost one of several. */
export function runningLife(): Life | undefined {
  return run?.life;
}

/** What is running: a step of that test, or what comes before the tests. */
export function runningCode(): Blockable | undefined {
  return run?.running;
}

/** Whether Ctrl-C has cut this off: it is told of that where it goes on. */
export function isBeingInterrupted(code: Blockable): boolean {
  return interrupted === code;
}

export function endBlockable(blockable: BlockableRun): void {
  if (run === blockable) run = undefined;
}

/** Whether a debugger may be there, which stops everything. */
export function isBeingDebugged(): boolean {
  return url() !== undefined;
}

/**
 * Asked by the other thread, on top of whatever is running.
 *
 * @param elapsedMs - For how long the running step has been the same; INTERRUPTED.
 * @param isOver - Called once what runs has been cut off.
 * @returns CUT_OFF, or when to ask again, in milliseconds.
 */
export function askBlocked(elapsedMs: number, isOver: () => void): number {
  const code = run?.running;
  // Somebody who sits at a debugger stops everything, and for as long as he likes.
  if (code === undefined || isBeingDebugged()) return NEVER_MS;
  const isInterrupted = elapsedMs === INTERRUPTED;
  const seconds = code.stepSeconds();
  if (!isInterrupted) {
    if (!Number.isFinite(seconds)) return NEVER_MS;
    const leftMs = seconds * 1000 + GRACE_MS - elapsedMs;
    if (leftMs > 0) return Math.min(Math.max(leftMs, CONFIRM_MS), NEVER_MS);
  }
  const stack = stackOf(askBlocked);
  if (stack === undefined) return CONFIRM_MS;
  if (suspect !== code) {
    suspect = code;
    soon(forgetSuspect);
    return CONFIRM_MS;
  }
  suspect = undefined;
  const resource = runningResource();
  if (!forgetCallbacks()) return NEVER_MS;
  cutOff(code, errorOf(code, isInterrupted ? undefined : seconds, stack), isOver, isInterrupted);
  leaveTimers(resource);
  return CUT_OFF;
}

/**
 * Asked by the other thread, on top of whatever is running: what that is.
 *
 * @returns undefined when it cannot be told at this moment.
 */
export function blockedDump(): string | undefined {
  const code = run?.running;
  const stack = isBeingDebugged() ? undefined : stackOf(blockedDump);
  if (stack === undefined) return undefined;
  const who = code === undefined ? 'No test is running, and something' : `${code.testId} (${code.stepName})`;
  const lines = code === undefined ? [] : pendingLines(code);
  return [userStack(`${who} blocks the event loop, here:\n${stack}`), ...lines].join('\n');
}

/** What is told of the test; the places of what it waits for are known as long as nothing has moved. */
function errorOf(code: Blockable, seconds: number | undefined, stack: string): Error {
  const { testId, stepName } = code;
  const text = seconds === undefined ? blockedText(testId, stepName) : blocksText(testId, stepName, seconds);
  const message = [text, ...pendingLines(code)].join('\n');
  const error = seconds === undefined ? new InterruptedError(message) : new TimeoutError(message);
  if (misses === 0) error.stack = `${error.name}: ${error.message}\n${stack}`;
  else code.pointAt(error);
  return error;
}

/** It is asked in the middle of whatever is going on: that must not keep the test from being cut off. */
function pendingLines(code: Blockable): readonly string[] {
  try {
    return code.waitingLines({ isBlocked: true });
  } catch (error) {
    return [`What is pending cannot be told: ${errorHead(error)}`];
  }
}

/** Has the run go on once the code is gone. */
function cutOff(code: Blockable, error: Error, isOver: () => void, isInterrupted: boolean): void {
  const owner = currentOwner();
  const cause = isInterrupted ? 'error' : 'timeout';
  const step = Atomics.load(steps, 0);
  let patience = SIGNAL_LOOKS;
  if (isInterrupted) interrupted = code;
  // What happens to it now happens because it is cut off.
  code.stopClock();
  const goOn = () => {
    // No further test is begun: the signal that is the reason has to be known first.
    if (isInterrupted && run?.isStopping === false && patience-- > 0) {
      setTimer(goOn, 1);
      return;
    }
    interrupted = undefined;
    recover();
    if (owner !== undefined && owner !== code.account) {
      code.othersBlocked(owner, error);
      if (isInterrupted) code.interrupt(new InterruptedError('Interrupted.'));
    } else if (Atomics.load(steps, 0) !== step) charge(code.account, new Failure(error), cause);
    else runAs(undefined, () => run?.cutOff(code, error, cause));
  };
  // Not before a turn without any of it: until then the inspector takes no further request to cut something off.
  const recovered = () => {
    isOver();
    goOn();
  };
  soon(() => setTimer(recovered, 1));
}

/** How often in a row a look met nothing of the user's; after so many, that is how it is. */
const MOST_MISSES = 20;
let misses = 0;

function forgetSuspect(): void {
  suspect = undefined;
}

/** The frames of what is being interrupted by `asking`; undefined when nothing is. */
function stackOf(asking: (...args: never[]) => unknown): string | undefined {
  // The first frame is the asking itself.
  const frames = framesNow(asking);
  const interrupted = frames.filter((frame) => !/^\s*at <anonymous>:1:\d+$/.test(frame));
  if (interrupted.length === 0) return undefined;
  // It may have been met in the watch over what it makes, which Node calls with nothing of the test's on the stack.
  misses = interrupted.some(isUserFrame) ? 0 : misses + 1;
  return misses > 0 && misses <= MOST_MISSES ? undefined : interrupted.join('\n');
}

/**
 * Has Node take the callbacks that are under way for ended, as after an exception: it counts them, and ends the process
 * when the count is wrong.
 */
function forgetCallbacks(): boolean {
  const hidden = !process.hasUncaughtExceptionCaptureCallback();
  if (hidden) process.setUncaughtExceptionCaptureCallback(() => {});
  try {
    return tellUncaught(new CutOff('A test was cut off.'));
  } finally {
    if (hidden) process.setUncaughtExceptionCaptureCallback(null);
  }
}

/** What was cut off may have been called by parts that believe to be in the middle of that call. */
function recover(): void {
  leaveLogContext();
  recoverTurns();
  reactor.recover();
}
