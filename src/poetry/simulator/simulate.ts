import { Deferred, type Failure } from 'txtrial/internet';
import type { Act, Pair } from './pair.js';

/** On which side of the chain something is. */
export type Lane = 'callback' | 'errback';

/** What goes down the chain: a value on the side of the callbacks, an error on the other. */
export interface Result {
  readonly lane: Lane;
  readonly text: string;
}

/** What happened: what each pair was given, and what came out at the end. */
export interface Simulation {
  readonly given: readonly Result[];
  readonly end: Result;
}

class SimulatedError extends Error {}

/** Fires a Deferred with these pairs by `callback('initial')` or `errback(…)`, and looks which of them it calls. */
export function simulate(pairs: readonly Pair[], start: Lane): Simulation {
  const given: Result[] = [];
  const deferred = new Deferred<string>();
  for (const { callback, errback } of pairs) {
    deferred.addCallbacks(
      (value) => {
        given.push({ lane: 'callback', text: value });
        return act(callback, value);
      },
      (failure) => {
        given.push({ lane: 'errback', text: failure.getErrorMessage() });
        return act(errback, failure);
      },
    );
  }
  let end: Result | undefined;
  deferred.addCallbacks(
    (text) => {
      end = { lane: 'callback', text };
    },
    (failure) => {
      end = { lane: 'errback', text: failure.getErrorMessage() };
    },
  );
  if (start === 'callback') deferred.callback('initial');
  else deferred.errback(new SimulatedError('initial'));
  return { given, end: end as unknown as Result };
}

function act<R extends string | Failure>(what: Act, given: R): string {
  if (what.does === 'throw') throw new SimulatedError(what.error);
  // A Failure that is returned goes on as the error that it is.
  return what.does === 'return' ? what.value : (given as string);
}
