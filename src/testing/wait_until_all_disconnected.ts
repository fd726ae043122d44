/** Waits for connections to be over. */
import { Deferred } from '../internet/deferred.js';
import type { CallsLater } from '../internet/reactor_time.js';

const INTERVAL_SECONDS = 0.01;

/**
 * Waits until the transports of all these protocols are disconnected.
 *
 * @param clock - The reactor, or what else keeps time: they are looked at again and again.
 * @param protocols - Protocols that are connected, or were.
 * @returns A Deferred that fires when none of them is connected any more. To cancel it ends the wait.
 * @see Twisted, waitUntilAllDisconnected
 */
export function waitUntilAllDisconnected(
  clock: CallsLater,
  protocols: Iterable<{ readonly transport: { readonly connected: boolean } }>,
): Deferred<void> {
  const waitedFor = [...protocols];
  let next: { cancel(): void } | undefined;
  const over = new Deferred<void>(() => next?.cancel());
  const look = (): void => {
    if (waitedFor.some(({ transport }) => transport.connected)) next = clock.callLater(INTERVAL_SECONDS, look);
    else over.callback();
  };
  look();
  return over;
}
