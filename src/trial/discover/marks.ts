import type { TestClass } from '../run/suite.js';

const MARK = Symbol.for('txtrial.TestCase');

/** Whether it is a class of tests, of whichever copy of txtrial; TestCase itself and its kin are none. */
export function isTestClass(value: unknown): value is TestClass {
  if (typeof value !== 'function') return false;
  const prototype: unknown = value.prototype;
  if (typeof prototype !== 'object' || prototype === null) return false;
  return MARK in prototype && !Object.hasOwn(prototype, MARK);
}

/** Whether it is a class of tests, or a class of txtrial's that such classes extend. */
export function isTestBase(value: unknown): boolean {
  const prototype: unknown = typeof value === 'function' ? value.prototype : undefined;
  return typeof prototype === 'object' && prototype !== null && MARK in prototype;
}

/** The prototypes of a class of tests, its own first, without those of txtrial's classes. */
export function prototypesOf(testClass: TestClass): object[] {
  const prototypes: object[] = [];
  for (
    let at: object | null = testClass.prototype;
    at !== null && at !== Object.prototype && !Object.hasOwn(at, MARK);
    at = Object.getPrototypeOf(at)
  ) {
    prototypes.push(at);
  }
  return prototypes;
}
