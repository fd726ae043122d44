/** Streams and file descriptors that the user's code reads and writes itself, when the reactor says so. */
import { AsyncResource } from 'node:async_hooks';
import type { Duplex, Readable, Writable } from 'node:stream';
import { callWithContext } from '../log/context.js';
import { err } from '../log/publisher.js';
import { CONNECTION_DONE } from './connection_done.js';
import { Failure } from './failure.js';
import { openDescriptor } from './file_descriptor.js';
import { logPrefix } from './log_prefix.js';
import { connectError, connectionError, type SystemError } from './node_errors.js';
import { soon } from './node_timers.js';
import type { Origin } from './origin.js';
import type { ReactorHost, Selectable, SelectableRegister } from './reactor_host.js';

/** What readers and writers have in common. */
export interface Descriptor {
  /** A stream, or the number of a pipe, a terminal or a socket, which the reactor opens and then owns. */
  fileno(): Duplex | Readable | Writable | number;
  /** It was removed since there is nothing more to come. */
  connectionLost(reason: Failure): void;
  /** Names the system of its lines in the log; the class's name if it is not there. */
  logPrefix?(): string;
}

/**
 * Reads by itself.
 *
 * @see Twisted, IReadDescriptor
 */
export interface Reader extends Descriptor {
  /**
   * Something can be read, or the end has come: then `stream.read()` gives null at once. It is called again as long as
   * something is left.
   *
   * @param stream - What `fileno()` returned, or what the reactor has opened.
   * @returns CONNECTION_DONE, CONNECTION_LOST or another error to be removed; anything else to stay.
   */
  doRead(stream: Readable): unknown;
}

/**
 * Writes by itself.
 *
 * @see Twisted, IWriteDescriptor
 */
export interface Writer extends Descriptor {
  /**
   * There is room. It is called in every turn as long as there is, until it is removed.
   *
   * @param stream - What `fileno()` returned, or what the reactor has opened.
   * @returns CONNECTION_DONE, CONNECTION_LOST or another error to be removed; anything else to stay.
   */
  doWrite(stream: Writable): unknown;
}

/** The readers of a reactor, or its writers. */
export class Watches<D extends Descriptor> {
  readonly #watches = new Map<D, Watch<D>>();
  readonly #reactor: ReactorHost;
  readonly #make: (descriptor: D, parts: WatchParts) => Watch<D>;

  constructor(reactor: ReactorHost, make: (descriptor: D, parts: WatchParts) => Watch<D>) {
    this.#reactor = reactor;
    this.#make = make;
  }

