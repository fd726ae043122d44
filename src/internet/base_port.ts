/** What ports of all kinds have in common. */
import { AsyncResource } from 'node:async_hooks';
import { inspect } from 'node:util';
import { err, msg } from '../log/publisher.js';
import type { Address } from './address.js';
import { Deferred } from './deferred.js';
import { Failure } from './failure.js';
import { logPrefix } from './log_prefix.js';
import { soon } from './node_timers.js';
import type { Origin } from './origin.js';
import type { ReactorHost, Selectable } from './reactor_host.js';
import type { ListeningPort } from './reactor_streams.js';
import { succeed } from './succeed.js';

/** What a port is made of, whatever its kind. */
export interface PortParts {
  readonly kind: 'Port' | 'UDP port';
  readonly reactor: ReactorHost;
  /** The factory or the protocol that it listens for. */
  readonly user: object;
  readonly origin: Origin | undefined;
}

/**
 * A port's life: it is idle, listens, and is closing until that has been told.
 *
 * @typeParam A - What its address is.
 * @see Twisted, IListeningPort
 */
export abstract class BasePort<A extends Address> implements ListeningPort<A>, Selectable {
  readonly origin: Origin | undefined;
  /** @internal */
  place = -1;
  /** @internal */
  protected readonly reactor: ReactorHost;
  /** @internal What comes in has no async context of its own: it gets that of the call which has made the port. */
  protected readonly scope: AsyncResource;
  readonly #kind: string;
  readonly #user: object;
  #state: 'idle' | 'listening' | 'closing' = 'idle';
  #host: A | undefined;
  #waiting: Deferred<void>[] = [];

  /** @internal */
  constructor({ kind, reactor, user, origin }: PortParts) {
    this.reactor = reactor;
    this.origin = origin;
    this.scope = new AsyncResource(new.target.name, { requireManualDestroy: true });
    this.#kind = kind;
    this.#user = user;
  }

  get closing(): boolean {
    return this.#state !== 'listening';
  }

  /** @internal Where it listens; undefined when it does not. */
  protected get host(): A | undefined {
    return this.#state === 'listening' ? this.#host : undefined;
  }

  /**
   * Binds the port, again after it was closed, and listens. `listenTCP` and its like have done so already.
   *
   * @throws CannotListenError; Error when it listens already.
   */
  startListening(): void {
    if (this.#state !== 'idle') throw new Error(`Cannot start listening: ${this} is open.`);
    this.#host = this.scope.runInAsyncScope(this.open, this);
    this.#state = 'listening';
    this.reactor.selectables.add(this);
    msg(`${logPrefix(this.#user)} starting on ${this.#host}`);
    this.started();
  }

  /**
   * Closes the port. Connections that stand go on.
   *
   * @returns A Deferred that fires when the port is closed; it has fired already when the port was not listening.
   */
  stopListening(): Deferred<void> {
    if (this.#state === 'idle') return succeed(undefined);
    const closed = new Deferred<void>();
    this.#waiting.push(closed);
    if (this.#state === 'listening') {
      this.#close();
      this.scope.runInAsyncScope(soon, undefined, () => this.#closed());
    }
    return closed;
  }

  /** The same as `stopListening()`. */
  loseConnection(): Deferred<void> {
    return this.stopListening();
  }

  /**
   * Where it listens: the port number is that of the system when 0 was asked for.
   *
   * @throws Error when it does not listen.
   */
  getHost(): A {
    if (this.#host === undefined) throw new Error(`Cannot tell where ${this} listens: it has been closed.`);
    return this.#host;
  }

  discard(): void {
    if (this.#state === 'listening') this.#close();
    // The address stays: a list of what was left open says where it was.
    this.#state = 'idle';
    this.reactor.selectables.delete(this);
  }

  disconnect(): void {
    if (this.#state === 'listening') this.#close();
    this.scope.runInAsyncScope(this.#closed, this);
  }

  /** `<Port of PoetryFactory on 127.0.0.1:10000>` */
  toString(): string {
    const where = this.#host === undefined ? '(not listening)' : `on ${this.#host}`;
    return `<${this.#kind} of ${logPrefix(this.#user)} ${where}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** @internal Binds and listens. @returns Where. */
  protected abstract open(): A;

  /** @internal Closes what `open` has opened. */
  protected abstract shut(): void;

  /** @internal Tells the factory or the protocol that the port is open. */
  protected abstract started(): void;

  /** @internal Tells the factory or the protocol that the port is closed. */
  protected abstract stopped(): void;

  #close(): void {
    this.#state = 'closing';
    this.shut();
  }

  #closed(): void {
    if (this.#state !== 'closing') return;
    msg(`(${this.#kind} ${this.#host} closed)`);
    this.#state = 'idle';
    this.#host = undefined;
    this.reactor.selectables.delete(this);
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      this.stopped();
    } catch (error) {
      for (const closed of waiting) closed.errback(new Failure(error));
      if (waiting.length === 0) err(new Failure(error));
      return;
    }
    for (const closed of waiting) closed.callback();
  }
}
