import fs from 'node:fs';

const { closeSync, fstatSync, openSync, readSync } = fs;

const PIECE = 64 * 1024;
/** Longer than any line that marks the start of a test. */
const OVERLAP = 4 * 1024;
const MARK = /^\S+ \S+ \[-\] (?:--> (.+) <--|All tests have run\.)$/gm;

/**
 * Finds out in the log of a run that died which test was running.
 *
 * @returns undefined if none was, or there is no such log.
 */
export function runningInLog(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const data = Buffer.alloc(PIECE + OVERLAP);
    for (let end = fstatSync(fd).size; end > 0; end -= PIECE) {
      const from = Math.max(0, end - PIECE);
      const size = readSync(fd, data, 0, end - from + OVERLAP, from);
      const last = [...data.toString('utf8', 0, size).matchAll(MARK)].at(-1);
      if (last !== undefined) return last[1];
    }
    return undefined;
  } catch {
    // A directory of that name, say: nothing is known then.
    return undefined;
  } finally {
    closeSync(fd);
  }
}
