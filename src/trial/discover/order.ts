import type { Suite, SuiteTest } from '../run/suite.js';
import type { FoundClass } from './collect.js';
import { shuffled } from './random.js';

/** In which order the tests of a run come. */
export type TestOrder = 'alphabetical' | 'toptobottom';

/** The classes of a module, which are by name, in another order, and so are their tests. */
export function inOrder(classes: readonly FoundClass[], order: TestOrder): readonly FoundClass[] {
  if (order === 'alphabetical') return classes;
  const written = classes.map((found) => ({ ...found, tests: asWritten(found.tests) }));
  return written.sort((a, b) => firstLine(a) - firstLine(b));
}

/** By line; what is inherited from elsewhere, and so has none, comes after. */
function asWritten(tests: readonly SuiteTest[]): SuiteTest[] {
  return [...tests].sort((a, b) => (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER));
}

function firstLine({ line }: FoundClass): number {
  return line ?? Number.MAX_SAFE_INTEGER;
}

/** The tests in random order; problems keep their places. */
export function inRandomOrder(suite: Suite, seed: number): Suite {
  const tests = shuffled(
    suite.filter((entry) => entry.kind === 'test'),
    seed,
  );
  let next = 0;
  return suite.map((entry) => (entry.kind === 'test' ? (tests[next++] ?? entry) : entry));
}
