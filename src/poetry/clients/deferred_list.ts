/** One Deferred for many: it fires when all have. */
import { type Deferred, DeferredList } from 'txtrial/internet';
import type { ServerAddress } from '../address.js';
import { getPoetryBytes } from '../client.js';
import { cummingsify } from '../transform_service.js';
import type { Poems } from './result.js';

/** @returns A Deferred of the poems. */
export function getPoems(servers: readonly ServerAddress[]): Deferred<Poems> {
  const poems = servers.map(({ host, port }) =>
    getPoetryBytes(host, port).addCallback(cummingsify).addCallback(String),
  );

  return new DeferredList(poems, { consumeErrors: true }).addCallback((results) =>
    results.map(([arrived, result]) => (arrived ? result : undefined)),
  );
}
