import type { Suite, SuiteTest } from '../run/suite.js';
import type { FoundClass } from './collect.js';
import { prototypesOf } from './marks.js';
import { shuffled } from './random.js';

/** In which order the tests of a run come. */
export type TestOrder = 'alphabetical' | 'toptobottom';

/** The classes of a module, which are by name, in another order, and so are their tests. */
export function inOrder(classes: readonly FoundClass[], order: TestOrder): readonly FoundClass[] {
  if (order === 'alphabetical') return classes;
  const written = classes.map((found) => ({ ...found, tests: asWritten(found) }));
  return written.sort((a, b) => firstLine(a) - firstLine(b));
}

/** By line, and on one line as defined; what is inherited from elsewhere, and so has no line, comes after. */
function asWritten({ testClass, tests }: FoundClass): SuiteTest[] {
  // Oldest base first: there a name that is defined again has its line in the newest.
  const defined = prototypesOf(testClass).reverse().flatMap(Object.getOwnPropertyNames);
  const place = new Map(defined.map((name, index) => [name, index]));
  const line = (test: SuiteTest) => test.line ?? Number.MAX_SAFE_INTEGER;
  const index = ({ methodName }: SuiteTest) => place.get(methodName) ?? Number.MAX_SAFE_INTEGER;
  return [...tests].sort((a, b) => line(a) - line(b) || index(a) - index(b));
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
