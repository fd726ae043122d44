import { reactor } from '../../internet/reactor.js';
import { notePath, testInNote } from './lease_files.js';

const { readdirSync, readFileSync, readlinkSync } = process.getBuiltinModule('node:fs');

/** Of a socket that listens, in Linux's tables. */
const LISTENING = '0A';

/**
 * Says who listens on a TCP port: a process with its command line, or what in this one, and the test that leased the port.
 *
 * @returns A sentence; undefined when nobody is found.
 */
export function whoHolds(port: number): string | undefined {
  const own = ownListener(port);
  const pid = own === undefined ? listeningProcess(port) : process.pid;
  if (pid === undefined) return undefined;
  const test = readText(notePath(port));
  const id = test === undefined ? undefined : testInNote(test, pid);
  const holder = own ?? (pid === process.pid ? 'this process' : `process ${pid}${commandLine(pid)}`);
  return `Port ${port} is held by ${holder}${id === undefined ? '' : `, leased by ${id}`}.`;
}

/** A port of this process's reactor. */
function ownListener(port: number): string | undefined {
  for (const selectable of reactor.selectables) {
    if (!('getHost' in selectable) || typeof selectable.getHost !== 'function') continue;
    const host: unknown = selectable.getHost();
    if (typeof host !== 'object' || host === null || 'type' in host === false) continue;
    if (!('port' in host) || host.port !== port || 'getPeer' in selectable) continue;
    return `this process: ${selectable}${selectable.origin === undefined ? '' : `, made at ${selectable.origin}`}`;
  }
  return undefined;
}

/** Linux says which socket listens in one place, and whose it is in another. */
function listeningProcess(port: number): number | undefined {
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (readText(table) ?? '').split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state !== LISTENING || local === undefined || inode === undefined) continue;
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
