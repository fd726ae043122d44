/** Patience with an end: what has not come by then is cancelled, and its connection closed. */
import { type Deferred, DeferredList, type ReactorTime, reactor } from 'txtrial/internet';
import type { ServerAddress } from '../address.js';
import { getPoetryBytes } from '../client.js';
import { cummingsify } from '../transform_service.js';
import type { Poems } from './result.js';

/**
 * @param patience - Seconds until the poems that are still missing are given up.
 * @param clock - What measures them.
 * @returns A Deferred of the poems. Cancelling it gives up what is missing at once.
 */
export function getPoems(
  servers: readonly ServerAddress[],
  patience = 30,
  clock: ReactorTime = reactor,
): Deferred<Poems> {
  const poems = servers.map(({ host, port }) => getPoetryBytes(host, port));
  const giveUp = clock.callLater(patience, () => {
    for (const poem of poems) poem.cancel();
  });

  const results = poems.map((poem) =>
    poem.addCallbacks(
      (arrived) => String(cummingsify(arrived)),
      // A CancelledError if it was given up; whatever it is, the poem is missing.
      () => undefined,
    ),
  );
  return new DeferredList(results).addCallback((all) => {
    if (giveUp.active()) giveUp.cancel();
    return all.map(([arrived, poem]) => (arrived ? poem : undefined));
  });
}
