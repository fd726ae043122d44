/** A ClientFactory that does not give up. */
import { msg } from '../log/publisher.js';
import type { Address } from './address.js';
import { NotConnectingError } from './errors.js';
import { ClientFactory } from './factory.js';
import type { Failure } from './failure.js';
import type { ConnectorLike } from './protocol_factory.js';
import { reactor } from './reactor.js';
import type { CallsLater, PendingCall } from './reactor_time.js';

/**
 * Connects again when connecting has failed or the connection was lost, each time after a longer wait.
 *
 * The wait grows by `factor` up to `maxDelay`, and varies a little, so that the clients of a server that comes back do
 * not all come at once. A connection that is made does not shorten it: call `resetDelay()` when the connection turns
 * out to be of use, in `buildProtocol` for one. A subclass that overrides `clientConnectionFailed` or
 * `clientConnectionLost` calls the one it overrides.
 *
 * @example
 * class PoetryFactory extends ReconnectingClientFactory {
 *   override maxDelay = 60;
 *   override buildProtocol(address: Address) {
 *     this.resetDelay();
 *     return super.buildProtocol(address);
 *   }
 * }
 * @see Twisted, ReconnectingClientFactory
 */
export class ReconnectingClientFactory extends ClientFactory {
  /** The longest wait, in seconds; without `jitter` it is never longer. */
  maxDelay = 3600;

  /** What the first wait is reckoned from, in seconds: it is `factor` times this. */
  initialDelay = 1;

  /** How much longer each wait is than the one before. */
  factor = Math.E;

  /** By which part of itself a wait varies (the standard deviation); 0 or null for not at all. */
  jitter: number | null = 0.119626565582;

  /** How often it is tried again, since the start or `resetDelay()`; null for ever. */
  maxRetries: number | null = null;

  /** The wait before the last retry, in seconds. */
  delay = this.initialDelay;

  /** How often it was tried again, since the start or `resetDelay()`. */
  retries = 0;

  /** Whether it connects again. */
  continueTrying = true;

  /** What connected last. */
  connector: ConnectorLike<Address> | undefined;

  /** What keeps time; the reactor when there is nothing here. Tests put a `Clock` here. */
  clock: CallsLater | undefined;

  #call: PendingCall | undefined;

  /** Tries again later. */
  override clientConnectionFailed(connector: ConnectorLike<Address>, _reason: Failure): void {
    this.#retryWith(connector);
  }

  /** Connects again later. */
  override clientConnectionLost(connector: ConnectorLike<Address>, _reason: Failure): void {
    this.#retryWith(connector);
  }

  /**
   * Has a connector connect again, after a wait that is longer than the one before.
   *
   * Nothing happens after `stopTrying()`, or when `maxRetries` is reached.
   *
   * @param connector - By default the one whose connection failed or was lost last.
   * @throws TypeError when there was none yet.
   */
  retry(connector: ConnectorLike<Address> | undefined = this.connector): void {
    if (!this.continueTrying) {
      this.#say(`Abandoning ${connector} on explicit request`);
      return;
    }
    if (connector === undefined) {
      throw new TypeError(`Cannot retry: ${this.logPrefix()} had no connector yet. Pass one to retry().`);
    }
    this.retries++;
    if (this.maxRetries !== null && this.retries > this.maxRetries) {
      this.#say(`Abandoning ${connector} after ${this.retries} retries.`);
      return;
    }
    this.delay = Math.min(this.delay * this.factor, this.maxDelay);
    if (this.jitter) this.delay = Math.max(0, this.delay + this.delay * this.jitter * normalVariate());
    this.#say(`${connector} will retry in ${Math.floor(this.delay)} seconds`);
    // The function's name is what a list of delayed calls shows.
    const reconnect = (): void => {
      this.#call = undefined;
      connector.connect();
    };
    this.#call = (this.clock ?? reactor).callLater(this.delay, reconnect);
  }

  /** Connects no more: ends the wait, or the attempt that is under way. A connection that stands goes on. */
  stopTrying(): void {
    if (this.#call?.active()) this.#call.cancel();
    this.#call = undefined;
    this.continueTrying = false;
    try {
      this.connector?.stopConnecting();
    } catch (error) {
      if (!(error instanceof NotConnectingError)) throw error;
    }
  }

  /** Begins anew with the shortest wait and no retries; also after `stopTrying()`. */
  resetDelay(): void {
    this.delay = this.initialDelay;
    this.retries = 0;
    this.continueTrying = true;
  }

  #retryWith(connector: ConnectorLike<Address>): void {
    if (!this.continueTrying) return;
    this.connector = connector;
    this.retry();
  }

  #say(text: string): void {
    if (this.noisy) msg(text);
  }
}

/** A random number of the normal distribution: mean 0, deviation 1 (Box and Muller's way). */
function normalVariate(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
