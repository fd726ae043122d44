/** What is no leak although it is there: the list that README documents. */
import { Http2SessionMade, SocketMade } from './connection_made.js';
import type { Made } from './made.js';
import { UNKNOWN_PLACE } from './place.js';
import { PortMade, WatcherMade } from './process_made.js';
import { RequestMade } from './request_made.js';
import { ImmediateMade, TimerMade } from './timer_made.js';

/** Node's own, inside of what a test made: of standard streams, child processes, the inspector. */
const PARTS = [
  'node:internal/child_process',
  'node:internal/bootstrap/switches',
  'node:inspector',
  'node:internal/inspector',
];

/** What asks for files, names and cryptography; not the streams and sockets that do so for themselves. */
const ASKED = /^node:(?:fs|dns|internal\/(?:fs\/(?!streams|watchers|rimraf|cp|recursive)|dns|crypto\/|process))/;

/** Listeners that are called when the process ends and do nothing before. */
const AT_THE_END = /'(?:exit|beforeExit)'/;

/** Whether nobody need care that a thing is left. */
export function isBenign(made: Made): boolean {
  const { place } = made;
  // The reactor has books of its own; of files and the process only what tests do is on the books at all.
  if (place.isOwn && made.kind !== 'env' && made.kind !== 'cwd') return true;
  if (made instanceof TimerMade) {
    // Timers of Node's belong to something else; one that a package has unref'd, to a cache.
    return !place.isDirect || (made.isUnrefd && place.packages.length > 0);
  }
  // A package that flushes what it has when the process ends does so once for all; its users cannot take that back.
  if (made.kind === 'listener') return place.packages.length > 0 && AT_THE_END.test(made.describe());
  // A few immediates are there for a turn; whose they are nobody needs to know.
  if (place === UNKNOWN_PLACE) return false;
  if (made instanceof ImmediateMade || made instanceof PortMade) {
    return !place.isDirect && !place.includes('BroadcastChannel');
  }
  if (made instanceof RequestMade) {
    // A package's ends in its own time, as a logger's does; closing a file is what is asked for.
    return !place.isDirectThrough(ASKED) || place.packages.length > 0 || /(?:^|\.)close /.test(place.called);
  }
  if (made instanceof Http2SessionMade) return made.isServers;
  return (made instanceof SocketMade || made instanceof WatcherMade) && PARTS.some((name) => place.includes(name));
}
