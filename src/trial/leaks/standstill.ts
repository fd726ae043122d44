/** Notices that connections which were asked to close wait for one another, and for nothing else: they do so for ever. */
import { isThere, type LeakKind, type Made } from './made.js';

/** Nothing of the kind goes on by itself. */
const PASSIVE: ReadonlySet<LeakKind> = new Set<LeakKind>(['server', 'socket', 'http2']);

/** The thread pool may have a part in it that nobody knows of: compressing does. */
const QUIET_MS = 1000;

/** Of one test. */
export class Standstill {
  #bytes = -1;
  #sinceMs = 0;

  /** Whether no more is to be waited for. @param all - All that the test has made and that is not known to be over. */
  isHere(all: readonly Made[], nowMs: number): boolean {
    const open = all.filter(isThere);
    const bytes = open.reduce((sum, made) => sum + bytesOf(made), 0);
    if (bytes !== this.#bytes || !isAmongItself(open)) {
      this.#bytes = bytes;
      this.#sinceMs = nowMs;
    }
    return nowMs - this.#sinceMs >= QUIET_MS;
  }
}

function bytesOf(made: Made): number {
  const traffic = made.traffic?.();
  return traffic === undefined ? 0 : traffic.in + traffic.out;
}

/** Whether the other end of each connection is here. */
function isAmongItself(open: readonly Made[]): boolean {
  if (!open.every(({ kind }) => PASSIVE.has(kind))) return false;
  const sockets = open.filter(({ kind }) => kind === 'socket').map((made) => made.ends?.());
  const ends = new Set(sockets.map((ports) => ports?.join()));
  return sockets.length > 0 && sockets.every((ports) => ports !== undefined && ends.has(`${ports[1]},${ports[0]}`));
}
