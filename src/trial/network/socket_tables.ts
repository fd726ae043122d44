/** Linux's tables of sockets: which are bound to a port or a path, and which process has them. */
const { readdirSync, readFileSync, readlinkSync } = process.getBuiltinModule('node:fs');
const { resolve } = process.getBuiltinModule('node:path');

export type Transport = 'tcp' | 'udp';

/** The state of a socket that listens, or is bound, in Linux's tables. */
const HOLDING = { tcp: '0A', udp: '07' } as const satisfies Record<Transport, string>;

/** The flag of a UNIX socket that listens. */
const LISTENS = '00010000';

/** A socket in Linux's tables. */
export interface Entry {
  readonly inode: string;
  /** Whose it is; undefined: the table does not say. */
  readonly uid?: string | undefined;
}

/** Linux says which socket has a port in one place, and whose it is in another. */
export function bound(port: number, transport: Transport): Entry[] {
  const entries: Entry[] = [];
  for (const table of [`/proc/net/${transport}`, `/proc/net/${transport}6`]) {
    for (const line of (readText(table) ?? '').split('\n').slice(1)) {
      const [, local, , state, , , , uid, , inode] = line.trim().split(/\s+/);
      if (state !== HOLDING[transport] || local === undefined || inode === undefined) continue;
      if (Number.parseInt(local.slice(local.indexOf(':') + 1), 16) === port) entries.push({ inode, uid });
    }
  }
  return entries;
}

/** The sockets that listen at a path. It is kept as it was given, from the directory that its process was in. */
export function listening(path: string): Entry[] {
  const absolute = resolve(path);
  return (readText('/proc/net/unix') ?? '').split('\n').flatMap((line) => {
    const [, flags, inode, at] = /^(?:\S+ +){3}(\S+) +\S+ +\S+ +(\S+) (.+)$/.exec(line) ?? [];
    return flags === LISTENS && inode !== undefined && (at === path || at === absolute) ? [{ inode }] : [];
  });
}

/** The process that has one of the sockets, as far as it may be looked into. */
export function processWith(entries: readonly Entry[]): number | undefined {
  if (entries.length === 0) return undefined;
  const inodes = new Set(entries.map(({ inode }) => `socket:[${inode}]`));
  // This one first: it is the likeliest, and needs no rights.
  const others = list('/proc').filter((name) => /^\d+$/.test(name));
  for (const pid of [String(process.pid), ...others]) {
    for (const fd of list(`/proc/${pid}/fd`)) {
      if (inodes.has(linkOf(`/proc/${pid}/fd/${fd}`) ?? '')) return Number(pid);
    }
  }
  return undefined;
}

// What these read belongs to processes that may end meanwhile, or are somebody else's: then nothing is known of them.

export function readText(path: string): string | undefined {
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
