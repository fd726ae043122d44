/** Generators: `yield*` waits for a Deferred, `try` catches what it fails with. */
import { type Deferred, inlineCallbacks } from 'txtrial/internet';
import type { ServerAddress } from '../address.js';
import { getPoetryBytes } from '../client.js';
import { cummingsify } from '../transform_service.js';
import type { Poems } from './result.js';

const getPoem = inlineCallbacks(function* ({ host, port }: ServerAddress) {
  try {
    const poem = yield* getPoetryBytes(host, port);
    return String(cummingsify(poem));
  } catch {
    return undefined;
  }
});

/** @returns A Deferred of the poems. */
export const getPoems: (servers: readonly ServerAddress[]) => Deferred<Poems> = inlineCallbacks(function* (
  servers: readonly ServerAddress[],
) {
  // All begin at once; only the waiting is one after another.
  const coming = servers.map((server) => getPoem(server));
  const poems: (string | undefined)[] = [];
  for (const poem of coming) poems.push(yield* poem);
  return poems;
});
