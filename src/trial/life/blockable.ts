import { Failure } from '../../internet/failure.js';
import type { OutcomeCause } from '../events/events.js';
import type { Owner } from './attribution.js';

/** What may block the event loop: a step of a test, and what comes before its tests. */
export interface Blockable {
  /** The test that it is about, or the module. */
  readonly testId: string;
  /** What of it is running. */
  readonly stepName: string;
  /** In whose asynchronous context it runs. */
  readonly account: Owner | undefined;
  /** How long it may take. */
  stepSeconds(): number;
  /** What it waits for, or has begun, as far as that is known. */
  waitingLines(how?: { readonly isBlocked?: boolean }): readonly string[];
  /** Has an error without a frame of the user's say where it is. */
  pointAt(error: Error): void;
  /** It is about to be cut off: that is not to be taken for its timeout. */
  stopClock(): void;
  /** Its code was cut off. */
  cutOff(error: Error, cause: OutcomeCause): void;
  /** Code of somebody else, who has run before it, has blocked the event loop and was cut off. */
  othersBlocked(owner: Owner, error: Error): void;
  /** What it waits for is to be waited for no longer. */
  interrupt(error: Error): void;
}

/** What has to be over before there is a test with steps. */
export abstract class BlockableOutside implements Blockable {
  abstract readonly testId: string;
  abstract readonly stepName: string;
  readonly account: Owner | undefined = undefined;

  abstract stepSeconds(): number;
  abstract cutOff(error: Error, cause: OutcomeCause): void;

  waitingLines(): readonly string[] {
    return [];
  }

  pointAt(): void {
    // There is a frame of the user's, or nothing to be said.
  }

  stopClock(): void {
    // Its time is not up before it is cut off.
  }

  othersBlocked(owner: Owner, error: Error): void {
    owner.trouble({}, new Failure(error), 'late');
  }

  interrupt(): void {
    // Nothing of it is waited for.
  }
}
