/**
 * Built-in functions that tests replace. While code of trial's own runs they are put back; when the test is over they are put
 * back for good, unless what stands in their place does their work: then that may stay.
 */
import { inspect, types } from 'node:util';
import { errorHead } from '../../internet/error_text.js';
import { allBuiltIns, type BuiltIns, type Sample, seemIntact } from './built_ins.js';
import { steps } from './steps_begun.js';

// Taken before any test is loaded: these are among them.
const { load } = Atomics;
const { process } = globalThis;
const { isFrozen } = Object;
const { apply, construct, has, deleteProperty, getOwnPropertyDescriptor, defineProperty, ownKeys, set } = Reflect;

/** One of them. */
interface Kept {
  readonly of: BuiltIns;
  readonly key: string | symbol;
  /** undefined: it is inherited. */
  readonly descriptor: PropertyDescriptor | undefined;
  readonly value: unknown;
}

interface Replacement {
  readonly kept: Kept;
  readonly index: number;
  /** undefined: it was deleted. */
  readonly descriptor: PropertyDescriptor | undefined;
}

/** A test has replaced built-in functions by some that do not do their work, and has not put them back. */
export class ReplacedError extends Error {
  override get name(): string {
    return 'ReplacedError';
  }
}

let kept: Kept[] = [];
let runs = 0;
/** What tests have put in their places, while it is out of the way. */
let aside: Replacement[] | undefined;
/** How many steps had begun when all were last seen to be in their places. */
let stepsSeen = 0;
/** The step that has just ended did it, and no other. */
let isSeenAtOnce = false;
let emitOfProcess = process.emit;
let isFrozenKnown = false;
let endGuard: (() => void) | undefined;

/** Takes them as they are now for what they have to be. Runs nest. */
export function beginReplacedWatch(): void {
  runs += 1;
  if (runs > 1) return;
  emitOfProcess = process.emit;
  const all: Kept[] = [];
  for (const of of allBuiltIns()) {
    for (const key of of.keys)
      all.push({ of, key, descriptor: getOwnPropertyDescriptor(of.object, key), value: currentOf(of, key) });
  }
  kept = all;
}

/** Ends what `beginReplacedWatch` began. */
export function endReplacedWatch(): void {
  runs -= 1;
  if (runs === 0) kept = [];
}

/**
 * Code of trial's own begins: what a test has replaced is out of the way until `giveBack` is called.
 *
 * @param hasFailed - Something went wrong, maybe because of that: all are looked at, not only the most important ones.
 * @returns Whether anything was found.
 */
export function setAside(hasFailed: boolean): boolean {
  const isIntact = seemIntact();
  return (!isIntact || hasFailed) && setAllAside(!isIntact);
}

function setAllAside(isSeenNow: boolean): boolean {
  endGuard?.();
  const found = replacements();
  if (found.length === 0) {
    if (aside === undefined) stepsSeen = load(steps, 0);
    return false;
  }
  for (let i = 0; i < found.length; i++) putBack(found[i]);
  if (aside === undefined) isSeenAtOnce = isSeenNow;
  aside = aside === undefined ? found : [...aside, ...found];
  return true;
}

/** Code of the test's goes on, with what it has put in their places. */
export function giveBack(): void {
  if (aside === undefined) return;
  const given = aside;
  aside = undefined;
  for (let i = 0; i < given.length; i++) if (!isOfAll(given[i])) putInPlace(given[i]);
  guardEmit();
  // Last, since with that nothing else could be put in place.
  for (let i = 0; i < given.length; i++) if (isOfAll(given[i])) putInPlace(given[i]);
}

/** What Node emits on `process` by whatever function is there now, and ends the process when that throws. */
const FROM_NODE: readonly unknown[] = [
  'beforeExit',
  'exit',
  'rejectionHandled',
  'uncaughtException',
  'uncaughtExceptionMonitor',
  'unhandledRejection',
];

/** Sees to it that Node can tell of errors, as long as what a test has replaced is in place. */
function guardEmit(): void {
  const descriptor = getOwnPropertyDescriptor(process, 'emit');
  const theirs = process.emit;
  const guarded = function emit(this: unknown, ...args: readonly unknown[]): unknown {
    if (!isFromNode(args[0])) return apply(theirs, this, args);
    if (theirs !== emitOfProcess) {
      try {
        apply(theirs, this, args);
      } catch {
        // It is one that throws; its test is charged with that.
      }
    }
    setAside(true);
    const returned: unknown = apply(emitOfProcess, process, args);
    giveBack();
    return returned;
  };
  endGuard = () => {
    endGuard = undefined;
    // Whatever the test has put there since stays.
    if (process.emit !== guarded) return;
    if (descriptor === undefined) deleteProperty(process, 'emit');
    else set(process, 'emit', theirs);
  };
  defineProperty(process, 'emit', { value: guarded, writable: true, configurable: true, enumerable: true });
}

/**
 * A test is over: what is aside stays so if it does not do its work.
 *
 * @param stepsBefore - How many steps had begun before the first one of the test.
 * @returns What somebody is to be charged with, and whether that is the test for sure; undefined: nothing.
 */
export function judgeReplaced(stepsBefore: number): Judgement | undefined {
  if (aside === undefined) return undefined;
  const error = judge(aside);
  const isSure = isSeenAtOnce || stepsSeen >= stepsBefore;
  stepsSeen = load(steps, 0);
  return error === undefined ? undefined : { error, isSure };
}

