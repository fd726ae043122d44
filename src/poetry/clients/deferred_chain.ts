/** A chain of callbacks for each poem; the last one counts. */
import { Deferred } from 'txtrial/internet';
import type { ServerAddress } from '../address.js';
import { getPoetryBytes } from '../client.js';
import { cummingsify } from '../transform_service.js';
import type { Poems } from './result.js';

/** @returns A Deferred of the poems. */
export function getPoems(servers: readonly ServerAddress[]): Deferred<Poems> {
  const poems: (string | undefined)[] = servers.map(() => undefined);
  const finished = new Deferred<Poems>();
  let missing = servers.length;

  for (const [i, { host, port }] of servers.entries()) {
    getPoetryBytes(host, port)
      .addCallback(cummingsify)
      .addCallbacks(
        (poem) => {
          poems[i] = String(poem);
        },
        () => undefined,
      )
      .addBoth(() => {
        missing--;
        if (missing === 0) finished.callback(poems);
      });
  }
  return finished;
}
