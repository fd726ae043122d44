/** Closes files that tests left, and keeps their numbers. */
import fs from 'node:fs';
import { devNull } from 'node:os';

/** So many are kept; of a test that leaves more the rest is closed. */
const MOST_HELD = 64;

const held = new Set<number>();

/**
 * Closes a descriptor and opens nothing under its number. Whoever it belonged to goes on, and may write to it or close it yet:
 * that must not meet a socket of a later test, or of Node's own, which dies of it.
 */
export function closeAndHold(fd: number): void {
  fs.closeSync(fd);
  if (held.size >= MOST_HELD) return;
  const others: number[] = [];
  try {
    // The lowest number that is free is given first; another thread may have taken this one.
    let got = fs.openSync(devNull, 'r');
    for (; got < fd; got = fs.openSync(devNull, 'r')) others.push(got);
    if (got === fd) held.add(fd);
    else others.push(got);
  } catch {
    // There are as many open files as there may be, so that it is better closed.
  }
  for (const other of others) fs.closeSync(other);
}

/** Its owner has closed it. */
export function letGo(fd: number): void {
  held.delete(fd);
}
