/** What is to be called when the reactor starts and stops. */
import { AsyncResource } from 'node:async_hooks';
import { err } from '../log/publisher.js';
import { Failure } from './failure.js';
import { logged } from './logged.js';
import { isDeferred, isThenable } from './thenable.js';

/** In which part of an event a trigger is called. `during` starts when all that `before` waits for is there. */
export type Phase = 'before' | 'during' | 'after';

/** A trigger, as `removeSystemEventTrigger` takes it. */
export interface SystemEventTrigger {
  /** The event that calls it. */
  readonly eventType: string;
  /** When in the event it is called. */
  readonly phase: Phase;
}

interface Trigger extends SystemEventTrigger {
  readonly scope: AsyncResource;
  readonly f: (...args: never[]) => unknown;
  readonly args: readonly unknown[];
}

/** What one event has to call. Each trigger is called once, in the first firing after it was added. */
class ThreePhaseEvent {
  readonly before: Trigger[] = [];
  readonly during: Trigger[] = [];
  readonly after: Trigger[] = [];
}

/**
 * The events of a reactor, by name.
 *
 * @see Twisted, IReactorCore.addSystemEventTrigger
 */
export class SystemEvents {
  readonly #events = new Map<string, ThreePhaseEvent>();

  add(phase: Phase, eventType: string, f: (...args: never[]) => unknown, args: readonly unknown[]): SystemEventTrigger {
    if (phase !== 'before' && phase !== 'during' && phase !== 'after') {
      throw new TypeError(`Cannot add a trigger to the phase '${phase}': the phases are before, during and after.`);
    }
    if (typeof f !== 'function') throw new TypeError(`Cannot trigger ${String(f)}: pass a function.`);
    const scope = new AsyncResource('SystemEventTrigger', { requireManualDestroy: true });
    const trigger: Trigger = { eventType, phase, scope, f, args };
    this.#event(eventType)[phase].push(trigger);
    return trigger;
  }

  remove(handle: SystemEventTrigger): void {
    const triggers: SystemEventTrigger[] = this.#events.get(handle.eventType)?.[handle.phase] ?? [];
    const index = triggers.indexOf(handle);
    if (index < 0) {
      throw new Error(
        `There is no such ${handle.phase} ${handle.eventType} trigger: it has fired, or was removed before.`,
      );
    }
    triggers.splice(index, 1);
  }

  /**
   * Calls the triggers of an event.
   *
   * @param own - What the reactor itself does, first thing in the phase `during`.
   * @param done - Is called after the last trigger.
   */
  fire(eventType: string, own: () => void, done: () => void): void {
    const event = this.#event(eventType);
    let waitingFor = 1;
    const goOn = (): void => {
      waitingFor--;
      if (waitingFor > 0) return;
      logged(own);
      callAll(event.during);
      callAll(event.after);
      done();
    };
    callAll(event.before, (result) => {
      waitingFor++;
      waitFor(result, goOn);
    });
    goOn();
  }

  #event(eventType: string): ThreePhaseEvent {
    let event = this.#events.get(eventType);
    if (event === undefined) {
      event = new ThreePhaseEvent();
      this.#events.set(eventType, event);
    }
    return event;
  }
}

/** Calls triggers until there are none: a trigger may add others, which are called too. */
function callAll(triggers: Trigger[], onResult?: (result: object) => void): void {
  for (let trigger = triggers.shift(); trigger !== undefined; trigger = triggers.shift()) {
    const { scope, f, args } = trigger;
    // In the context that added the trigger: what it throws is logged there too.
    scope.runInAsyncScope(logged, undefined, () => {
      const result = (f as (...args: readonly unknown[]) => unknown)(...args);
      if (onResult !== undefined && isThenable(result)) onResult(result);
    });
  }
}

function waitFor(result: object, done: () => void): void {
  if (isDeferred(result)) {
    // The result is only looked at: a failure stays unhandled, and is reported as such.
    result.addBoth((value) => {
      done();
      return value;
    });
  } else {
    (result as PromiseLike<unknown>).then(done, (error: unknown) => {
      err(new Failure(error));
      done();
    });
  }
}
