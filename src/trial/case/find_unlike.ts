/** Where two values differ, found without recursion: however deep they are nested, the stack is enough. */
import { isDeepStrictEqual } from 'node:util';
import { isObject } from './is_object.js';

/** One step from a value into a part of it. */
export interface Step {
  readonly first: object;
  readonly second: object;
  readonly key: unknown;
}

/** Two parts that are not equal, and the way to them. */
export interface Unlike {
  readonly steps: readonly Step[];
  readonly first: unknown;
  readonly second: unknown;
}

/** As `util.isDeepStrictEqual`, also for values that are nested too deep for it. */
export function deepEqual(first: unknown, second: unknown): boolean {
  if (Object.is(first, second)) return true;
  try {
    return isDeepStrictEqual(first, second);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return findUnlike(first, second) === undefined;
  }
}

/** The first two parts of two values that are not equal, as deep inside as can be told; undefined: they are equal. */
export function findUnlike(first: unknown, second: unknown): Unlike | undefined {
  const frames: { step: Omit<Step, 'key'>; keys: readonly unknown[]; next: number }[] = [];
  const seen = new Map<object, Set<object>>();
  let a = first;
  let b = second;
  for (;;) {
    const keys = compare(a, b);
    if (keys === 'unlike') {
      const steps = frames.map(({ step, keys, next }) => ({ ...step, key: keys[next - 1] }));
      return { steps, first: a, second: b };
    }
    if (keys !== 'equal' && !wasSeen(seen, a as object, b as object)) {
      frames.push({ step: { first: a as object, second: b as object }, keys, next: 0 });
    }
    while (frames.length > 0 && (frames.at(-1)?.next ?? 0) >= (frames.at(-1)?.keys.length ?? 0)) frames.pop();
    const frame = frames.at(-1);
    if (frame === undefined) return undefined;
    const key = frame.keys[frame.next];
    frame.next += 1;
    const { first, second } = frame.step;
    // What only one of them has is unlike, even where it is `undefined`.
    a = has(first, key) ? part(first, key) : MISSING;
    b = has(second, key) ? part(second, key) : MISSING;
  }
}

/** Stands for a part that is not there. */
const MISSING = Symbol('missing');

/** What a part is called that is not there. */
export function isMissing(value: unknown): boolean {
  return value === MISSING;
}

function compare(a: unknown, b: unknown): 'equal' | 'unlike' | readonly unknown[] {
  if (Object.is(a, b)) return 'equal';
  if (!isObject(a) || !isObject(b)) return 'unlike';
  if (!isOpen(a) || !isOpen(b)) return isDeepStrictEqual(a, b) ? 'equal' : 'unlike';
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return 'unlike';
  const keys = new Set<unknown>();
  for (const value of [a, b]) {
    if (value instanceof Map) for (const key of value.keys()) keys.add(key);
    else for (const key of enumerableKeys(value)) keys.add(key);
  }
  // Two that are both without a part are not told apart by it: lengths of arrays are.
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) keys.add('length');
  return [...keys];
}

/** Whether all that counts of it are its parts: else it is compared as a whole. */
function isOpen(value: object): boolean {
  if (Array.isArray(value)) return true;
  if (value instanceof Map) {
    if (enumerableKeys(value).length > 0) return false;
    for (const key of value.keys()) if (isObject(key)) return false;
    return true;
  }
  return (
    typeof value !== 'function' &&
    Object.prototype.toString.call(value) === '[object Object]' &&
    !(value instanceof WeakMap || value instanceof WeakSet || value instanceof Promise || value instanceof Error)
  );
}

function enumerableKeys(value: object): PropertyKey[] {
  return Reflect.ownKeys(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key));
}

function has(value: object, key: unknown): boolean {
  return value instanceof Map ? value.has(key) : Object.hasOwn(value, key as PropertyKey);
}

function part(value: object, key: unknown): unknown {
  return value instanceof Map ? value.get(key) : Reflect.get(value, key as PropertyKey);
}

/** Notes that two are being compared: in what refers to itself they come again. */
function wasSeen(seen: Map<object, Set<object>>, a: object, b: object): boolean {
  const partners = seen.get(a) ?? new Set();
  seen.set(a, partners);
  if (partners.has(b)) return true;
  partners.add(b);
  return false;
}
