/** The built-in functions that code everywhere relies on, trial's own as well, and of which a test may have replaced some. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';

/** What a function is called with to see whether it still does its work. */
export type Sample = () => readonly [self: unknown, ...args: unknown[]];

/** Many functions that can be called in one way. */
export interface BuiltIns {
  /** As code names their object. */
  readonly name: string;
  readonly object: object;
  readonly keys: readonly (string | symbol)[];
  /** None: they are not to be called but looked at. Of what answers yes or no there is one for each. */
  readonly samples: readonly Sample[];
  /** Tests put others in their place that give other results, and trial does not mind: what they give has to be of the same type. */
  readonly isLoose: boolean;
}

// As they are before any test is loaded.
const { process } = globalThis;
const array = Array.prototype;
const { push, pop, map, filter, [Symbol.iterator]: iterator } = array;
const maps = Map.prototype;
const { get: getOfMap, set: setOfMap } = maps;
const sets = Set.prototype;
const { add, has } = sets;
const strings = String.prototype;
const { split } = strings;
const regExps = RegExp.prototype;
const { exec } = regExps;
const functions = Function.prototype;
const { call, apply } = functions;
const { Object: objects, Reflect: reflect, JSON: json, Date: dates } = globalThis;
const { keys, defineProperty } = objects;
const { get, apply: applyOfReflect } = reflect;
const { stringify } = json;
const { now } = dates;
const promises = Promise.prototype;
const { then } = promises;
const emitters = EventEmitter.prototype;
const { emit } = emitters;
const stores = AsyncLocalStorage.prototype;
const { run, getStore } = stores;
/** Trial's own, while it watches. */
let emitOfProcess = process.emit;

/**
 * Whether those that matter most are as they were. Asked after each step of each test: a loop over them would take ten times as
 * long.
 */
export function seemIntact(): boolean {
  return (
    array.push === push &&
    array.pop === pop &&
    array.map === map &&
    array.filter === filter &&
    array[Symbol.iterator] === iterator &&
    maps.get === getOfMap &&
    maps.set === setOfMap &&
    sets.add === add &&
    sets.has === has &&
    strings.split === split &&
    regExps.exec === exec &&
    functions.call === call &&
    functions.apply === apply &&
    objects.keys === keys &&
    objects.defineProperty === defineProperty &&
    reflect.get === get &&
    reflect.apply === applyOfReflect &&
    json.stringify === stringify &&
    dates.now === now &&
    promises.then === then &&
    emitters.emit === emit &&
    process.emit === emitOfProcess &&
    stores.run === run &&
    stores.getStore === getStore
  );
}

