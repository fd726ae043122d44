/// <reference types="node" preserve="true" />
/** `txtrial`: what a test module imports. */
export { description, skip, suppress, type TestDecorator, timeout, todo } from './trial/case/decorators.js';
export type { Patch } from './trial/case/patch.js';
export { SynchronousTestCase } from './trial/case/synchronous_test_case.js';
export { TestCase } from './trial/case/test_case.js';
export { LeakError } from './trial/leaks/leak_error.js';
export { DirtyReactorAggregateError, FailTest, SkipTest } from './trial/life/errors.js';
export type { TestResult } from './trial/life/result.js';
export { Todo } from './trial/life/todo.js';
export type { CollectedWarning, Suppression } from './trial/life/warnings.js';
