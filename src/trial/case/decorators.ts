import type { ErrorClass } from '../life/errors.js';
import { Todo } from '../life/todo.js';
import type { Suppression } from '../life/warnings.js';

/**
 * What the decorators of this file are: they go on test methods and on classes, as standard decorators and as legacy ones
 * (`experimentalDecorators`).
 */
export interface TestDecorator {
  // Standard
  <This, Args extends readonly unknown[], Result>(
    method: (this: This, ...args: Args) => Result,
    context: ClassMethodDecoratorContext<This, (this: This, ...args: Args) => Result>,
  ): void;
  <Class extends abstract new (...args: never[]) => unknown>(
    target: Class,
    context: ClassDecoratorContext<Class>,
  ): void;
  // Legacy
  (prototype: object, name: string | symbol, descriptor: PropertyDescriptor): void;
  (target: abstract new (...args: never[]) => unknown): void;
}

/**
 * Skips a test, or all tests of a class: nothing of it runs.
 *
 * @param reason - Shown with the outcome; may be left out.
 * @example
 * @skip('needs a network')
 * test_remote() { … }
 */
export function skip(reason = ''): TestDecorator {
  return attribute('skip', reason);
}

/**
 * Says that a test is expected to fail: an error of its method is an expected failure, none is an unexpected success.
 *
 * @param reason - Text, a Todo, or `{ reason, errors }`.
 * @param errors - With these classes only their errors are expected.
 */
export function todo(
  reason: string | Todo | { readonly reason: string; readonly errors?: readonly ErrorClass[] } = '',
  errors?: readonly ErrorClass[],
): TestDecorator {
  return attribute('todo', typeof reason === 'string' && errors !== undefined ? new Todo(reason, errors) : reason);
}

/**
 * Gives each step of a test (setUp, the test, each cleanup, tearDown) this time, instead of 120 seconds.
 *
 * @param seconds - Fractions count; `Infinity` is no limit.
 * @throws RangeError if it is negative or no number.
 */
export function timeout(seconds: number): TestDecorator {
  if (!(seconds >= 0)) throw new RangeError(`A timeout must be a number of seconds, 0 or more, not ${seconds}.`);
  return attribute('timeout', seconds);
}

/**
 * Leaves warnings out: what matches is neither shown nor given by `flushWarnings()`.
 *
 * @param suppressions - One or more, or an array of them.
 */
export function suppress(...suppressions: readonly (Suppression | readonly Suppression[])[]): TestDecorator {
  return attribute('suppress', suppressions.flat());
}

/**
 * Describes a test in one line: what `shortDescription()` returns instead of the method's name.
 *
 * @param text - One line of plain words.
 */
export function description(text: string): TestDecorator {
  return attribute('description', text);
}

function attribute(name: string, value: unknown): TestDecorator {
  // A method's decorator gets the function itself, or (legacy) the prototype and a descriptor that holds it.
  return (target: object, _nameOrContext?: unknown, descriptor?: PropertyDescriptor): void => {
    const owner: unknown = descriptor === undefined ? target : (descriptor.value ?? descriptor.get);
    if (typeof owner !== 'function') {
      throw new TypeError(`@${name} goes on a method or a class.`);
    }
    // Own and replaceable, also where a base class has a read-only one of that name.
    Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: true });
  };
}
