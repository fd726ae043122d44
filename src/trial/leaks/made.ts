import type { Place } from './place.js';

/** What can be left behind, as `allowLeaks` names it. */
export type LeakKind = (typeof LEAK_KINDS)[number];

export const LEAK_KINDS = [
  'timer',
  'immediate',
  'server',
  'socket',
  'udp',
  'http2',
  'process',
  'worker',
  'port',
  'watcher',
  'file',
  'request',
  'listener',
  'signal',
  'env',
  'cwd',
] as const;

/**
 * What has become of a thing: it is over because it was closed (`gone`) or because it came to its end by itself (`ended`);
 * it was asked to close (`closing`), nobody uses it and it does not keep the process alive (`idle`), or it is there (`left`).
 */
export type State = 'gone' | 'ended' | 'closing' | 'idle' | 'left';

/** Bytes, of a connection. */
export interface Traffic {
  readonly in: number;
  readonly out: number;
}

/** Something that a test made and has to see the end of. */
export interface Made {
  readonly kind: LeakKind;
  readonly place: Place;
  /** Is looked at more than once, and changes nothing. */
  state(): State;
  /** What it is, with its address, delay or file. */
  describe(): string;
  /** Ends it, and tells nobody who could complain. */
  close(): void;
  /** Whether something of it, or its port, is not free yet, although it is over. */
  isHeld?(): boolean;
  /** Has what was asked to close, and waits for something, close if it can by now. */
  goOn?(): void;
  /** Whether it is about to come to its end by itself in no time: a timer of 1 ms. */
  isShort?(): boolean;
  /** What is closed with it: the server that a socket was accepted by. */
  readonly partOf?: Made | undefined;
  /** How many bytes have come in and gone out, of a connection. */
  traffic?(): Traffic | undefined;
  /** Its local and remote port, of a connection. */
  ends?(): readonly [local: number, remote: number] | undefined;
}

/** Whoever makes things: a test's account, a module. */
export interface Maker {
  /** What is not known to be over. */
  made: Made[] | undefined;
  /** Nothing looks at `made` by itself any more. */
  readonly closed?: boolean;
  /** What it left was closed by force: that others complain of that is no news. */
  quarantined?: boolean;
  /** Reports what was made since `closed`. Returns by what names the rest of it is allowed. */
  reportLateLeaks?(): readonly string[];
  /** How many immediates it has made. */
  immediates?: number;
  /** A module: what it makes when it is loaded is not looked at as that of a test. */
  readonly isModule?: boolean;
}

/** So many are kept before those that are over are thrown out. */
const PRUNE_AT = 256;

/** Makers whose tests were over when they made something. */
const late = new Set<Maker>();

/** Puts a thing on its maker's books. */
export function book(maker: Maker, made: Made): void {
  maker.made ??= [];
  const { made: all } = maker;
  all.push(made);
  if (maker.closed === true) late.add(maker);
  // Doubles each time, so that a test which makes very many pays for each one once.
  if (all.length >= PRUNE_AT && (all.length & (all.length - 1)) === 0) maker.made = all.filter(isThere);
}

/** So many immediates of a maker are known to be there, and no more: the place of one is the dearest part of making it. */
const IMMEDIATES_WITHOUT_PLACE = 8;

/** Counts an immediate. Returns whether its place is to be kept: those that one makes after the other without end are a leak. */
export function keepsPlaceOfImmediate(maker: Maker): boolean {
  maker.immediates = (maker.immediates ?? 0) + 1;
  return maker.immediates > IMMEDIATES_WITHOUT_PLACE || maker.closed === true;
}

/** The maker's work is over: what it makes now is a leak, or will be. */
export function keepPlaces(maker: Maker): void {
  maker.immediates = IMMEDIATES_WITHOUT_PLACE;
}

/** At the end of a run: has what tests made after they were over reported. Returns by what names the rest of it is allowed. */
export function reportLateLeaks(): readonly string[] {
  if (late.size === 0) return [];
  const makers = [...late];
  late.clear();
  return makers.flatMap((maker) => maker.reportLateLeaks?.() ?? []);
}

/** Whether it is not over. */
export function isThere(made: Made): boolean {
  const state = made.state();
  return state !== 'gone' && state !== 'ended';
}
