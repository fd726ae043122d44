/** Which Deferreds a test waits for. */

import { Deferred } from '../../internet/deferred.js';
import { debugText } from '../../internet/deferred_debug.js';
import { RunningGenerator } from '../../internet/inline_callbacks.js';
import { suspendedAt } from './suspended.js';
import { textOf } from './text_of.js';
import { MadeDeferred, type Trace } from './trace.js';

/** From one that waits to the one that it waits for, to the innermost that has no result. */
export function chainOf(deferred: Deferred<unknown>): readonly Deferred<unknown>[] {
  const chain = new Set<Deferred<unknown>>();
  for (let d: unknown = deferred; d instanceof Deferred && !chain.has(d); d = waitsFor(d)) chain.add(d);
  return [...chain];
}

/** Those that the test has made besides, and that have no result either. */
export function othersOf(trace: Trace, chain: readonly Deferred<unknown>[]): readonly Deferred<unknown>[] {
  return trace
    .deferreds()
    .filter((d) => d instanceof Deferred)
    .filter((d) => (!d.called || d.result instanceof Deferred) && !chain.includes(d));
}

/** What a Deferred is, where it was made, and where its generator is suspended. */
export function deferredLine(deferred: Deferred<unknown>): string {
  const { owner, canceller } = deferred;
  const made = owner instanceof MadeDeferred ? owner.origin.place : undefined;
  const suspended = canceller instanceof RunningGenerator ? suspendedAt(canceller.generator) : undefined;
  const parts = [
    textOf(deferred),
    ...(made === undefined ? [] : [`made at ${made}`]),
    ...(suspended === undefined ? [] : [`its generator waits at ${suspended}`]),
  ];
  return `  ${[parts.join(', '), ...debugLines(deferred)].join('\n    ')}`;
}

/** With debugging on, the whole stacks. */
function debugLines(deferred: Deferred<unknown>): readonly string[] {
  const text = debugText(deferred);
  return text === '' ? [] : text.split('\n');
}

function waitsFor(d: Deferred<unknown>): unknown {
  if (d.called) return d.result;
  return d.canceller instanceof RunningGenerator ? d.canceller.waitsFor : undefined;
}
