/** What is written to a stream: sent together what was written together, and of a producer as much as there is room for. */
import type { Writable } from 'node:stream';
import { inspect } from 'node:util';
import type { Producer } from './consumer.js';
import { type Outlet, SteeredProducer } from './steered_producer.js';
import type { TLSLayer } from './tls_layer.js';
import { type Flushable, flushAfterThisCall } from './write_flusher.js';

/** Node's TLS copies what is handed to it together; what fills records of its own goes alone. */
const TLS_RECORD = 16 * 1024;

/** The half of a connection that writes, or the standard input of a process. */
export class Outgoing implements Flushable {
  #stream: Writable;
  #layer: TLSLayer | undefined;
  #state: 'open' | 'ending' | 'ended' = 'open';
  /** Whether what is written now is held back until the call that is being made has returned. */
  #holding = false;
  /** What was held back first, as long as nothing was written after it. */
  #first: Uint8Array | string | undefined;
  #producer: SteeredProducer | undefined;
  #endWanted = false;

  constructor(stream: Writable, layer?: TLSLayer) {
    this.#stream = stream;
    this.#layer = layer;
  }

  get state(): 'open' | 'ending' | 'ended' {
    return this.#state;
  }

  /** Sends data; ignored when the end has come. */
  write(data: Uint8Array | string): void {
    if (this.#state !== 'open' || data.length === 0) return;
    const producer = this.#producer;
    if (this.#layer !== undefined && data.length >= TLS_RECORD) {
      this.flush();
    } else if (!this.#holding) {
      this.#holding = true;
      flushAfterThisCall(this);
      // Mostly it is the only piece: to have the stream hold it back would cost as much as to write it.
      if (producer === undefined) {
        this.#first = data;
        return;
      }
      this.#stream.cork();
    }
    this.#joinFirst();
    if (producer === undefined) {
      this.#stream.write(data);
      return;
    }
    this.#stream.write(data, producer.taken);
    producer.wrote();
  }

  /** Sends what was held back. */
  flush(): void {
    if (!this.#holding) return;
    this.#holding = false;
    const first = this.#first;
    if (first === undefined) {
      this.#stream.uncork();
      return;
    }
    this.#first = undefined;
    if (!this.#stream.destroyed) this.#stream.write(first);
  }

  /** Sends through TLS what is written from now on; what was written before has been flushed. */
  goThrough(layer: TLSLayer): void {
    this.#stream = layer.stream;
    this.#layer = layer;
  }

  /**
   * Has `producer` paused while the stream is full, and resumed when there is room. One that comes when nothing is sent
   * any more is stopped.
   *
   * @param streaming - True for a push producer, false for a pull producer.
   * @throws Error when another one is registered.
   */
  register(producer: Producer, streaming: boolean, { alive, call }: Omit<Outlet, 'waiting'>): void {
    if (this.#producer !== undefined) {
      throw new Error('Cannot register a second producer: call unregisterProducer() for the first one before.');
    }
    if (!alive()) {
      producer.stopProducing();
      return;
    }
    this.#joinFirst();
    this.#producer = new SteeredProducer(producer, streaming, {
      waiting: () => this.#stream.writableLength,
      alive,
      call,
    });
    if (!streaming) producer.resumeProducing();
  }

  /** The producer has finished: an end that was asked for comes now. */
  unregister(): void {
    this.release();
    if (this.#endWanted) this.endNow();
  }

  /** Steers the producer no more. @returns The producer, if there was one. */
  release(): Producer | undefined {
    const producer = this.#producer?.release();
    this.#producer = undefined;
    return producer;
  }

  /** Ends the stream when all that was written is sent, and a registered producer has finished. */
  end(): void {
    this.#endWanted = true;
    if (this.#producer === undefined) this.endNow();
  }

  /**
   * Takes nothing any more if the system has taken all that was written. Its socket may be closed then as it is.
   *
   * @returns Whether it was so.
   */
  endIfSent(): boolean {
    if (this.#state !== 'open' || this.#producer !== undefined) return false;
    this.flush();
    if (this.#stream.writableLength > 0) return false;
    this.#state = 'ending';
    return true;
  }

  /** Ends the stream when all that was written is sent, whatever a producer still has. */
  endNow(): void {
    if (this.#state !== 'open' || this.#stream.destroyed) return;
    this.#state = 'ending';
    this.flush();
    const stream = this.#stream;
    // A stream that is ended sends what it has held back.
    if (this.#layer === undefined) stream.end();
    else this.#layer.whenSecured(() => stream.end());
  }

  /** The stream has ended, and all is sent. */
  ended(): void {
    this.#state = 'ended';
  }

  /** Leaves it to the stream to hold back what is written: there is more than one piece. */
  #joinFirst(): void {
    const first = this.#first;
    if (first === undefined) return;
    this.#first = undefined;
    this.#stream.cork();
    this.#stream.write(first);
  }
}

/**
 * Tells whoever writes something else so at once: a stream would say it when no code of theirs is on the stack.
 *
 * @throws TypeError
 */
export function requireData(data: unknown): void {
  if (typeof data !== 'string' && !(data instanceof Uint8Array)) {
    throw new TypeError(`Cannot write ${inspect(data, { depth: 0 })}: pass a Buffer, a Uint8Array or a string.`);
  }
}
