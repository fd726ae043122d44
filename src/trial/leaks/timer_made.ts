/** Timers and immediates on a maker's books. */
import { clearSoon, clearTimer } from '../../internet/node_timers.js';
import type { LeakKind, Made, State } from './made.js';
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

/** What is called once it is due. */
abstract class DueMade<T> implements Made {
  abstract readonly kind: LeakKind;
  readonly place: Place;
  protected readonly due: T;

  /** @param due - Node's resource. */
  constructor(due: object, place: Place) {
    this.due = due as T;
    this.place = place;
  }

  abstract state(): State;
  abstract describe(): string;
  abstract close(): void;
}

export class TimerMade extends DueMade<Timer> {
  readonly kind = 'timer';

  state(): State {
    const { _destroyed, _onTimeout } = this.due;
    if (!_destroyed) return 'left';
    // Only clearTimeout takes the function away.
    return _onTimeout === null ? 'gone' : 'ended';
  }

  /** An unref'd timer that a package keeps for itself is a part of its cache. */
  get isUnrefd(): boolean {
    return !this.due.hasRef();
  }

  isShort(): boolean {
    return this.due._idleTimeout <= SHORT_MS && this.due._repeat === null;
  }

  describe(): string {
    const { _idleTimeout, _repeat } = this.due;
    const name = this.place.includes('node:timers/promises') ? 'timers/promises ' : '';
    return _repeat === null ? `${name}setTimeout of ${_idleTimeout} ms` : `${name}setInterval of ${_repeat} ms`;
  }

  close(): void {
    clearTimer(this.due as unknown as NodeJS.Timeout);
  }
}

export class ImmediateMade extends DueMade<Immediate> {
  readonly kind = 'immediate';

  state(): State {
    // Fired or cleared, it is over.
    return this.due._destroyed ? 'gone' : 'left';
  }

  describe(): string {
    return 'setImmediate, made again and again';
  }

  close(): void {
    clearSoon(this.due as unknown as NodeJS.Immediate);
  }
}