  /** Begins to watch; one that is watched is left as it is. */
  add(descriptor: D, origin: Origin | undefined): void {
    if (this.#watches.has(descriptor)) return;
    const removed = (): void => {
      this.#watches.delete(descriptor);
    };
    const watch = this.#make(descriptor, { origin, removed, selectables: this.#reactor.selectables });
    this.#watches.set(descriptor, watch);
    this.#reactor.whenRunning(() => watch.begin());
  }

  /** Ends the watch; one that is not watched is ignored. */
  remove(descriptor: D): void {
    this.#watches.get(descriptor)?.end();
  }

  all(): D[] {
    return [...this.#watches.keys()];
  }
}

/** What a watch is made with. */
export interface WatchParts {
  readonly origin: Origin | undefined;
  readonly removed: () => void;
  readonly selectables: SelectableRegister;
}

/** One descriptor that is watched. */
abstract class Watch<D extends Descriptor, S extends Readable | Writable = Readable | Writable> implements Selectable {
  readonly origin: Origin | undefined;
  /** @internal */
  place = -1;
  protected readonly descriptor: D;
  protected readonly stream: S;
  readonly #parts: WatchParts;
  readonly #scope = new AsyncResource('Watch', { requireManualDestroy: true });
  readonly #opened: boolean;
  #ended = false;
  #callWanted = false;

  constructor(descriptor: D, parts: WatchParts) {
    const fileno = descriptor.fileno();
    this.#opened = typeof fileno === 'number' && fileno > 2;
    this.stream = (typeof fileno === 'number' ? openDescriptor(fileno) : fileno) as S;
    this.descriptor = descriptor;
    this.origin = parts.origin;
    this.#parts = parts;
    parts.selectables.add(this);
  }

  get closing(): boolean {
    return this.#ended;
  }

  /** Listens to the stream. */
  begin(): void {
    if (this.#ended) return;
    this.stream.on('error', this.#failed);
    this.stream.on('close', this.#closed);
    this.listen();
    this.callSoon();
  }

  /** Watches no longer. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.unlisten();
    this.stream.off('error', this.#failed);
    this.stream.off('close', this.#closed);
    this.#parts.removed();
    this.#parts.selectables.delete(this);
  }

  discard(): void {
    this.end();
    if (this.#opened) this.stream.destroy();
  }

  disconnect(reason: Failure): void {
    if (this.#ended) return;
    this.end();
    try {
      this.#inContext(() => this.descriptor.connectionLost(reason));
    } catch (error) {
      this.#inContext(() => err(new Failure(error)));
    }
    if (this.#opened) this.stream.destroy();
  }

  /** `<Reader PoetrySocket>` */
  abstract toString(): string;

  protected abstract listen(): void;
  protected abstract unlisten(): void;
  /** Whether the descriptor is to be called now. */
  protected abstract ready(): boolean;
  /** Calls it. */
  protected abstract call(): unknown;
  /** Has the stream say when it is ready again. */
  protected abstract wait(): void;

  /** Looks in a turn of its own whether the descriptor is to be called. */
  protected callSoon(): void {
    if (this.#callWanted) return;
    this.#callWanted = true;
    soon(this.#callIfReady);
  }

  readonly #callIfReady = (): void => {
    this.#callWanted = false;
    if (!this.#ended && this.ready()) this.callNow();
  };

  protected callNow(): void {
    if (this.#ended) return;
    let reason: unknown;
    try {
      reason = this.#inContext(() => this.call());
    } catch (error) {
      this.#inContext(() => err(new Failure(error)));
      reason = error;
    }
    if (reason instanceof Error) this.disconnect(new Failure(reason));
    else if (this.ready()) this.callSoon();
    else this.wait();
  }

  readonly #failed = (error: SystemError): void => {
    const explain = error.syscall === 'connect' ? connectError : connectionError;
    this.disconnect(new Failure(explain(error, String(this))));
  };

  readonly #closed = (): void => {
    this.disconnect(new Failure(CONNECTION_DONE));
  };

  #inContext<R>(f: () => R): R {
    return this.#scope.runInAsyncScope(() => callWithContext({ system: logPrefix(this.descriptor) }, f));
  }
}

/** Watches for something to read. */
export class ReaderWatch extends Watch<Reader, Readable> {
  override toString(): string {
    return `<Reader ${logPrefix(this.descriptor)}>`;
  }

  protected override listen(): void {
    this.stream.on('readable', this.#readable);
    this.stream.on('end', this.#atEnd);
  }

  protected override unlisten(): void {
    this.stream.off('readable', this.#readable);
    this.stream.off('end', this.#atEnd);
  }

  protected override ready(): boolean {
    // A stream that was at its end before it was watched says so no more.
    return this.stream.readableLength > 0 || this.stream.readableEnded;
  }

  protected override call(): unknown {
    const atEnd = this.stream.readableEnded;
    const result = this.descriptor.doRead(this.stream);
    // Nothing more can come: a reader that does not say so would be called for ever.
    return atEnd && !(result instanceof Error) ? CONNECTION_DONE : result;
  }

  protected override wait(): void {
    // Node says that it is the end when somebody tries to read there.
    if (!this.closing) this.stream.read(0);
  }

  readonly #readable = (): void => {
    if (this.stream.readableLength > 0) this.callNow();
    else this.wait();
  };

  readonly #atEnd = (): void => this.callNow();
}

/** Watches for room to write. */
export class WriterWatch extends Watch<Writer, Writable> {
  override toString(): string {
    return `<Writer ${logPrefix(this.descriptor)}>`;
  }

  protected override listen(): void {
    this.stream.on('drain', this.#room);
    this.stream.on('connect', this.#room);
  }

  protected override unlisten(): void {
    this.stream.off('drain', this.#room);
    this.stream.off('connect', this.#room);
  }

  protected override ready(): boolean {
    const { stream } = this;
    const connecting = 'connecting' in stream && stream.connecting === true;
    return stream.writable && !stream.writableNeedDrain && !connecting;
  }

  protected override call(): unknown {
    return this.descriptor.doWrite(this.stream);
  }

  protected override wait(): void {}

  readonly #room = (): void => this.callSoon();
}
