/** Which elements only one of two Sets has. */
import { inspect } from 'node:util';
import { isObject } from './is_object.js';

/** The elements of one alone, by side. */
export interface SetDifference {
  readonly first: readonly unknown[];
  readonly second: readonly unknown[];
}

/**
 * Tells Sets apart in time also where they are large: objects are taken for equal when they print alike. Undefined when
 * nothing is found that way.
 */
export function setDifference(first: ReadonlySet<unknown>, second: ReadonlySet<unknown>): SetDifference | undefined {
  const only = { first: notIn(first, second), second: notIn(second, first) };
  const partners = new Map<string, number>();
  for (const value of only.second) if (isObject(value)) add(partners, printed(value), 1);
  const unmatched = only.first.filter((value) => !(isObject(value) && add(partners, printed(value), -1) >= 0));
  // What is still above zero has no partner; the others, in the order of the Set, have had theirs.
  const left = only.second.toReversed().filter((value) => !isObject(value) || add(partners, printed(value), -1) >= 0);
  if (unmatched.length === 0 && left.length === 0) return undefined;
  return { first: unmatched, second: left.toReversed() };
}

function notIn(values: ReadonlySet<unknown>, others: ReadonlySet<unknown>): unknown[] {
  return [...values].filter((value) => !others.has(value));
}

/** Counts, not below zero; returns the count, or -1 where there was nothing to take away. */
function add(counts: Map<string, number>, text: string, by: number): number {
  const count = (counts.get(text) ?? 0) + by;
  if (count >= 0) counts.set(text, count);
  return count;
}

function printed(value: object): string {
  return inspect(value, { depth: 30, sorted: true, maxArrayLength: 1000, maxStringLength: 10_000 });
}
