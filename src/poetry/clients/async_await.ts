/** `async` functions: a Deferred can be awaited like a promise. */
import type { ServerAddress } from '../address.js';
import { getPoetryBytes } from '../client.js';
import { cummingsify } from '../transform_service.js';
import type { Poems } from './result.js';

async function getPoem({ host, port }: ServerAddress): Promise<string | undefined> {
  try {
    const poem = await getPoetryBytes(host, port);
    return String(cummingsify(poem));
  } catch {
    return undefined;
  }
}

/** @returns A promise of the poems. */
export function getPoems(servers: readonly ServerAddress[]): Promise<Poems> {
  return Promise.all(servers.map(getPoem));
}
