/** Debugging of Deferreds: where each was made and fired, kept aside so that it costs nothing when it is off. */
import { captureOrigin, type Origin } from './origin.js';

/** A function or class that the user called. */
type Called = ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown);

/** Who debugs wants to see all of the stack. */
const FRAMES = 50;

interface Places {
  created?: Origin;
  invoked?: Origin;
}

/** Whether places are kept. Read on the hot path, so it is a plain variable. */
export let debugging = false;

let places: WeakMap<object, Places> | undefined;

/**
 * Switches the debugging of Deferreds on or off: each Deferred made from then on keeps where it was made and where it
 * was fired, and says so in `AlreadyCalledError` and in reports of unhandled errors. It costs some microseconds each.
 *
 * @see Twisted, defer.setDebugging
 */
export function setDebugging(on: boolean): void {
  debugging = on;
  places ??= new WeakMap();
}

/** Whether debugging of Deferreds is on. */
export function getDebugging(): boolean {
  return debugging;
}

/** Keeps where a Deferred was made. */
export function noteCreated(deferred: object, called: Called): void {
  places?.set(deferred, { created: captureOrigin(called, FRAMES) });
}

/** Keeps where a Deferred was fired. */
export function noteInvoked(deferred: object, called: Called): void {
  const known = places?.get(deferred);
  if (known !== undefined) known.invoked = captureOrigin(called, FRAMES);
}

/** The places that are known of a Deferred, as lines of text; empty when there are none. */
export function debugText(deferred: object): string {
  const known = places?.get(deferred);
  if (known === undefined) return '';
  const lines: string[] = [];
  if (known.created !== undefined) lines.push('Deferred was created:', known.created.stack);
  if (known.invoked !== undefined) lines.push('First invoker was:', known.invoked.stack);
  return lines.join('\n');
}
