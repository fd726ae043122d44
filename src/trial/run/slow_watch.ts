import type { TestEvent, TestSlow, TestStarted } from '../events/events.js';
import { unrefQuietly } from '../life/idle.js';
import { monotonicMs } from '../life/now.js';

// Taken before any test is loaded.
const { setInterval } = globalThis;

/** How much later than asked for a notice may come, as a part of the time asked for. */
const LATENESS = 0.1;
/** A timer that looks more often would take time from the tests; less often, and a long time is told of late. */
const SHORTEST_MS = 5;
const LONGEST_MS = 500;

/**
 * Tells of each test that runs longer than `seconds`, and again each time the time has doubled. One that blocks the event
 * loop is told of when it is over.
 *
 * @param emit - Is given `testSlow`.
 * @returns What is to be given each event before others are.
 */
export function watchSlow(seconds: number, emit: (event: TestSlow) => void): (event: TestEvent) => void {
  let running: TestStarted | undefined;
  let startedMs = 0;
  let nextMs = 0;
  const look = (): void => {
    if (running === undefined) return;
    const passedMs = monotonicMs() - startedMs;
    if (passedMs < nextMs) return;
    while (nextMs <= passedMs) nextMs *= 2;
    emit({ type: 'testSlow', id: running.id, seconds: passedMs / 1000 });
  };
  // One timer for all tests, made before them, so that none of them pays for it or is charged with it.
  unrefQuietly(setInterval(look, Math.min(Math.max(seconds * 1000 * LATENESS, SHORTEST_MS), LONGEST_MS)));
  return (event) => {
    if (event.type === 'testStarted') {
      running = event;
      startedMs = monotonicMs();
      nextMs = seconds * 1000;
    } else if (event.type === 'testFinished') {
      // A test that was told of in time is not told of again because it has ended.
      if (nextMs === seconds * 1000) look();
      running = undefined;
    }
  };
}
