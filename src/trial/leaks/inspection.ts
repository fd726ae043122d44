/** Looks at what a test made and left, gives it some turns of the event loop to come to its end, and closes it. */
import { isBenign } from './benign.js';
import { own } from './hush.js';
import { LeakError } from './leak_error.js';
import { isThere, keepPlaces, type Made, type Maker } from './made.js';
import { noteUnanswered } from './unanswered.js';

/** However much there is to do, in so many turns the other end of a connection has heard that it is closed. */
const TURNS = 10;
const SOCKET_TURNS = 50;
/** A timer of 1 ms is waited for; it is there after some hundred turns. */
const SHORT_TURNS = 20_000;
/** After so many, what was asked to close is looked at now and then. */
const CLOSING_TURNS = 100;
const CLOSING_PAUSE_MS = 5;
/** Short timers may make short timers so many times. */
const SHORT_GENERATIONS = 2;

/** How to wait: in the runner's own timers. */
export interface Patience {
  soon<A>(f: (argument: A) => void, argument: A): void;
  setTimer<A>(f: (argument: A) => void, ms: number, argument: A): void;
  nowMs(): number;
}

/** What was found, said once: an error, or by what name it is allowed. */
export type Finding = { readonly error: LeakError } | { readonly allowedBy: string };

/** The name by which a thing may be left, undefined if it may not. */
export type Allows = (made: Made) => string | undefined;

/** Follows what one maker made, from the end of the test to that of all that it made. */
export class Inspection {
  readonly #maker: Maker;
  readonly #patience: Patience;
  readonly #allows: Allows;
  /** What was there at the first look, and must not come to its end by itself. */
  readonly #first: ReadonlySet<Made>;
  #findings: Finding[] = [];
  #shorts = new Set<Made>();
  #generation = 0;
  /** Calls that packages wait for before they close their files. */
  #calls: readonly Made[];
  #turns = 0;
  #closing = 0;
  #untilMs = 0;

  private constructor(
    maker: Maker,
    first: readonly Made[],
    calls: readonly Made[],
    allows: Allows,
    patience: Patience,
  ) {
    this.#allows = allows;
    this.#calls = calls;
    this.#maker = maker;
    this.#first = new Set(first);
    this.#patience = patience;
  }

  /** Begins, unless nothing is left. */
  static begin(maker: Maker, allows: Allows, patience: Patience): Inspection | undefined {
    const { made } = maker;
    if (made === undefined) return undefined;
    for (const thing of made) noteUnanswered(thing);
    const left = made.filter(isWanted);
    if (left.length === 0) {
      maker.made = undefined;
      return undefined;
    }
    maker.made = left;
    keepPlaces(maker);
    return new Inspection(maker, left, made.filter(isCallOfPackage), allows, patience);
  }

  /**
   * Has `goOn(argument)` called when there is something to wait for; called again from there.
   *
   * @param seconds - How long closing may take.
   */
  waits<A>(seconds: number, goOn: (argument: A) => void, argument: A): boolean {
    const left = this.#left();
    for (const made of left) made.goOn?.();
    this.#turns += 1;
    if (this.#mayStillEnd(left)) {
      this.#patience.soon(goOn, argument);
      return true;
    }
    if (!this.#isClosing(left, seconds)) {
      this.#findings.push(...conclude(left.filter(this.#isLeft), this.#allows));
      return false;
    }
    if (this.#turns < CLOSING_TURNS) this.#patience.soon(goOn, argument);
    else this.#patience.setTimer(goOn, CLOSING_PAUSE_MS, argument);
    return true;
  }

  /** What was found. Nothing of it is left, as far as it can be closed. */
  take(): readonly Finding[] {
    this.#maker.made = undefined;
    return this.#findings.splice(0);
  }

  /** Also what has turned up since. */
  #left(): readonly Made[] {
    this.#calls = [...this.#calls, ...(this.#maker.made ?? []).filter(isCallOfPackage)].filter(isThere);
    const left = (this.#maker.made ?? []).filter((made) => this.#first.has(made) || isWanted(made));
    this.#maker.made = left;
    return left;
  }

  #mayStillEnd(left: readonly Made[]): boolean {
    const open = left.filter(isThere);
    if (open.length === 0) return false;
    const shorts = open.filter((made) => made.isShort?.() === true);
    if (shorts.some((made) => !this.#shorts.has(made))) this.#generation += 1;
    this.#shorts = new Set(shorts);
    if (shorts.length > 0 && this.#generation <= SHORT_GENERATIONS && this.#turns < SHORT_TURNS) return true;
    const isConnected = open.some(({ kind }) => kind === 'socket' || kind === 'http2');
    return this.#turns <= (isConnected ? SOCKET_TURNS : TURNS);
  }

  /** What else is there may depend on it: a connection on the file that is sent there. Nothing is closed before. */
  #isClosing(left: readonly Made[], seconds: number): boolean {
    const closing = left.filter((made) => made.state() === 'closing' || this.#isBusy(made)).length;
    // What depended on one of them has its turns now.
    if (closing < this.#closing) this.#turns = 0;
    this.#closing = closing;
    if (closing === 0) return this.#turns === 0;
    if (this.#untilMs === 0) this.#untilMs = this.#patience.nowMs() + seconds * 1000;
    return this.#patience.nowMs() < this.#untilMs;
  }

  /** A logger that was ended writes what it has first, and closes its file when that is done. */
  #isBusy(made: Made): boolean {
    if (made.kind !== 'file' || this.#calls.length === 0) return false;
    const { packages } = made.place;
    return this.#calls.some(({ place }) => place.packages.some((name) => packages.includes(name)));
  }

  readonly #isLeft = (made: Made): boolean => {
    const state = made.state();
    if (state === 'left' || state === 'closing') return true;
    // It was there when the test was over: that it has ended since is luck. Short timers have that time.
    return state === 'ended' && this.#first.has(made) && made.isShort?.() !== true;
  };
}

/** What is left of those that turned up after their test was over; it is closed. */
export function inspectLate(maker: Maker, allows: Allows): readonly Finding[] {
  const { made = [] } = maker;
  maker.made = undefined;
  const found = made.filter((thing) => thing.state() === 'left' && !isBenign(thing));
  return conclude(found, allows);
}

/** Whether somebody has to see to it; what is idle or nobody's concern is left alone. */
function isWanted(made: Made): boolean {
  const state = made.state();
  return (state === 'left' || state === 'closing') && !isBenign(made);
}

function isCallOfPackage(made: Made): boolean {
  return made.kind === 'request' && isThere(made) && made.place.packages.length > 0;
}

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

/** Closes what was found and is not allowed. What is allowed goes on: it may be in use. */
function conclude(found: readonly Made[], allows: Allows): Finding[] {
  const findings: Finding[] = [];
  const forbidden: Made[] = [];
  for (const made of found) {
    if (made.partOf !== undefined && closedByForce.has(connectionOf(made))) {
      tryToClose(made);
      continue;
    }
    const name = allows(made);
    if (name === undefined) forbidden.push(made);
    else if (made.partOf === undefined) findings.push({ allowedBy: name });
  }
  for (const made of withoutParts(forbidden)) findings.push(quarantine(made));
  // A part of what is reported is closed with it, and is no news.
  for (const made of forbidden) tryToClose(made);
  return findings;
}

function quarantine(made: Made): Finding {
  // Said before it is closed: then it no longer knows its address.
  const { place } = made;
  const description = made.describe();
  const problem = tryToClose(made);
  return { error: new LeakError(made.kind, description, place, problem) };
}

function tryToClose(made: Made): unknown {
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
