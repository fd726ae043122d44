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

/** The test that a process leased a port for, from the text of the note. */
export function testInNote(note: string, pid: number): string | undefined {
  const [, owner, id] = /^(\d+) (.+)\n$/.exec(note) ?? [];
  return Number(owner) === pid ? id : undefined;
}
