/** Questions that assertions ask of values. */
import type { ErrorClass } from '../life/errors.js';
import { deepEqual } from './find_unlike.js';
import { isObject } from './is_object.js';

/** Whether a container holds a thing: see `assertIn`. */
export function contains(container: unknown, containee: unknown): boolean {
  if (typeof container === 'string') return typeof containee === 'string' && container.includes(containee);
  if (Buffer.isBuffer(container)) {
    if (containee instanceof Uint8Array) return container.includes(Buffer.from(containee));
    return (typeof containee === 'string' || typeof containee === 'number') && container.includes(containee);
  }
  if (container instanceof Set || container instanceof Map) {
    if (container.has(containee)) return true;
    return holdsEqual(container.keys(), containee);
  }
  if (isIterable(container)) return holdsEqual(container, containee);
  if (isObject(container)) {
    return isKey(containee) && containee in container;
  }
  throw new TypeError(
    `assertIn and assertNotIn need a container: a string, iterable or object, not ${String(container)}.`,
  );
}

/** Whether a value is of a class or of one of several; the classes of primitives take primitives. */
export function isInstance(value: unknown, classes: ErrorClass | readonly ErrorClass[]): boolean {
  if (typeof classes === 'function') {
    if (value instanceof classes) return true;
    return value !== null && value !== undefined && primitives.has(classes) && Object(value) instanceof classes;
  }
  return classes.some((one) => isInstance(value, one));
}

const primitives = new Set<unknown>([String, Number, Boolean, BigInt, Symbol]);

/** How often a value is found in two collections that are to have it equally often. */
export interface CountDifference {
  readonly value: unknown;
  readonly first: number;
  readonly second: number;
}

/** The values that two collections do not hold equally often, or undefined if there are none. */
export function countDifference(first: Iterable<unknown>, second: Iterable<unknown>): CountDifference[] | undefined {
  // What `Object.is` alone can tell is counted by a Map; only objects need to be compared one with another.
  const primitives = new Map<unknown, { value: unknown; first: number; second: number }>();
  const objects: { value: unknown; first: number; second: number }[] = [];
  const count = (value: unknown, side: 'first' | 'second') => {
    const hasParts = isObject(value);
    const found = hasParts ? objects.find((entry) => deepEqual(entry.value, value)) : primitives.get(value);
    if (found !== undefined) {
      found[side] += 1;
      return;
    }
    const entry = { value, first: 0, second: 0 };
    entry[side] = 1;
    if (hasParts) objects.push(entry);
    else primitives.set(value, entry);
  };
  for (const value of first) count(value, 'first');
  for (const value of second) count(value, 'second');
  const differences = [...primitives.values(), ...objects].filter((entry) => entry.first !== entry.second);
  return differences.length === 0 ? undefined : differences;
}

function holdsEqual(values: Iterable<unknown>, wanted: unknown): boolean {
  for (const value of values) if (deepEqual(value, wanted)) return true;
  return false;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function isKey(value: unknown): value is PropertyKey {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'symbol';
}
