import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { FailTest, TestCase } from 'txtrial';
import { deepEqual, findUnlike } from '../../../src/trial/case/find_unlike.js';

const DEEP = 20_000;

function nested(leaf: unknown, wrap: (inner: unknown) => unknown): unknown {
  let value = leaf;
  for (let depth = 0; depth < DEEP; depth += 1) value = wrap(value);
  return value;
}

const WRAPS = {
  object: (inner: unknown) => ({ inner }),
  array: (inner: unknown) => [inner],
  Map: (inner: unknown) => new Map([['inner', inner]]),
};

export class FindUnlikeTests extends TestCase {
  test_agrees_with_node(): void {
    const values = fc.anything({ withMap: true, withSet: true, withDate: true, withSparseArray: true, maxDepth: 3 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        this.assertIs(findUnlike(a, b) === undefined, isDeepStrictEqual(a, b));
        this.assertIs(findUnlike(a, structuredClone(a)) === undefined, isDeepStrictEqual(a, structuredClone(a)));
      }),
      { seed: 7, numRuns: 300 },
    );
  }

  test_cycles(): void {
    const cycle = (name: string) => {
      const value: { self?: unknown; name: string } = { name };
      value.self = value;
      return value;
    };
    this.assertIs(findUnlike(cycle('a'), cycle('a')), undefined);
    this.assertEqual(findUnlike(cycle('a'), cycle('b'))?.first, 'a');
  }
}

export class DeepEqualTests extends TestCase {
  test_values_nested_too_deep_for_recursion(): void {
    for (const wrap of Object.values(WRAPS)) {
      this.assertTrue(deepEqual(nested(1, wrap), nested(1, wrap)));
      this.assertFalse(deepEqual(nested(1, wrap), nested(2, wrap)));
    }
  }

  test_assertions_on_them(): void {
    const deep = (leaf: unknown) => nested(leaf, WRAPS.object);
    this.assertEqual(deep(1), deep(1));
    this.assertIn(deep(1), [deep(1)]);
    this.assertCountEqual([deep(1)], [deep(1)]);
    this.assertRaises(FailTest, () => this.assertNotEqual(deep(1), deep(1)));
    const error = this.assertRaises(FailTest, () => this.assertEqual(deep(1), deep(2)));
    this.assertRegex(
      String(error),
      /They look alike; they differ at (?:\.inner){20} … 19960 levels … .*: number 1 and/,
    );
  }
}
