const { tmpdir } = process.getBuiltinModule('node:os');
const { join } = process.getBuiltinModule('node:path');

/** Where all runs of this machine keep what ports they hold. */
export function leasesDirectory(): string {
  return join(tmpdir(), 'txtrial-ports');
}

/** Who holds a port: a lock of that process. */
export function lockPath(port: number): string {
  return join(leasesDirectory(), String(port));
}

/** For what: the text of `leaseNote`. */
export function notePath(port: number): string {
  return join(leasesDirectory(), `${port}.test`);
}

/** Says which test of which process a port was leased for. */
export function leaseNote(id: string): string {
  return `${process.pid} ${id}\n`;
}

/** Who has leased a port, from the text of the note. */
export function inNote(note: string): { readonly pid: number; readonly id: string } | undefined {
  const [, pid, id] = /^(\d+) (.+)\n$/.exec(note) ?? [];
  return pid === undefined || id === undefined ? undefined : { pid: Number(pid), id };
}
