/** Names of hosts to addresses. */
import { isIP } from 'node:net';
import { Deferred } from './deferred.js';
import { lookupError, type SystemError } from './node_errors.js';
import { fail, succeed } from './succeed.js';

/** An address as a lookup finds it. */
interface Found {
  readonly address: string;
  readonly family: number;
}

/** The one that is taken: the first IPv4 address, as in Twisted, since that is where most servers listen. */
export function preferred(addresses: readonly Found[] | undefined): string | undefined {
  return (addresses?.find(({ family }) => family === 4) ?? addresses?.[0])?.address;
}

/** What `reactor.resolve` does. */
export function resolve(host: string): Deferred<string> {
  if (host === '') return succeed('0.0.0.0');
  if (isIP(host) !== 0) return succeed(host);
  const d = new Deferred<string>();
  const found = (error: SystemError | null, addresses?: readonly Found[]): void => {
    if (d.called) return;
    const address = preferred(addresses);
    if (address === undefined) d.errback(lookupError(error ?? new Error('no address'), host));
    else d.callback(address);
  };
  try {
    process.getBuiltinModule('node:dns').lookup(host, { all: true }, found);
  } catch (error) {
    // Newer Nodes throw for a name that can be none.
    return fail(lookupError(error as SystemError, host));
  }
  return d;
}
