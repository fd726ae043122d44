/**
 * Where `skip`, `todo`, `timeout` and `suppress` of a test are found: on its method, the instance, its class, its module.
 *
 * The nearest one that is set decides. `undefined` is not set; `null` and `false` are set to "no", so they take a farther
 * one away.
 */
import { types } from 'node:util';
import { TestWarning } from '../life/errors.js';
import { makeTodo, reasonText, type Todo } from '../life/todo.js';
import type { Suppression } from '../life/warnings.js';
import { show } from './show.js';

/** What each of them may set. */
const NAMES = ['skip', 'todo', 'timeout', 'suppress', 'allowLeaks'] as const;

type Place = { readonly [name in (typeof NAMES)[number]]?: unknown };

/** The places to look in, nearest first. */
export interface AttributeSource {
  /** What the test's name finds on the instance, whatever that is. */
  readonly method: Place | null | undefined;
  readonly instance: Place & { readonly constructor: CallableFunction & Place };
  /** The namespace of the test's module, if it is known. */
  readonly module: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A module, or undefined if it can never set anything: the names that an ES module exports are known, and asking for one
 * that it has not costs as much as all other places together.
 */
export function attributesOf(module: AttributeSource['module']): AttributeSource['module'] {
  if (module === undefined || !types.isModuleNamespaceObject(module)) return module;
  return NAMES.some((name) => name in module) ? module : undefined;
}

// Each attribute is read by its name where it is found, not looked up by one: tests are asked for these at every step.

function nearest(ofMethod: unknown, ofInstance: unknown, ofClass: unknown, ofModule: unknown): unknown {
  if (ofMethod !== undefined) return ofMethod;
  if (ofInstance !== undefined) return ofInstance;
  return ofClass === undefined ? ofModule : ofClass;
}

/** The reason (maybe empty) for which a test is to be skipped, or undefined. */
export function findSkip(source: AttributeSource): string | undefined {
  const { method, instance, module } = source;
  const value = nearest(method?.skip, instance.skip, instance.constructor.skip, module?.skip);
  return isNo(value) ? undefined : reasonText(value);
}

/** What a test is expected to fail with, or undefined. */
export function findTodo(source: AttributeSource): Todo | undefined {
  const { method, instance, module } = source;
  const value = nearest(method?.todo, instance.todo, instance.constructor.todo, module?.todo);
  return isNo(value) ? undefined : makeTodo(value);
}

/**
 * The time that each step of a test has, in seconds; 0: a step that has to wait is out of time at once; `Infinity`: no
 * limit. What is no number gives the default, and but for `null`, `false` and methods of that name a warning.
 *
 * @throws RangeError for a negative number and NaN.
 */
export function findTimeout(source: AttributeSource, defaultSeconds: number): number {
  const { method, instance, module } = source;
  const value = nearest(method?.timeout, instance.timeout, instance.constructor.timeout, module?.timeout);
  if (value === undefined) return defaultSeconds;
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof seconds === 'number') {
    if (seconds >= 0) return seconds;
    if (typeof value === 'number' || seconds < 0) {
      throw new RangeError(`timeout of ${placeOf(source)} is ${value}. Set it to seconds: 0 or more, or Infinity.`);
    }
  }
  if (!isNo(value) && typeof value !== 'function') warnOfTimeout(source, value, defaultSeconds);
  return defaultSeconds;
}

const warnedOf = new WeakSet<object>();

/** Once for each test. */
function warnOfTimeout(source: AttributeSource, value: unknown, defaultSeconds: number): void {
  if (warnedOf.has(source.instance)) return;
  warnedOf.add(source.instance);
  process.emitWarning(
    new TestWarning(
      `timeout of ${placeOf(source)} is ${show(value)}, which is no number: the default is taken instead ` +
        `(${defaultSeconds === Number.POSITIVE_INFINITY ? 'no limit' : `${defaultSeconds} seconds`}). Set it to seconds.`,
    ),
  );
}

/** Whose `timeout` it is that counts. */
function placeOf({ method, instance }: AttributeSource): string {
  const { name } = instance.constructor;
  const has = (value: unknown) => (value as { readonly timeout?: unknown } | null | undefined)?.timeout !== undefined;
  if (has(method)) return `${name}.${(method as CallableFunction).name}`;
  if (has(instance)) return `an instance of ${name}`;
  return has(instance.constructor) ? name : `the module of ${name}`;
}

/** The warnings that are neither shown nor flushed. */
export function findSuppressions(source: AttributeSource): readonly Suppression[] {
  const { method, instance, module } = source;
  const value = nearest(method?.suppress, instance.suppress, instance.constructor.suppress, module?.suppress);
  if (isNo(value)) return none;
  return Array.isArray(value) ? (value as readonly Suppression[]) : [value as Suppression];
}

/** Kinds of things, and packages, that may be left behind: all that method, class and module allow. */
export function findAllowedLeaks({ method, instance, module }: AttributeSource): readonly string[] {
  return [method, instance.constructor, module].flatMap(allowedLeaksOf);
}

/** What one of them allows. */
export function allowedLeaksOf(source: unknown): readonly string[] {
  const { allowLeaks } = (source ?? {}) as { readonly allowLeaks?: unknown };
  if (typeof allowLeaks === 'string') return [allowLeaks];
  return Array.isArray(allowLeaks) ? (allowLeaks as readonly string[]) : [];
}

const none: readonly Suppression[] = [];

function isNo(value: unknown): boolean {
  return value === undefined || value === null || value === false;
}
