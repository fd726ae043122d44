/** One at a time. */
import { DeferredSemaphore } from './deferred_semaphore.js';

/**
 * Lets one holder in at a time; the others wait, first come, first served.
 *
 * @example
 * lock.run(() => getPoetry(host, port)); // no two at the same time
 * @see Twisted, defer.DeferredLock
 */
export class DeferredLock extends DeferredSemaphore {
  constructor() {
    super(1);
  }

  /** Whether somebody is in. */
  get locked(): boolean {
    return this.tokens === 0;
  }
}
