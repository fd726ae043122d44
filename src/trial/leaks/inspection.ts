/** Looks at what a test made and left, gives it some turns of the event loop to come to its end, and closes it. */
import { isBenign } from './benign.js';
import { Closing } from './closing.js';
import { type Allows, conclude, type Finding, type Found, findingOf } from './conclusion.js';
import { isThere, keepPlaces, type Made, type Maker } from './made.js';
import { lookAgain, type Patience } from './patience.js';
import { Standstill } from './standstill.js';
import { noteUnanswered } from './unanswered.js';

/** However much there is to do, in so many turns the other end of a connection has heard that it is closed. */
const TURNS = 10;
const SOCKET_TURNS = 50;
/** A timer of 1 ms is waited for; it is there after some hundred turns. */
const SHORT_TURNS = 20_000;
/** Short timers may make short timers so many times. */
const SHORT_GENERATIONS = 2;

/** Follows what one maker made, from the end of the test to that of all that it made. */
export class Inspection {
  readonly #maker: Maker;
  readonly #patience: Patience;
  readonly #allows: Allows;
  /** What was there at the first look, and must not come to its end by itself. */
  readonly #first: ReadonlySet<Made>;
  #found: Found[] = [];
  /** Of what is closed by force. */
  #closing: Closing | undefined;
  #shorts = new Set<Made>();
  #generation = 0;
  /** Packages wait for theirs before they close their files. */
  readonly #requests: Set<Made>;
  #turns = 0;
  #closingCount = 0;
  #standstill: Standstill | undefined;
  #untilMs = 0;

  private constructor(
    maker: Maker,
    first: readonly Made[],
    requests: readonly Made[],
    allows: Allows,
    patience: Patience,
  ) {
    this.#allows = allows;
    this.#requests = new Set(requests);
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
    return new Inspection(maker, left, made.filter(isRequest), allows, patience);
  }

  /**
   * Has `goOn(argument)` called when there is something to wait for; called again from there.
   *
   * @param seconds - How long closing may take.
   */
  waits<A>(seconds: number, goOn: (argument: A) => void, argument: A): boolean {
    if (this.#closing === undefined) {
      const left = this.#left();
      for (const made of left) made.goOn?.();
      this.#turns += 1;
      if (this.#mayStillEnd(left)) {
        this.#patience.soon(goOn, argument);
        return true;
      }
      if (this.#isClosing(left, seconds)) {
        lookAgain(this.#patience, this.#turns, goOn, argument);
        return true;
      }
      const closed = this.#conclude(this.#withoutPredecessors(left.filter(this.#isLeft)));
      this.#maker.made = [...this.#requests];
      this.#closing = Closing.begin(this.#maker, closed, this.#allows, this.#patience);
    }
    if (this.#closing === undefined) return false;
    if (this.#closing.waits(goOn, argument)) return true;
    this.#conclude(this.#closing.takeNew());
    return false;
  }

  /** What was found. Nothing of it is left, as far as it can be closed. */
  take(): readonly Finding[] {
    this.#maker.made = undefined;
    return this.#found.splice(0).map((found) => findingOf(found, (made) => this.#closing?.whyThere(made)));
  }

  /** Returns what was closed. */
  #conclude(left: readonly Made[]): readonly Made[] {
    const { found, closed } = conclude(left, this.#allows);
    this.#found.push(...found);
    if (closed.length > 0) this.#maker.quarantined = true;
    return closed;
  }

  /** Also what has turned up since. */
  #left(): readonly Made[] {
    const { made: all = [] } = this.#maker;
    for (const made of all) if (made.kind === 'request') this.#requests.add(made);
    for (const made of this.#requests) if (!isThere(made)) this.#requests.delete(made);
    const left = all.filter((made) => this.#first.has(made) || isWanted(made));
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
    if (closing < this.#closingCount) this.#turns = 0;
    this.#closingCount = closing;
    if (closing === 0) return this.#turns === 0;
    if (this.#untilMs === 0) this.#untilMs = this.#patience.nowMs() + seconds * 1000;
    this.#standstill ??= new Standstill();
    const nowMs = this.#patience.nowMs();
    return nowMs < this.#untilMs && !this.#standstill.isHere([...left, ...this.#requests], nowMs);
  }

  /** A logger that was ended writes what it has first, and closes its file when that is done. */
  #isBusy(made: Made): boolean {
    if (made.kind !== 'file' || this.#requests.size === 0) return false;
    const { packages } = made.place;
    return [...this.#requests].some(({ place }) => place.packages.some((name) => packages.includes(name)));
  }

  /** A timer that has made the next one, which is left now, is no leak beside it. */
  #withoutPredecessors(left: readonly Made[]): readonly Made[] {
    const ended = left.filter((made) => made.state() === 'ended');
    if (ended.length === 0) return left;
    const next = left
      .filter((made) => made.kind === 'timer' && !this.#first.has(made))
      .map(({ place }) => String(place));
    const dropped = new Set<Made>();
    for (const made of ended) {
      const index = next.indexOf(String(made.place));
      if (index === -1) continue;
      next.splice(index, 1);
      dropped.add(made);
    }
    return left.filter((made) => !dropped.has(made));
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
  const left = made.filter((thing) => thing.state() === 'left' && !isBenign(thing));
  const { found, closed } = conclude(left, allows);
  if (closed.length > 0) maker.quarantined = true;
  return found.map((thing) => findingOf(thing, () => undefined));
}

/** Whether somebody has to see to it; what is idle or nobody's concern is left alone. */
function isWanted(made: Made): boolean {
  const state = made.state();
  return (state === 'left' || state === 'closing') && !isBenign(made);
}

function isRequest(made: Made): boolean {
  return made.kind === 'request' && isThere(made);
}
