/** Closes what a test has left, and says what it was: one thing once. */
import { own } from './hush.js';
import { LeakError } from './leak_error.js';
import { isThere, type Made } from './made.js';
import type { Place } from './place.js';

/** What was found, said once: an error, or by what name it is allowed. */
export type Finding = { readonly error: LeakError } | { readonly allowedBy: string };

/** The name by which a thing may be left, undefined if it may not. */
export type Allows = (made: Made) => string | undefined;

/** Of a server and the sockets it accepted, of both ends of a connection, of a channel's two ports, of listeners together: one. */
function withoutParts(found: readonly Made[]): Made[] {
  const connections = new Set<string>();
  for (const made of found) if (made.partOf === undefined && isConnection(made)) connections.add(connectionOf(made));
  const hasSession = found.some(({ kind }) => kind === 'http2');
  const places = new Set<string>();
  return found.filter((made) => {
    if (made.partOf !== undefined) {
      const [local, remote] = made.ends?.() ?? [];
      return !found.includes(made.partOf) && !connections.has(`${remote} ${local}`);
    }
    if (made.kind === 'socket') return !(hasSession && made.place.includes('node:internal/http2'));
    if (made.kind === 'listener') return !isBesideAnother(made, found);
    if (made.kind !== 'port' && made.kind !== 'watcher') return true;
    const place = `${made.kind} ${made.place}`;
    if (places.has(place)) return false;
    places.add(place);
    return true;
  });
}

/** `once(process, 'exit')` of node:events listens for errors as well. */
function isBesideAnother(made: Made, found: readonly Made[]): boolean {
  const what = made.describe();
  if (what !== "process.on('error')") return false;
  const place = String(made.place);
  return found.some((other) => isListener(other) && other.describe() !== what && String(other.place) === place);
}

function isListener({ kind }: Made): boolean {
  return kind === 'listener' || kind === 'signal';
}

/** The last connections that were, as their other ends name them: what a server keeps of those is no news. */
const closedByForce = new Set<string>();
/** More than one test leaves; fewer than it takes for the numbers of ports to come again, for connections of others. */
const MOST_CLOSED = 4096;

function isConnection({ kind }: Made): boolean {
  return kind === 'socket' || kind === 'http2';
}

/** By its ports; UNIX sockets have none, and count as one. */
function connectionOf(made: Made): string {
  const [local, remote] = made.ends?.() ?? [];
  return `${local} ${remote}`;
}

/** What was closed. */
export interface Conclusion {
  /** What of it is to be told of. */
  readonly found: readonly Found[];
  /** All of it, also the parts of others. */
  readonly closed: readonly Made[];
}

/** A finding, while it can be that closing it takes too long. */
export type Found = Quarantined | { readonly allowedBy: string };

interface Quarantined {
  readonly made: Made;
  readonly place: Place;
  readonly description: string;
  readonly problem: unknown;
}

/** Closes what was found and is not allowed. What is allowed goes on: it may be in use. */
export function conclude(all: readonly Made[], allows: Allows): Conclusion {
  const found: Found[] = [];
  const forbidden: Made[] = [];
  for (const made of all) {
    if (made.partOf !== undefined && closedByForce.has(connectionOf(made))) {
      tryToClose(made);
      continue;
    }
    const name = allows(made);
    if (name === undefined) forbidden.push(made);
    else if (made.partOf === undefined) found.push({ allowedBy: name });
  }
  for (const made of withoutParts(forbidden)) found.push(quarantine(made));
  // A part of what is reported is closed with it, and is no news.
  for (const made of forbidden) tryToClose(made);
  return { found, closed: forbidden };
}

/** @param why - Says why a thing that was closed is there still, if it is. */
export function findingOf(found: Found, why: (made: Made) => unknown): Finding {
  if ('allowedBy' in found) return found;
  const { made, description, place, problem } = found;
  return { error: new LeakError(made.kind, description, place, problem ?? why(made)) };
}

function quarantine(made: Made): Quarantined {
  // Said before it is closed: then it no longer knows its address.
  const { place } = made;
  const description = made.describe();
  return { made, place, description, problem: tryToClose(made) };
}

/** Closes a thing, and returns what went wrong. */
export function tryToClose(made: Made): unknown {
  own.making = true;
  const [local, remote] = made.ends?.() ?? [];
  if (local !== undefined) closedByForce.add(`${remote} ${local}`);
  for (const oldest of closedByForce) {
    if (closedByForce.size <= MOST_CLOSED) break;
    closedByForce.delete(oldest);
  }
  try {
    if (isThere(made)) made.close();
    return undefined;
  } catch (error) {
    return error ?? 'an unknown error';
  } finally {
    own.making = false;
  }
}
