/** Follows what was closed by force until it is really gone: the next test starts clean, and hears nothing of it. */
import { isBenign } from './benign.js';
import { type Allows, tryToClose } from './conclusion.js';
import { isAnyFileClosing } from './handle.js';
import { isThere, type LeakKind, type Made, type Maker } from './made.js';
import { lookAgain, type Patience } from './patience.js';

/** So long what is slow to go is waited for. */
const LONGEST_MS = 1000;
/** So many turns after the last of it has gone: its listeners are told, and do something about it. */
const TURNS = 10;

/** What is over at once when it is closed, and whose end nobody is told of. */
const AT_ONCE: ReadonlySet<LeakKind> = new Set<LeakKind>(['timer', 'immediate', 'listener', 'signal', 'env', 'cwd']);

/** Of what one maker had left. */
export class Closing {
  readonly #maker: Maker;
  readonly #allows: Allows;
  #going: readonly Made[];
  /** That a connection is closed has a client make another. That a request is answered is nobody's doing but the test's. */
  readonly #bringsAbout: boolean;
  readonly #bringsNoRequests: boolean;
  readonly #patience: Patience;
  readonly #untilMs: number;
  #looks = 0;
  #turns = 0;

  private constructor(maker: Maker, closed: readonly Made[], allows: Allows, patience: Patience) {
    this.#maker = maker;
    this.#allows = allows;
    this.#going = closed;
    this.#bringsAbout = closed.some(({ kind }) => kind !== 'request' && !AT_ONCE.has(kind));
    this.#bringsNoRequests = closed.every(({ kind }) => kind !== 'request' && kind !== 'file');
    this.#patience = patience;
    this.#untilMs = patience.nowMs() + LONGEST_MS;
  }

  /**
   * Begins, unless all of it is over at once.
   *
   * @param maker - What is on its books by now was not closed.
   */
  static begin(maker: Maker, closed: readonly Made[], allows: Allows, patience: Patience): Closing | undefined {
    return closed.every(({ kind }) => AT_ONCE.has(kind)) ? undefined : new Closing(maker, closed, allows, patience);
  }

  /** Has `goOn(argument)` called when something is still to go; called again from there. */
  waits<A>(goOn: (argument: A) => void, argument: A): boolean {
    if (!this.#isGoing()) return false;
    this.#looks += 1;
    lookAgain(this.#patience, this.#looks, goOn, argument);
    return true;
  }

  #isGoing(): boolean {
    if (this.#bringsAbout) this.#closeNew();
    const { length } = this.#going;
    this.#going = this.#going.filter(isHeld);
    if (this.#going.length < length) this.#turns = 0;
    this.#turns += 1;
    if (this.#patience.nowMs() >= this.#untilMs) return false;
    return this.#going.length > 0 || this.#turns <= TURNS || this.#isAsking();
  }

  /** Writing a file takes a request after the other; its end, a FileHandle's, is on nobody's books. */
  #isAsking(): boolean {
    if (this.#bringsNoRequests) return false;
    this.#maker.made = this.#maker.made?.filter(isThere);
    const isAsking = this.#maker.made?.some(({ kind, place }) => kind === 'request' && place.packages.length === 0);
    return isAsking === true || isAnyFileClosing();
  }

  /** What has turned up meanwhile, and is a leak of its own. */
  takeNew(): readonly Made[] {
    const left = (this.#maker.made ?? []).filter(isLeft);
    this.#maker.made = [];
    if (!this.#bringsAbout) return left.filter(({ kind }) => kind !== 'request');
    for (const made of left) if (this.#allows(made) === undefined) tryToClose(made);
    return [];
  }

  /** Why a thing that was closed is not gone; undefined when it is. */
  whyThere(made: Made): string | undefined {
    return this.#going.includes(made) ? 'it was still there after a second' : undefined;
  }

  /** Ends what closing brings about: a client that connects again would go on for ever. It is no leak beside the first. */
  #closeNew(): void {
    const { made: all = [] } = this.#maker;
    const ending = all.filter((made) => isLeft(made) && !isAboutToEnd(made) && this.#allows(made) === undefined);
    if (ending.length === 0) return;
    this.#maker.made = all.filter((made) => !ending.includes(made));
    for (const made of ending) tryToClose(made);
    this.#going = [...this.#going, ...ending];
    this.#turns = 0;
  }
}

function isHeld(made: Made): boolean {
  return isThere(made) || made.isHeld?.() === true;
}

function isLeft(made: Made): boolean {
  return made.state() === 'left' && !isBenign(made);
}

function isAboutToEnd(made: Made): boolean {
  return made.kind === 'immediate' || made.isShort?.() === true;
}
