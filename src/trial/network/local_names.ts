/** Keeps questions for names to this machine: those that a name server elsewhere would be asked are refused. */
import { syncBuiltinESMExports } from 'node:module';
import { handOnToNode } from '../../internet/hand_on.js';
import { standIn } from '../../internet/stand_in.js';
import { isKnownName, isLocalName, isLoopback } from './loopback.js';
import { refuse } from './refuse.js';

/** How a caller is told: by its callback, or by a promise. */
type Tell = (error: Error, args: readonly unknown[]) => unknown;

/**
 * From now on `node:dns` answers for numbers and for names that this machine has itself. A resolver is left alone once it was
 * given servers that are all on this machine, as tests of name servers do.
 */
export function allowOnlyLocalNames(): void {
  const dns = process.getBuiltinModule('node:dns');
  const { promises, Resolver } = dns;
  // One on this machine, as systemd has it, hands on what it is asked.
  const usual = String(dns.getServers());
  const asksHere = (resolver: unknown): boolean => {
    const isOwn = resolver instanceof Resolver || resolver instanceof promises.Resolver;
    const servers = (isOwn ? resolver : dns).getServers();
    return String(servers) !== usual && servers.every((server) => isLoopback(hostOf(server)));
  };
  const watch = (object: object, tell: Tell): void => {
    for (const name of Object.keys(object)) {
      const isHere = HERE.find(([names]) => names.test(name))?.[1];
      if (isHere === undefined) continue;
      standIn(object, name, (original) => {
        return function checked(this: unknown, ...args) {
          const [asked] = args;
          const isAllowed = typeof asked !== 'string' || isHere(asked) || (name !== 'lookup' && asksHere(this));
          if (isAllowed) return handOnToNode(original, this, args);
          return tell(refuse(`Looking up ${asked}`), args);
        };
      });
    }
  };
  watch(dns, callBack);
  watch(Resolver.prototype, callBack);
  watch(promises, reject);
  watch(promises.Resolver.prototype, reject);
  syncBuiltinESMExports();
}

/** What needs nobody elsewhere, by the function that is asked. */
const HERE: readonly [names: RegExp, isHere: (asked: string) => boolean][] = [
  [/^lookup$/, (name) => process.getBuiltinModule('node:net').isIP(name) !== 0 || isKnownName(name)],
  [/^(?:lookupService|reverse)$/, isLoopback],
  [/^resolve/, isLocalName],
];

/** Of `127.0.0.1:53`, `[::1]:53`, `::1`. */
function hostOf(server: string): string {
  return /^\[(.*)\]:\d+$/.exec(server)?.[1] ?? server.replace(/^([\d.]+):\d+$/, '$1');
}

function callBack(error: Error, args: readonly unknown[]): object {
  const callback = args.findLast((arg) => typeof arg === 'function') as ((error: Error) => void) | undefined;
  if (callback !== undefined) process.nextTick(callback, error);
  // As of Node's, which are opaque.
  return {};
}

function reject(error: Error): Promise<never> {
  return Promise.reject(error);
}
