/** A producer that is paused while what it writes to is full. */
import type { Producer } from './consumer.js';
import { soon } from './node_timers.js';

// Twisted's: a push producer is paused when more than this is waiting to be sent.
const BUFFER_SIZE = 64 * 1024;

/** What a producer writes to. */
export interface Outlet {
  /** How many bytes wait to be sent. */
  waiting(): number;
  /** Whether it still sends anything. */
  alive(): boolean;
  /** Calls the producer, as its owner calls all code of the user's. */
  call(f: () => void): void;
}

/** Says when the producer that is registered with a consumer may write. */
export class SteeredProducer {
  readonly #producer: Producer;
  readonly #outlet: Outlet;
  #state: 'push' | 'paused' | 'pull' | 'released';
  #resumeWanted = false;

  constructor(producer: Producer, streaming: boolean, outlet: Outlet) {
    this.#producer = producer;
    this.#outlet = outlet;
    this.#state = streaming ? 'push' : 'pull';
  }

  /** A piece was written. */
  wrote(): void {
    if (this.#state !== 'push' || this.#outlet.waiting() <= BUFFER_SIZE) return;
    this.#state = 'paused';
    this.#producer.pauseProducing?.();
  }

  /** A piece was taken by the system. */
  readonly taken = (): void => {
    if (this.#state === 'push' || this.#state === 'released' || this.#resumeWanted) return;
    this.#resumeWanted = true;
    // In a turn of its own, so that a fast producer leaves room for others.
    soon(this.#resume);
  };

  /** It is steered no more. */
  release(): Producer {
    this.#state = 'released';
    return this.#producer;
  }

  readonly #resume = (): void => {
    this.#resumeWanted = false;
    if (this.#state === 'released' || !this.#outlet.alive() || this.#outlet.waiting() > 0) return;
    if (this.#state === 'paused') this.#state = 'push';
    this.#outlet.call(() => this.#producer.resumeProducing());
  };
}
