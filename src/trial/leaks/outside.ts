import { isBenign } from './benign.js';
import type { LeakKind, Made } from './made.js';

/**
 * What others can make something happen in. A port is not among them: what is at its other end is, or nothing is. Neither is a
 * timer, which is asked of Node itself.
 */
const KINDS: ReadonlySet<LeakKind> = new Set<LeakKind>([
  'server',
  'socket',
  'udp',
  'http2',
  'process',
  'worker',
  'watcher',
  'signal',
]);

/** Whether something is open in which something can still happen, also when it does not keep the process alive. */
export function isReachable(all: readonly Made[] | undefined): boolean {
  return all?.some((made) => KINDS.has(made.kind) && made.state() === 'left' && !isBenign(made)) === true;
}
