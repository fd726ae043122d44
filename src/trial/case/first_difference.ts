/** Finds the first place where two values that print alike differ. */
import { deepEqual, findUnlike, isMissing, type Step } from './find_unlike.js';
import { isObject } from './is_object.js';
import { show } from './show.js';

export interface Difference {
  /** As one writes it: `.a[0].b`; empty for the values themselves. */
  readonly path: string;
  readonly what: string;
  /** The containers on the way, from the outside. */
  readonly steps: readonly Step[];
  readonly first: unknown;
  readonly second: unknown;
}

/** More steps than these are cut. */
const mostSteps = 40;
/** Parts of an Error or the like may be made anew whenever they are read. */
const mostFurtherSteps = 100;

/** The first difference of two values that are not deeply equal, or undefined if it cannot be told. */
export function firstDifference(first: unknown, second: unknown): Difference | undefined {
  const unlike = findUnlike(first, second);
  if (unlike === undefined) return undefined;
  const steps = [...unlike.steps];
  let { first: a, second: b } = unlike;
  const found = (what: string): Difference => ({ path: pathOf(steps), what, steps, first: a, second: b });
  // What is compared as a whole may have parts of its own that differ: an Error has.
  for (let further = 0; further < mostFurtherSteps; further += 1) {
    if (!isObject(a) || !isObject(b)) return found(`${described(a)} and ${described(b)}`);
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) {
      return found(`their prototypes are different (${className(a)} and ${className(b)})`);
    }
    const key = unlikeKey(a, b);
    if (key === undefined) break;
    steps.push({ first: a, second: b, key });
    [a, b] = [Reflect.get(a, key), Reflect.get(b, key)];
  }
  return steps.length === 0 ? undefined : found(`${show(a)} and ${show(b)}`);
}

function unlikeKey(first: object, second: object): string | symbol | undefined {
  for (const key of new Set([...Reflect.ownKeys(first), ...Reflect.ownKeys(second)])) {
    if (!deepEqual(Reflect.get(first, key), Reflect.get(second, key))) return key;
  }
  return undefined;
}

function described(value: unknown): string {
  return isMissing(value) ? 'nothing' : `${typeof value} ${show(value)}`;
}

function pathOf(steps: readonly Step[]): string {
  const names = steps.map(nameOf);
  if (names.length <= mostSteps) return names.join('');
  const half = mostSteps / 2;
  return `${names.slice(0, half).join('')} … ${names.length - mostSteps} levels … ${names.slice(-half).join('')}`;
}

function nameOf({ first, key }: Step): string {
  if (first instanceof Map) return `.get(${show(key)})`;
  if (typeof key === 'symbol') return `[${String(key)}]`;
  const name = String(key);
  if (/^\d+$/.test(name)) return `[${name}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  return isObject(prototype) && typeof prototype.constructor === 'function' ? prototype.constructor.name : 'null';
}