/** All that are looked after, as they are from now on. */
export function allBuiltIns(): readonly BuiltIns[] {
  emitOfProcess = process.emit;
  const same = (value: unknown) => value;
  const arrayIterator = Object.getPrototypeOf([].values()) as object;
  const mapIterator = Object.getPrototypeOf(new Map().values()) as object;
  const setIterator = Object.getPrototypeOf(new Set().values()) as object;
  const generator = Object.getPrototypeOf(function* () {}).prototype as object;
  const weakKey = {};
  const cell = () => new Int32Array(new SharedArrayBuffer(4));
  return [
    // First, since they change what all the others are put back with.
    of('Object.prototype', Object.prototype, 'get set value writable enumerable configurable', undefined),
    of('Array.prototype', array, ARRAY_KEYS, [() => [[3, 1, 2], 1], () => [[3, 1, 2], 7]]),
    of('Array.prototype', array, CALLING_KEYS, [() => [[3, 1, 2], same], () => [[3, 1, 2], () => false]]),
    of('Array.prototype', array, 'forEach', () => [
      [3, 1, 2],
      (value: number, index: number, all: number[]) => {
        all[index] = value + 1;
      },
    ]),
    of('Map.prototype', maps, 'get set has delete clear values entries keys', [
      () => [new Map([[1, 2]]), 1, 3],
      () => [new Map([[1, 2]]), 7, 3],
    ]),
    of('Set.prototype', sets, 'add has delete clear values', [() => [new Set([1]), 1], () => [new Set([1]), 7]]),
    of('WeakMap.prototype', WeakMap.prototype, 'get set has delete', [
      () => [new WeakMap([[weakKey, 1]]), weakKey, 2],
      () => [new WeakMap(), weakKey, 2],
    ]),
    of('WeakSet.prototype', WeakSet.prototype, 'add has delete', [
      () => [new WeakSet([weakKey]), weakKey],
      () => [new WeakSet(), weakKey],
    ]),
    of('String.prototype', strings, STRING_KEYS, [
      () => ['a-b', '-', '+'],
      () => ['a-b', 'b', '+'],
      () => ['a-b', 'a', '+'],
    ]),
    of('RegExp.prototype', regExps, 'exec test', [() => [/b/, 'abc'], () => [/b/, 'xyz']]),
    of('Function.prototype', functions, 'call apply bind', () => [same, undefined, [1]]),
    of('Object', Object, OBJECT_KEYS, [
      () => [Object, { a: 1 }, 'a', { value: 2 }],
      () => [Object, { b: 1 }, 'a', { value: 2 }],
    ]),
    of('Object', Object, 'fromEntries', () => [Object, [['a', 1]]]),
    of('Reflect', Reflect, 'get set has ownKeys getPrototypeOf defineProperty', [
      () => [Reflect, { a: 1 }, 'a', { value: 2 }],
      () => [Reflect, { b: 1 }, 'a', { value: 2 }],
    ]),
    of('Reflect', Reflect, 'apply construct', () => [Reflect, Array, [], []]),
    of('Math', Math, 'min max floor round', () => [Math, 1.5, 2]),
    of('Number', Number, 'isInteger isFinite isSafeInteger parseInt', [() => [Number, 1], () => [Number, Number.NaN]]),
    of('Array', Array, 'isArray from', [() => [Array, [1]], () => [Array, 'a']]),
    of('Atomics', Atomics, 'add load store notify', () => [Atomics, cell(), 0, 1]),
    of('Buffer', Buffer, 'from byteLength', () => [Buffer, 'a']),
    of('EventEmitter.prototype', emitters, 'emit on off once addListener removeListener listenerCount', () => [
      new EventEmitter(),
      'event',
      same,
    ]),
    of('EventTarget.prototype', EventTarget.prototype, 'addEventListener removeEventListener', () => [
      new EventTarget(),
      'event',
      same,
    ]),
    of('AsyncLocalStorage.prototype', stores, 'run getStore', () => [new AsyncLocalStorage(), 1, () => 2]),
    of('process', process, 'emit', () => [process, Symbol()]),
    of('process', process, 'getBuiltinModule', () => [process, 'node:fs'], true),
    of('process', process, 'nextTick', () => [process, same], true),
    of('Promise.prototype', promises, 'then catch finally', () => [Promise.resolve(1), same], true),
    of('Promise', Promise, 'resolve', () => [Promise, 1], true),
    of('JSON', json, 'stringify', () => [json, 1], true),
    of('JSON', json, 'parse', () => [json, '{}'], true),
    of('Date', dates, 'now', () => [dates], true),
    of('globalThis', globalThis, 'queueMicrotask', () => [undefined, same], true),
    of('Array.prototype', array, [Symbol.iterator], () => [[1]]),
    of('Map.prototype', maps, [Symbol.iterator], () => [new Map([[1, 2]])]),
    of('Set.prototype', sets, [Symbol.iterator], () => [new Set([1])]),
    of('RegExp.prototype', regExps, [Symbol.replace, Symbol.split], () => [/b/, 'abc', 'x']),
    of('the iterators of arrays', arrayIterator, 'next', () => [[1].values()]),
    of('the iterators of maps', mapIterator, 'next', () => [new Map([[1, 2]]).values()]),
    of('the iterators of sets', setIterator, 'next', () => [new Set([1]).values()]),
    of('generators', generator, 'next return', () => [
      (function* () {
        yield 1;
      })(),
    ]),
    of('Array', Array, [Symbol.species], undefined),
    of('Promise', Promise, [Symbol.species], undefined),
    of('globalThis', globalThis, 'Array Atomics Error Map Math Object Reflect Set String WeakMap', undefined),
  ];
}

const ARRAY_KEYS =
  'push pop shift unshift splice slice includes indexOf lastIndexOf join concat at values entries keys fill reverse flat';
const CALLING_KEYS = 'map filter find findIndex findLast some every flatMap sort toSorted reduce';
const STRING_KEYS =
  'split slice startsWith endsWith includes indexOf lastIndexOf replace replaceAll trim trimEnd match matchAll at repeat padEnd padStart';
const OBJECT_KEYS = 'keys entries values assign defineProperty getPrototypeOf getOwnPropertyDescriptor freeze hasOwn';

function of(
  name: string,
  object: object,
  keys: string | readonly symbol[],
  sample: Sample | readonly Sample[] | undefined,
  isLoose = false,
): BuiltIns {
  const samples = typeof sample === 'function' ? [sample] : (sample ?? []);
  return { name, object, keys: typeof keys === 'string' ? keys.split(' ') : keys, samples, isLoose };
}
