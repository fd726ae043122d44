/** What a test's steps are made of: its method, and whether a step was written so that it can run. */
import { notCallable, notMethod } from './step_texts.js';

/** The method of a test, or the error that says why there is none. */
export function testMethod(test: object, name: string): ((...args: readonly never[]) => unknown) | Error {
  const method: unknown = Reflect.get(test, name);
  if (typeof method !== 'function') {
    return new TypeError(notCallable(name, method === null ? 'null' : typeof method));
  }
  // A field's function is made anew for each instance, out of sight for whoever looks for tests.
  if (Object.hasOwn(test, name)) return new TypeError(notMethod(name));
  return method as (...args: readonly never[]) => unknown;
}

/** Whether a step only made a generator that nobody runs. */
export function isUndecoratedGenerator(returned: object, f: CallableFunction): boolean {
  const tag: unknown = Reflect.get(returned, Symbol.toStringTag);
  if (tag !== 'Generator' && tag !== 'AsyncGenerator') return false;
  return /^\[object (?:Async)?GeneratorFunction\]$/.test(Object.prototype.toString.call(f));
}
