import type { ExitCode } from '../events/events.js';
import { InterruptRelay } from './interrupt_relay.js';
import { type Launched, launch } from './launch.js';

/** A run whose first process is starting. */
export interface Begun {
  readonly first: Launched;
  readonly relay: InterruptRelay;
}

/** Starts the tests in a process of their own. */
export function begin(): Begun {
  const relay = new InterruptRelay();
  relay.start();
  return { first: launch(), relay };
}

/** Starts the tests in a process of their own, first thing, and reports on them. @returns the exit status. */
export async function supervise(): Promise<ExitCode> {
  const begun = begin();
  // All that reports need is loaded while the other process starts.
  const { report } = await import('./report.js');
  return report(begun);
}
