/** What a test's steps are made of: its method, and whether a step was written so that it can run. */
import { types } from 'node:util';
import { notCallable, notMethod } from './step_texts.js';

/** What a step calls. */
export type Step = (...args: readonly never[]) => unknown;

/**
 * The method of a test that is one of its steps, or what is to be said when there is none.
 *
 * @throws What an accessor of that name throws.
 */
export function stepMethod(test: object, name: string): Step | string {
  const method: unknown = Reflect.get(test, name);
  if (typeof method !== 'function') return notCallable(name, method === null ? 'null' : typeof method);
  return method as Step;
}

/** The method that is the test. A field's function is made anew for each instance, out of sight for whoever looks for tests. */
export function testMethod(test: object, name: string): Step | string {
  const method = stepMethod(test, name);
  return typeof method === 'function' && Object.hasOwn(test, name) ? notMethod(name) : method;
}

const empty = new Set<unknown>();

/** Says that a method does nothing: where nobody has overridden it, it need not be run. */
export function declareEmpty(method: Step): void {
  empty.add(method);
}

/** Whether a method does nothing. */
export function isEmpty(method: unknown): boolean {
  return empty.has(method);
}

/** Whether a step made a generator, which nobody runs. */
export function isGenerator(returned: unknown): boolean {
  return types.isGeneratorObject(returned);
}
