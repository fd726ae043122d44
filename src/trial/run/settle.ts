/** After the last test: gives what is still under way its chance to go wrong while somebody is there to report it. */
import { isAnyUnanswered } from '../leaks/unanswered.js';
import { activeResources, monotonicMs, setTimer, soon } from '../life/now.js';
import { endByForce, tellOfWaiting } from './end_by_force.js';

/** What goes back and forth over the loopback comes to its end in fewer. */
const TURNS = 50;
/** Work of the thread pool comes back by itself, in its own time; it is looked at now and then. */
const PAUSE_MS = 2;
/** Before it is said that something is waited for. */
const SILENT_MS = 2000;
/** As `activeResources()` names them. */
const POOLED = /^(?:FSReqCallback|FSReqPromise|CloseReq|GetAddrInfoReqWrap|GetNameInfoReqWrap)$/;

/**
 * Calls `over` when nothing is left of which it is known that it is about to end: after some turns of the event loop,
 * and when requests for files and names have been answered. A timer, or a socket that is just open, is not waited for.
 *
 * @param seconds - How long requests are waited for: one for a pipe that nobody writes to is never answered.
 */
export function settle(seconds: number, over: () => void): void {
  const begunMs = monotonicMs();
  const untilMs = begunMs + seconds * 1000;
  let isTold = false;
  let turns = 0;
  const look = (): void => {
    const active = activeResources();
    turns += 1;
    const isPending = isAnyPending(active);
    if ((isPending || active.length > 0) && turns <= TURNS) soon(look);
    else if (isPending && monotonicMs() < untilMs) {
      if (!isTold && monotonicMs() - begunMs > SILENT_MS) {
        isTold = true;
        tellOfWaiting(seconds);
      }
      setTimer(look, PAUSE_MS);
    } else {
      if (isPending) endByForce(() => isAnyPending(activeResources()));
      over();
    }
  };
  // The first turn is always there: it brings promises to light that were left rejected.
  soon(look);
}

function isAnyPending(active: readonly string[]): boolean {
  return active.some((name) => POOLED.test(name)) || isAnyUnanswered();
}
