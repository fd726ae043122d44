import type { ALLOWED_LEAKS, STATE, SUPPRESSIONS, TestState } from './test_state.js';
import type { Todo } from './todo.js';
import type { Suppression } from './warnings.js';

/** What a life needs of the test that it is the life of. */
export interface LivingTest {
  readonly [STATE]: TestState;
  [SUPPRESSIONS](): readonly Suppression[];
  [ALLOWED_LEAKS](): readonly string[];
  setUp(): unknown;
  tearDown(): unknown;
  id(): string;
  getSkip(): readonly [skipped: boolean, reason: string | undefined];
  getTodo(): Todo | undefined;
  getTimeout(): number;
}