/** As both, where no test is running. */
export function lookForReplaced(): ReplacedError | undefined {
  if (isFrozen(process) && !isFrozenKnown) {
    isFrozenKnown = true;
    return new ReplacedError(
      'process was frozen, which cannot be undone: what trial and Node keep there stays as it is.',
    );
  }
  setAllAside(false);
  return judgeReplaced(0)?.error;
}

export interface Judgement {
  readonly error: ReplacedError;
  readonly isSure: boolean;
}

function judge(found: readonly Replacement[]): ReplacedError | undefined {
  aside = undefined;
  const lines: string[] = [];
  let cause: unknown;
  for (const replacement of found) {
    const fault = faultOf(replacement);
    if (fault === undefined) {
      accept(replacement);
      continue;
    }
    const { of, key } = replacement.kept;
    lines.push(`${nameOf(of.name, key)} ${fault.text}.`);
    cause ??= fault.error;
    // One that was made unchangeable is there for good, and told of once.
    if (!isSame(replacement.kept)) accept(replacement);
  }
  if (lines.length === 0) return undefined;
  const text = [...lines, ADVICE].join('\n');
  return new ReplacedError(text, cause === undefined ? undefined : { cause });
}

const ADVICE =
  'All code relies on that. Trial has put it back; put back yourself what you replace: in the test, a cleanup or tearDown.';

/** Not by a method of sets, which may be among them. */
function isFromNode(event: unknown): boolean {
  for (let i = 0; i < FROM_NODE.length; i++) if (FROM_NODE[i] === event) return true;
  return false;
}

function replacements(): Replacement[] {
  const found: Replacement[] = [];
  for (let i = 0; i < kept.length; i++) {
    const one = kept[i];
    if (one === undefined || isSame(one)) continue;
    // Not by push, which may be among them.
    found[found.length] = { kept: one, index: i, descriptor: getOwnPropertyDescriptor(one.of.object, one.key) };
  }
  return found;
}

function isSame({ of, key, value }: Kept): boolean {
  return currentOf(of, key) === value;
}

function currentOf({ object }: BuiltIns, key: string | symbol): unknown {
  try {
    return (object as Readonly<Record<string | symbol, unknown>>)[key];
  } catch (error) {
    // It is a getter now.
    return error;
  }
}

/** Whether it is on what all objects inherit from: descriptors as well. */
function isOfAll(replacement: Replacement | undefined): boolean {
  return replacement?.kept.of.object === Object.prototype;
}

function putBack(replacement: Replacement | undefined): void {
  if (replacement !== undefined) put(replacement.kept.of.object, replacement.kept.key, replacement.kept.descriptor);
}

function putInPlace(replacement: Replacement | undefined): void {
  if (replacement !== undefined) put(replacement.kept.of.object, replacement.kept.key, replacement.descriptor);
}

function put(object: object, key: string | symbol, descriptor: PropertyDescriptor | undefined): void {
  if (descriptor === undefined) deleteProperty(object, key);
  else defineProperty(object, key, descriptor);
}

/** It is as good as what was there before. */
function accept(replacement: Replacement): void {
  putInPlace(replacement);
  const { kept: one, index, descriptor } = replacement;
  kept[index] = { ...one, descriptor, value: currentOf(one.of, one.key) };
}

/** What is wrong with it. */
interface Fault {
  readonly text: string;
  readonly error?: unknown;
}

function faultOf({ kept: { of, value: original }, descriptor }: Replacement): Fault | undefined {
  if (original === undefined)
    return of.object === Object.prototype ? { text: 'was added, and not taken away' } : undefined;
  if (descriptor === undefined) return { text: 'was deleted, and not put back' };
  try {
    const value: unknown = 'value' in descriptor ? descriptor.value : apply(descriptor.get ?? nothing, of.object, []);
    const does = of.samples.length === 0 ? isLike(value, original) : outcomeOf(value, of) === outcomeOf(original, of);
    return does
      ? undefined
      : { text: `was replaced by what does not do its work, and not put back: ${sourceOf(value)}` };
  } catch (error) {
    return { text: `was replaced by what throws, and not put back: ${firstLine(errorHead(error))}`, error };
  }
}

/** What a function makes of the samples, as text. */
function outcomeOf(f: unknown, { samples, isLoose }: BuiltIns): string {
  return samples.map((sample) => outcomeWith(f, sample, isLoose)).join();
}

function outcomeWith(f: unknown, sample: Sample, isLoose: boolean): string {
  const [self, ...args] = sample();
  const result: unknown = apply(f as () => unknown, self, args);
  if (isLoose) return result === null ? 'null' : typeof result;
  const isChanged = Array.isArray(self) || types.isMap(self) || types.isSet(self);
  return inspect([result === self ? 'itself' : result, isChanged ? self : undefined]);
}

/** Whether a constructor or namespace has what the original has. */
function isLike(value: unknown, original: unknown): boolean {
  if (typeof value !== typeof original || value === null) return false;
  // One of an older Node's, as polyfills have them, has fewer methods.
  if (typeof value === 'function') return construct(value, []) !== undefined;
  const inside = Object(value) as object;
  for (const key of ownKeys(Object(original) as object)) if (!has(inside, key)) return false;
  return true;
}

function nothing(): undefined {
  return undefined;
}

function nameOf(object: string, key: string | symbol): string {
  return typeof key === 'string' ? `${object}.${key}` : `${object}[${key.description}]`;
}

const LONGEST = 80;

/** What was put there, in one line. */
function sourceOf(value: unknown): string {
  const text = firstLine(typeof value === 'function' ? `${value}`.replaceAll(/\s+/g, ' ') : inspect(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
