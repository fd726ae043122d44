/** All that is watched in the process while tests run. Importing this does nothing; each begin has its end. */
import { Failure } from '../../internet/failure.js';
import { beginLeakWatch, endLeakWatch } from '../leaks/leak_watch.js';
import { beginListenWatch } from '../leaks/listen_watch.js';
import { beginAcceptedWatch, endAcceptedWatch, throwerOf } from './accepted_watch.js';
import { beginAttribution, charge, currentOwner, endAttribution, type Owner, type Stray } from './attribution.js';
import { chargedIn } from './errors.js';
import { beginExitGuard, endExitGuard } from './exit_guard.js';
import { beginIdleWatch, endIdleWatch } from './idle.js';
import { beginMicrotaskWatch, endMicrotaskWatch } from './microtask_watch.js';
import { beginListenerGuard, endListenerGuard, keepListener, releaseListener } from './own_listeners.js';
import { beginReplacedWatch, endReplacedWatch, giveBack, setAside } from './replaced.js';
import { beginUncaughtEmit, endUncaughtEmit } from './uncaught_emit.js';
import { beginWarningWatch, endWarningWatch } from './warning_watch.js';

let watches = 0;
let areLeaksWatched = false;
const rejected = new WeakMap<object, Owner>();

/**
 * Begins to watch: errors that nobody handles, attempts to end the process, warnings, an empty event loop.
 *
 * @param stray - Hears of errors that happened in no test's context.
 * @param leaks - Whether what tests leave is looked for, which costs something with each timer and socket.
 * @returns What ends it. Watches nest; the outermost says whether leaks are looked for.
 */
export function beginWatch(stray: Stray, leaks = true): () => void {
  beginAttribution(stray);
  watches += 1;
  if (watches === 1) {
    keepListener('unhandledRejection', onRejection, { yields: true });
    keepListener('rejectionHandled', onRejectionHandled);
    keepListener('uncaughtException', onException, { yields: true });
    beginUncaughtEmit(onException);
    beginExitGuard();
    beginWarningWatch();
    beginIdleWatch();
    beginMicrotaskWatch();
    beginAcceptedWatch();
    areLeaksWatched = leaks;
    if (leaks) beginLeakWatch(currentOwner, { setAside, giveBack });
    beginListenerGuard();
  }
  beginReplacedWatch();
  // Modules may have been loaded since the outermost watch began.
  if (areLeaksWatched) beginListenWatch(currentOwner);
  return () => endWatch(stray);
}

function endWatch(stray: Stray): void {
  endReplacedWatch();
  endAttribution(stray);
  watches -= 1;
  // One that a test has frozen keeps all that was put there.
  if (watches > 0 || Object.isFrozen(process)) return;
  endListenerGuard();
  releaseListener('unhandledRejection', onRejection);
  releaseListener('rejectionHandled', onRejectionHandled);
  releaseListener('uncaughtException', onException);
  endUncaughtEmit();
  endExitGuard();
  endWarningWatch();
  endIdleWatch();
  endMicrotaskWatch();
  endAcceptedWatch();
  if (areLeaksWatched) endLeakWatch();
}

function onRejection(reason: unknown, promise: Promise<unknown>): void {
  setAside(true);
  rejectedNow(reason, promise);
  giveBack();
}

function rejectedNow(reason: unknown, promise: Promise<unknown>): void {
  const owner = currentOwner();
  if (owner === undefined || chargedIn(reason) !== undefined) {
    thrownNow(reason);
    return;
  }
  rejected.set(promise, owner);
  owner.trouble(promise, new Failure(reason), 'unhandled');
}

function onRejectionHandled(promise: Promise<unknown>): void {
  rejected.get(promise)?.settle(promise);
}

function onException(error: unknown): void {
  setAside(true);
  thrownNow(error);
  giveBack();
}

function thrownNow(error: unknown): void {
  const owner = currentOwner() ?? throwerOf(error);
  if (chargedIn(error) === undefined) charge(owner, new Failure(error), 'unhandled');
}
