import { FailTest, TestCase } from 'txtrial';

class Probe extends TestCase {}
const t: TestCase = new Probe();

/** What an assertion says when it fails. */
function messageOf(f: () => unknown): string {
  try {
    f();
  } catch (error) {
    if (error instanceof FailTest) return error.message;
    throw error;
  }
  throw new Error('The assertion held.');
}

/** One table for all that take values: what holds, what does not, what is returned. */
const cases: readonly {
  readonly name: keyof TestCase & string;
  readonly holds: readonly (readonly unknown[])[];
  readonly fails: readonly (readonly unknown[])[];
  readonly returnsFirst: boolean;
}[] = [
  { name: 'assertTrue', holds: [[true], [1], ['x'], [[]]], fails: [[false], [0], [''], [null]], returnsFirst: true },
  { name: 'assertFalse', holds: [[false], [0], [undefined]], fails: [[true], ['x']], returnsFirst: true },
  {
    name: 'assertEqual',
    holds: [
      [1, 1],
      [{ a: [1] }, { a: [1] }],
      [Number.NaN, Number.NaN],
      [new Set([1]), new Set([1])],
    ],
    fails: [
      [1, '1'],
      [{ a: 1 }, { a: 2 }],
      [0, -0],
      [[1], new Set([1])],
      [{ a: undefined }, {}],
    ],
    returnsFirst: true,
  },
  { name: 'assertEquals', holds: [[[1], [1]]], fails: [[[1], [2]]], returnsFirst: true },
  {
    name: 'assertNotEqual',
    holds: [
      [1, 2],
      [[1], [2]],
    ],
    fails: [
      [[1], [1]],
      ['a', 'a'],
    ],
    returnsFirst: true,
  },
  {
    name: 'assertIdentical',
    holds: [
      [t, t],
      [Number.NaN, Number.NaN],
    ],
    fails: [
      [{}, {}],
      [1, 2],
    ],
    returnsFirst: true,
  },
  { name: 'assertIs', holds: [['a', 'a']], fails: [[[], []]], returnsFirst: true },
  { name: 'assertNotIdentical', holds: [[{}, {}]], fails: [[t, t]], returnsFirst: true },
  { name: 'assertIsNot', holds: [[[], []]], fails: [[1, 1]], returnsFirst: true },
  { name: 'assertNull', holds: [[null]], fails: [[undefined], [0]], returnsFirst: false },
  { name: 'assertNotNull', holds: [[undefined], [0]], fails: [[null]], returnsFirst: false },
  {
    name: 'assertIn',
    holds: [
      [1, [0, 1]],
      [{ a: 1 }, [{ a: 1 }]],
      ['b', 'abc'],
      ['k', new Map([['k', 1]])],
      [[1], new Set([[1]])],
      ['a', { a: 1 }],
      [Buffer.from('b'), Buffer.from('abc')],
      [97, Buffer.from('abc')],
    ],
    fails: [
      [2, [0, 1]],
      ['d', 'abc'],
      [1, new Map([['k', 1]])],
      ['b', { a: 1 }],
    ],
    returnsFirst: true,
  },
  {
    name: 'assertNotIn',
    holds: [
      [2, [1]],
      ['d', 'abc'],
    ],
    fails: [
      [1, [1]],
      ['a', 'abc'],
    ],
    returnsFirst: true,
  },
  {
    name: 'assertIsInstance',
    holds: [
      [new TypeError(), Error],
      [new RangeError(), [TypeError, RangeError]],
      ['x', String],
      [1, Number],
    ],
    fails: [
      [new Error(), TypeError],
      [null, Object],
      ['x', Number],
    ],
    returnsFirst: false,
  },
  {
    name: 'assertNotIsInstance',
    holds: [[new Error(), TypeError]],
    fails: [[new TypeError(), [RangeError, Error]]],
    returnsFirst: false,
  },
  { name: 'assertApproximates', holds: [[1, 1.05, 0.1]], fails: [[1, 1.2, 0.1]], returnsFirst: true },
  {
    name: 'assertAlmostEqual',
    holds: [
      [1, 1.00000001],
      [1, 1.004, 2],
      [1, 1.4, { delta: 0.5 }],
      [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ],
    fails: [
      [1, 1.0001],
      [1, 1.01, 2],
      [1, 1.6, { delta: 0.5 }],
      [1, Number.NaN],
    ],
    returnsFirst: true,
  },
  { name: 'assertSubstring', holds: [['b', 'abc']], fails: [['d', 'abc']], returnsFirst: true },
  { name: 'assertNotSubstring', holds: [['d', 'abc']], fails: [['b', 'abc']], returnsFirst: true },
  {
    name: 'assertRegex',
    holds: [
      ['abc', /b/],
      ['abc', '^a'],
    ],
    fails: [['abc', /d/]],
    returnsFirst: false,
  },
  {
    name: 'assertNotRegex',
    holds: [['abc', /d/g]],
    fails: [
      ['abc', /b/y],
      ['abc', /c/],
    ],
    returnsFirst: false,
  },
  {
    name: 'assertCountEqual',
    holds: [
      [
        [1, 2, 2],
        [2, 1, 2],
      ],
      [[{ a: 1 }, 'x'], new Set(['x', { a: 1 }])],
    ],
    fails: [
      [
        [1, 2, 2],
        [1, 1, 2],
      ],
      [[{ a: 1 }], [{ a: 2 }]],
    ],
    returnsFirst: false,
  },
  {
    name: 'assertGreater',
    holds: [
      [2, 1],
      ['b', 'a'],
      [2n, 1n],
    ],
    fails: [
      [1, 1],
      [1, 2],
    ],
    returnsFirst: false,
  },
  {
    name: 'assertGreaterEqual',
    holds: [
      [2, 1],
      [1, 1],
    ],
    fails: [[1, 2]],
    returnsFirst: false,
  },
  {
    name: 'assertLess',
    holds: [
      [1, 2],
      [new Date(1), new Date(2)],
    ],
    fails: [
      [1, 1],
      [2, 1],
    ],
    returnsFirst: false,
  },
  {
    name: 'assertLessEqual',
    holds: [
      [1, 2],
      [1, 1],
    ],
    fails: [[2, 1]],
    returnsFirst: false,
  },
];

function call(name: keyof TestCase & string, args: readonly unknown[]): unknown {
  return Reflect.apply(t[name] as (...args: unknown[]) => unknown, t, args);
}

export class AssertionTests extends TestCase {
  test_what_holds_returns_what_twisted_does() {
    for (const { name, holds, returnsFirst } of cases) {
      for (const args of holds) this.assertIs(call(name, args), returnsFirst ? args[0] : undefined, name);
    }
  }

  test_what_does_not_hold_throws() {
    for (const { name, fails } of cases) {
      for (const args of fails) this.assertRaises(FailTest, call, name, args);
    }
  }

  test_an_own_message_is_the_first_line() {
    for (const { name, fails } of cases) {
      // The fourth argument of assertAlmostEqual is the message, the third of most others.
      const [args = []] = fails;
      const all = name === 'assertAlmostEqual' && args.length === 2 ? [...args, undefined, 'mine'] : [...args, 'mine'];
      this.assertEqual(messageOf(() => call(name, all)).split('\n')[0], 'mine', name);
    }
  }

  test_the_stack_begins_at_the_assertion() {
    const error = this.assertRaises(FailTest, () => t.assertEqual(1, 2));

    this.assertRegex(
      String(error.stack)
        .split('\n')
        .find((line) => line.startsWith('    at ')) ?? '',
      /\.cache|test_assertions/,
    );
  }

  test_fail_and_skip() {
    this.assertEqual(
      messageOf(() => t.fail('why')),
      'why',
    );
    this.assertEqual(
      messageOf(() => t.fail()),
      'The test failed.',
    );
  }

  test_a_class_has_its_own_failure_exception() {
    class OwnError extends Error {}
    class Sample extends TestCase {
      static override failureException = OwnError;
    }

    this.assertRaises(OwnError, () => new Sample().assertTrue(false));
    this.assertRaises(OwnError, () => new Sample().fail());
  }

  test_what_is_no_container_is_refused() {
    this.assertRaises(TypeError, () => t.assertIn(1, 5));
  }
}

export class RaisesTests extends TestCase {
  test_the_error_is_returned() {
    const error = this.assertRaises(
      TypeError,
      (n: number) => {
        throw new TypeError(String(n));
      },
      3,
    );

    this.assertEqual(error.message, '3');
    this.assertIsInstance(
      this.assertRaises([RangeError, TypeError], () => {
        throw error;
      }),
      TypeError,
    );
  }

  test_another_error_or_none_is_a_failure() {
    const other = new RangeError('other');

    const failure = this.assertRaises(FailTest, () =>
      t.assertRaises(TypeError, () => {
        throw other;
      }),
    );

    this.assertIs(failure.cause, other);
    this.assertEqual(
      messageOf(() => t.assertRaises(TypeError, () => 7)),
      'TypeError expected, but nothing was thrown: 7 was returned.',
    );
  }

  test_a_promise_is_pointed_to_assert_failure() {
    this.assertSubstring(
      'Use assertFailure',
      messageOf(() => t.assertRaises(TypeError, async () => {})),
    );
  }

  test_with_a_pattern() {
    const f = () => {
      throw new TypeError('about this');
    };

    this.assertEqual(this.assertRaisesRegex(TypeError, /this$/, f).message, 'about this');
    this.assertRaisesRegex(TypeError, '^about', f);
    this.assertSubstring(
      'does not match /that/',
      messageOf(() => t.assertRaisesRegex(TypeError, /that/, f)),
    );
  }
}
