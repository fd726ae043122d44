import { reactor } from '../../internet/reactor.js';
import { listenedAt } from '../leaks/listen_watch.js';
import { notePath, testInNote } from './lease_files.js';

const { readdirSync, readFileSync, readlinkSync } = process.getBuiltinModule('node:fs');

export type Transport = 'tcp' | 'udp';

/** The state of a socket that listens, or is bound, in Linux's tables. */
const HOLDING = { tcp: '0A', udp: '07' } as const satisfies Record<Transport, string>;

/**
 * Says who has a port: a process with its command line, or what in this one, and the test that leased the port.
 *
 * @returns A sentence; undefined when nobody is found.
 */
export function whoHolds(port: number, transport: Transport = 'tcp'): string | undefined {
  const own = ownListener(port, transport);
  const pid = own === undefined ? holdingProcess(port, transport) : process.pid;
  if (pid === undefined) return undefined;
  const test = readText(notePath(port));
  const id = test === undefined ? undefined : testInNote(test, pid);
  const holder = own ?? (pid === process.pid ? 'this process' : `process ${pid}${commandLine(pid)}`);
  return `Port ${port} is held by ${holder}${id === undefined ? '' : `, leased by ${id}`}.`;
}

/** A port of this process's reactor, or a server of Node's. */
function ownListener(port: number, transport: Transport): string | undefined {
  for (const selectable of reactor.selectables) {
    if (!('getHost' in selectable) || typeof selectable.getHost !== 'function') continue;
    const host: unknown = selectable.getHost();
    if (typeof host !== 'object' || host === null || 'type' in host === false) continue;
    if (!('port' in host) || host.port !== port || 'getPeer' in selectable) continue;
    if (host.type !== transport.toUpperCase()) continue;
    return `this process: ${selectable}${selectable.origin === undefined ? '' : `, made at ${selectable.origin}`}`;
  }
  return transport === 'tcp' ? ownServer(port) : undefined;
}

function ownServer(port: number): string | undefined {
  const { _getActiveHandles: active } = process as unknown as { readonly _getActiveHandles?: () => readonly object[] };
  for (const server of active?.call(process) ?? []) {
    const listened = listenedAt(server);
    if (listened === undefined || !('address' in server) || typeof server.address !== 'function') continue;
    const address: unknown = server.address();
    if (typeof address !== 'object' || address === null || Reflect.get(address, 'port') !== port) continue;
    const whose = listened.testId === undefined ? '' : ` of ${listened.testId}`;
    return `this process: a server${whose}, made at ${listened.place}`;
  }
  return undefined;
}

/** Linux says which socket has a port in one place, and whose it is in another. */
function holdingProcess(port: number, transport: Transport): number | undefined {
  const inodes = new Set<string>();
  for (const table of [`/proc/net/${transport}`, `/proc/net/${transport}6`]) {
    for (const line of (readText(table) ?? '').split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state !== HOLDING[transport] || local === undefined || inode === undefined) continue;
      if (Number.parseInt(local.slice(local.indexOf(':') + 1), 16) === port) inodes.add(`socket:[${inode}]`);
    }
  }
  if (inodes.size === 0) return undefined;
  // This one first: it is the likeliest, and needs no rights.
  const others = list('/proc').filter((name) => /^\d+$/.test(name));
  for (const pid of [String(process.pid), ...others]) {
    for (const fd of list(`/proc/${pid}/fd`)) {
      if (inodes.has(linkOf(`/proc/${pid}/fd/${fd}`) ?? '')) return Number(pid);
    }
  }
  return undefined;
}

function commandLine(pid: number): string {
  const parts = (readText(`/proc/${pid}/cmdline`) ?? '').split('\0').filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(' ').slice(0, 200)})`;
}

// What these read belongs to processes that may end meanwhile, or are somebody else's: then nothing is known of them.

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
