import { DeferredList, type Failure, reactor } from 'txtrial/internet';
import { formatAddress, type ServerAddress } from './address.js';
import { getPoetryBytes } from './client.js';

/**
 * Gets the poems of all servers at once, prints them in the order of the servers, says on stderr which failed.
 *
 * @returns The exit status: 0, or 1 if a poem could not be had.
 */
export async function getAll(servers: readonly ServerAddress[]): Promise<number> {
  let status = 1;
  reactor.callWhenRunning(() => {
    const poems = servers.map(({ host, port }) => getPoetryBytes(host, port));
    new DeferredList(poems, { consumeErrors: true }).addCallback((results) => {
      status = 0;
      for (const [i, [arrived, result]] of results.entries()) {
        if (arrived) process.stdout.write(result);
        else {
          status = 1;
          process.stderr.write(describeFailure(servers[i] as ServerAddress, result));
        }
      }
      reactor.stop();
    });
  });
  await reactor.run();
  return status;
}

function describeFailure({ host, port }: ServerAddress, reason: Failure): string {
  return `The poem download failed. ${formatAddress(host, port)}: ${reason.getErrorMessage()}\n`;
}
