/** Finds the first place where two values that print alike differ. */
import { isDeepStrictEqual } from 'node:util';
import { show } from './show.js';

export interface Difference {
  /** As one writes it: `.a[0].b`; empty for the values themselves. */
  readonly path: string;
  readonly what: string;
}

/** The first difference of two values that are not deeply equal, or undefined if it cannot be told. */
export function firstDifference(first: unknown, second: unknown): Difference | undefined {
  let path = '';
  // A loop, since it only ever goes down into one child; the bound is for values that make new children when read.
  for (let depth = 0; depth < 1000; depth += 1) {
    if (!isObject(first) || !isObject(second)) {
      return { path, what: `${typeof first} ${show(first)} and ${typeof second} ${show(second)}` };
    }
    if (Object.getPrototypeOf(first) !== Object.getPrototypeOf(second)) {
      return { path, what: `their prototypes are different (${className(first)} and ${className(second)})` };
    }
    const child = unlikeChild(first, second);
    if (child === undefined) return path === '' ? undefined : { path, what: `${show(first)} and ${show(second)}` };
    path += child.name;
    first = child.first;
    second = child.second;
  }
  return undefined;
}

function unlikeChild(first: object, second: object): { name: string; first: unknown; second: unknown } | undefined {
  for (const key of new Set([...Reflect.ownKeys(first), ...Reflect.ownKeys(second)])) {
    const a: unknown = Reflect.get(first, key);
    const b: unknown = Reflect.get(second, key);
    if (!isDeepStrictEqual(a, b)) return { name: nameOf(key), first: a, second: b };
  }
  return undefined;
}

function nameOf(key: string | symbol): string {
  if (typeof key === 'symbol') return `[${String(key)}]`;
  if (/^\d+$/.test(key)) return `[${key}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  return isObject(prototype) && typeof prototype.constructor === 'function' ? prototype.constructor.name : 'null';
}
