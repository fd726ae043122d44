import { reactor } from '../../internet/reactor.js';
import { UNKNOWN_PLACE } from '../leaks/place.js';
import { type PortHolder, portHolder } from '../leaks/port_watch.js';
import { inNote, notePath } from './lease_files.js';
import { bound, listening, processWith, readText, type Transport } from './socket_tables.js';

const { existsSync } = process.getBuiltinModule('node:fs');

/**
 * Says who has a port: a process with its command line, or what in this one, and the test that leased the port.
 *
 * @returns A sentence; undefined when nobody is found.
 */
export function whoHolds(port: number, transport: Transport): string | undefined {
  const own = ownHolder(port, transport);
  const entries = own === undefined ? bound(port, transport) : [];
  const pid = own === undefined ? processWith(entries) : process.pid;
  const lease = leaseOf(port);
  const [{ uid } = {}] = entries;
  let holder = own;
  if (holder === undefined && pid !== undefined) holder = processText(pid);
  if (holder === undefined && uid !== undefined) holder = `a process of ${userText(uid)} that cannot be looked into`;
  if (holder === undefined) {
    return lease === undefined || lease.pid === process.pid ? undefined : `Port ${port} is ${leaseText(lease, pid)}.`;
  }
  return `Port ${port} is held by ${holder}${lease === undefined ? '' : `, ${leaseText(lease, pid)}`}.`;
}

/** As `whoHolds`, of the path of a UNIX socket. */
export function whoHoldsPath(path: string): string | undefined {
  const own = ownReactorPort((host) => Reflect.get(host, 'name') === path) ?? ownNodeHolder('server', path);
  if (own !== undefined) return `${path} is held by ${own}.`;
  const inodes = listening(path);
  const pid = processWith(inodes);
  if (pid !== undefined) return `${path} is held by ${processText(pid)}.`;
  if (inodes.length > 0) return `${path} is held by a process that cannot be looked into.`;
  if (process.platform !== 'linux' || !existsSync(path)) return undefined;
  return `Nobody listens at ${path} any more: whoever did has left it behind. Remove it before you listen.`;
}

function ownHolder(port: number, transport: Transport): string | undefined {
  const isIt = (host: object): boolean =>
    Reflect.get(host, 'port') === port && Reflect.get(host, 'type') === transport.toUpperCase();
  return ownReactorPort(isIt) ?? ownNodeHolder(transport === 'tcp' ? 'server' : 'udp', port);
}

/** A port of this process's reactor. */
function ownReactorPort(isIt: (host: object) => boolean): string | undefined {
  for (const selectable of reactor.selectables) {
    if (!('getHost' in selectable) || typeof selectable.getHost !== 'function' || 'getPeer' in selectable) continue;
    const host: unknown = selectable.getHost();
    if (typeof host !== 'object' || host === null || !isIt(host)) continue;
    return `this process: ${selectable}${selectable.origin === undefined ? '' : `, made at ${selectable.origin}`}`;
  }
  return undefined;
}

/** A server or UDP socket of Node's. */
function ownNodeHolder(kind: 'server' | 'udp', at: number | string): string | undefined {
  const holder = portHolder(kind, at);
  if (holder === undefined) return undefined;
  return `this process: a ${kind === 'udp' ? 'UDP socket' : 'server'}${whose(holder)}`;
}

function whose({ made, testId }: PortHolder): string {
  const place = String(made.place);
  const where = place === String(UNKNOWN_PLACE) ? '' : `, made at ${place}`;
  return `${testId === undefined ? '' : ` of ${testId}`}${where}`;
}

/** Who has leased a port, while that process is there. */
function leaseOf(port: number): ReturnType<typeof inNote> {
  const lease = inNote(readText(notePath(port)) ?? '');
  try {
    return lease !== undefined && process.kill(lease.pid, 0) ? lease : undefined;
  } catch {
    return undefined;
  }
}

/** @param holder - The process that has the port. */
function leaseText({ pid, id }: NonNullable<ReturnType<typeof inNote>>, holder: number | undefined): string {
  return `leased by ${id}${pid === holder || pid === process.pid ? '' : ` of ${processText(pid)}`}`;
}

function userText(uid: string): string {
  return uid === '0' ? 'root' : `user ${uid}`;
}

function processText(pid: number): string {
  return pid === process.pid ? 'this process' : `process ${pid}${commandLine(pid)}`;
}

function commandLine(pid: number): string {
  const parts = (readText(`/proc/${pid}/cmdline`) ?? '').split('\0').filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(' ').slice(0, 200)})`;
}
