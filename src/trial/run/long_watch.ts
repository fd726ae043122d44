import type { TestSlow } from '../events/events.js';
import { runningLife } from '../life/blocking.js';
import { unrefQuietly } from '../life/idle.js';
import type { Life } from '../life/life.js';
import { monotonicMs } from '../life/now.js';

// Taken before any test is loaded.
const { setInterval } = globalThis;

const LOOK_EVERY_MS = 1000;
/** What is slow, if nobody has said so. */
export const LONG_MS = 10_000;

type Tell = (event: TestSlow) => void;

/**
 * Tells of each test that runs long, and again each time the time has doubled. It costs a run that does not take long nothing.
 *
 * @param findWhom - Asked for whom to tell, when there is something to tell; undefined: nobody.
 */
export function watchLong(findWhom: () => Tell | undefined): void {
  let life: Life | undefined;
  let sinceMs = 0;
  let nextMs = 0;
  const look = (): void => {
    const running = runningLife();
    const nowMs = monotonicMs();
    if (running !== life) {
      life = running;
      sinceMs = nowMs;
      nextMs = LONG_MS;
    }
    if (running === undefined || nowMs - sinceMs < nextMs) return;
    nextMs *= 2;
    findWhom()?.({ type: 'testSlow', id: running.testId, seconds: (nowMs - sinceMs) / 1000 });
  };
  // Made before any test, so that none is charged with it.
  unrefQuietly(setInterval(look, LOOK_EVERY_MS));
}
