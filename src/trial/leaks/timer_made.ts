/** Timers and immediates on a maker's books. */
import { clearSoon, clearTimer } from '../../internet/node_timers.js';
import type { Made, State } from './made.js';
import type { Place } from './place.js';

/** Undocumented parts of a Timeout, the same since Node 11. */
interface Timer {
  readonly _idleTimeout: number;
  readonly _onTimeout: unknown;
  readonly _repeat: number | null;
  readonly _destroyed: boolean;
  hasRef(): boolean;
}

/** Undocumented parts of an Immediate. */
interface Immediate {
  readonly _destroyed: boolean;
}

/** Node takes 0 for this; one so short is about to fire. */
const SHORT_MS = 1;

export class TimerMade implements Made {
  readonly kind = 'timer';
  readonly place: Place;
  readonly #timer: Timer;

  constructor(timer: object, place: Place) {
    this.#timer = timer as Timer;
    this.place = place;
  }

  state(): State {
    const { _destroyed, _onTimeout } = this.#timer;
    if (!_destroyed) return 'left';
    // Only clearTimeout takes the function away.
    return _onTimeout === null ? 'gone' : 'ended';
  }

  /** An unref'd timer that a package keeps for itself is a part of its cache. */
  get isUnrefd(): boolean {
    return !this.#timer.hasRef();
  }

  isShort(): boolean {
    return this.#timer._idleTimeout <= SHORT_MS && this.#timer._repeat === null;
  }

  describe(): string {
    const { _idleTimeout, _repeat } = this.#timer;
    const name = this.place.includes('node:timers/promises') ? 'timers/promises ' : '';
    return _repeat === null ? `${name}setTimeout of ${_idleTimeout} ms` : `${name}setInterval of ${_repeat} ms`;
  }

  close(): void {
    clearTimer(this.#timer as unknown as NodeJS.Timeout);
  }
}

export class ImmediateMade implements Made {
  readonly kind = 'immediate';
  readonly place: Place;
  readonly #immediate: Immediate;

  constructor(immediate: object, place: Place) {
    this.#immediate = immediate as Immediate;
    this.place = place;
  }

  state(): State {
    // Fired or cleared, it is over.
    return this.#immediate._destroyed ? 'gone' : 'left';
  }

  describe(): string {
    return 'setImmediate, made again and again';
  }

  close(): void {
    clearSoon(this.#immediate as unknown as NodeJS.Immediate);
  }
}
