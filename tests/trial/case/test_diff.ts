import fc from 'fast-check';
import { FailTest, TestCase } from 'txtrial';

class Probe extends TestCase {}
const t: TestCase = new Probe();

/** What `assertEqual` says, in lines. */
function diff(first: unknown, second: unknown): string[] {
  try {
    t.assertEqual(first, second);
  } catch (error) {
    if (error instanceof FailTest) return error.message.split('\n');
    throw error;
  }
  throw new Error('They are equal.');
}

export class ShortValueTests extends TestCase {
  test_primitives_stand_one_below_the_other() {
    this.assertEqual(diff(1, '1'), ['not equal:', '  first:  1', "  second: '1'"]);
    this.assertEqual(diff('abc', 'abd'), ['not equal:', '  first:  "abc"', '  second: "abd"']);
    this.assertEqual(diff(0, -0), ['not equal:', '  first:  0', '  second: -0']);
  }

  test_long_lines_are_cut_around_the_difference() {
    const [, first = '', second = ''] = diff(
      `${'x'.repeat(5000)}A${'y'.repeat(5000)}`,
      `${'x'.repeat(5000)}B${'y'.repeat(5000)}`,
    );

    this.assertRegex(first, /…\d+ characters…x+Ay+…\d+ characters…/);
    this.assertRegex(second, /…\d+ characters…x+By+…\d+ characters…/);
    this.assertLess(first.length, 300);
  }
}

export class LineTests extends TestCase {
  test_errors_without_their_frames() {
    this.assertEqual(diff({ error: new RangeError('a') }, { error: Object.assign(new RangeError('b'), { code: 7 }) }), [
      'not equal:',
      '- first',
      '+ second',
      '  {',
      '-   error: RangeError: a,',
      '+   error: RangeError: b {',
      '+     code: 7,',
      '+   },',
      '  }',
    ]);
    const thrown = () => {
      throw new RangeError('a');
    };
    const failure = this.assertRaises(FailTest, () => t.assertRaises(TypeError, thrown));
    this.assertEqual(failure.message, 'TypeError expected, but RangeError: a was thrown.');
  }

  test_long_buffers_from_the_first_difference_on() {
    const first = Buffer.alloc(5_000_000);
    const second = Buffer.from(first);
    second[3_000_005] = 0xff;

    const lines = diff(first, second);

    this.assertLess(lines.length, 20);
    this.assertIn('- 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................', lines);
    this.assertIn('+ 00 00 00 00 00 ff 00 00 00 00 00 00 00 00 00 00  ................', lines);
    this.assertIn('  … 2999968 equal bytes …', lines);
  }

  test_objects() {
    this.assertEqual(diff({ a: 1, b: [1, 2], c: 'same' }, { a: 1, b: [1, 3], c: 'same' }), [
      'not equal:',
      '- first',
      '+ second',
      '  … 1 equal line …',
      '    a: 1,',
      '    b: [',
      '      1,',
      '-     2,',
      '+     3,',
      '    ],',
      "    c: 'same',",
      '  }',
    ]);
  }

  test_one_more_element() {
    this.assertEqual(diff(['a'], ['a', 'b']).slice(3), ['  [', "    'a',", "+   'b',", '  ]']);
  }

  test_maps_and_sets_whatever_their_order() {
    this.assertEqual(
      diff(
        new Map([
          ['b', 1],
          ['a', 2],
        ]),
        new Map([
          ['a', 2],
          ['b', 3],
        ]),
      ).filter((l) => /^[-+] {3}/.test(l)),
      ["-   'b' => 1,", "+   'b' => 3,"],
    );
    this.assertEqual(
      diff(new Set([3, 1]), new Set([1, 2])).filter((l) => /^[-+] {3}/.test(l)),
      ['-   3,', '+   2,'],
    );
  }

  test_strings_of_several_lines() {
    this.assertEqual(diff('one\ntwo \nthree\n', 'one\ntwo\nthree'), [
      'not equal:',
      '- first',
      '+ second',
      '  one',
      '- two·',
      '+ two',
      '  three',
      '+ \\ no line end here',
    ]);
    this.assertIn('- a\\r', diff('a\r\nb', 'a\nb'));
  }

  test_buffers_as_hexadecimal_digits() {
    const lines = diff(Buffer.from('an even line of bytes'), Buffer.from('an even line of bites'));

    this.assertIn('  61 6e 20 65 76 65 6e 20 6c 69 6e 65 20 6f 66 20  an even line of ', lines);
    this.assertIn(`- 62 79 74 65 73${' '.repeat(33)}  bytes`, lines);
    this.assertIn(`+ 62 69 74 65 73${' '.repeat(33)}  bites`, lines);
  }

  test_equal_lines_far_away_are_left_out() {
    const first = Array.from({ length: 1000 }, (_, n) => n);
    const second = first.with(500, -1);

    const lines = diff(first, second);

    this.assertIn('-   500,', lines);
    this.assertIn('+   -1,', lines);
    this.assertLess(lines.length, 20);
  }

  test_values_that_look_alike() {
    const make = () =>
      new (class A {
        x = 1;
      })();

    const [line = ''] = diff(make(), make()).slice(-1);

    this.assertSubstring('They look alike; they differ: their prototypes are different (A and A)', line);
    const [symbols = ''] = diff({ a: [Symbol('s')] }, { a: [Symbol('s')] }).slice(-1);
    this.assertSubstring('they differ at .a[0]', symbols);
  }

  test_cycles() {
    const cycle = (value: number) => {
      const object: { value: number; self?: object } = { value };
      object.self = object;
      return object;
    };

    this.assertIn('-   value: 1,', diff(cycle(1), cycle(2)));
  }

  test_equal_but_not_the_same() {
    const message = this.assertRaises(FailTest, () => t.assertIs([1], [1])).message;

    this.assertEqual(message, 'The two are equal, but not the same: [ 1 ].');
  }
}

export class BoundTests extends TestCase {
  test_values_that_differ_everywhere_are_given_up_soon() {
    const rows = (sign: number) =>
      Array.from({ length: 20_000 }, (_, n) => ({ id: sign * (n + 1), name: `row ${sign * n}` }));
    const begun = performance.now();

    const lines = diff(rows(1), rows(-1));

    this.assertLess(performance.now() - begun, 5000);
    this.assertLess(lines.length, 100);
  }

  test_any_two_unequal_values_give_a_message_that_shows_a_difference() {
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withSet: true, withDate: true, withTypedArray: true }),
        fc.anything(),
        (a, b) => {
          let message: string | undefined;
          try {
            t.assertEqual(a, b);
          } catch (error) {
            message = (error as Error).message;
          }
          return message === undefined || (message.startsWith('not equal:\n') && message.length < 40_000);
        },
      ),
      { numRuns: 200 },
    );
  }
}

export class LongTests extends TestCase {
  readonly #numbers = Array.from({ length: 100_000 }, (_, at) => at);

  #difference(first: unknown, second: unknown): string {
    return this.assertRaises(FailTest, () => this.assertEqual(first, second)).message;
  }

  test_the_elements_of_an_array_around_the_first_difference(): void {
    const other = this.#numbers.with?.(77_777, -1) ?? [];
    const text = this.#difference({ list: this.#numbers }, { list: other });
    this.assertSubstring('not equal at .list[77777]: number 77777 and number -1. Around it:', text);
    this.assertSubstring('    77776,\n-   77777,\n+   -1,\n    77778,', text);
  }

  test_the_entries_of_a_map_around_the_first_difference(): void {
    const first = new Map(this.#numbers.map((at) => [at, at]));
    const second = new Map(first).set(77_777, -1);
    const text = this.#difference(first, second);
    this.assertSubstring('not equal at .get(77777)', text);
    this.assertSubstring('-   77777 => 77777,\n+   77777 => -1,', text);
  }

  test_the_elements_that_only_one_set_has(): void {
    const objects = Array.from({ length: 30_000 }, (_, at) => ({ at }));
    const first = new Set<unknown>([...this.#numbers, ...objects]);
    const second = new Set<unknown>([
      ...this.#numbers,
      -5,
      -6,
      ...objects.map(({ at }) => ({ at: at === 9 ? 0 : at })),
    ]);
    second.delete(77_777);

    const parts = [this.#difference(first, second), this.#difference({ a: first }, { a: second })];

    const rest = 'Sets of 130000 and 130001 elements, of which 2 and 3 are in one alone:\n- first\n+ second\n';
    const lines = ['- 77777', '- {', '-   at: 9,', '- }', '+ -5', '+ -6', '+ {', '+   at: 0,', '+ }'].join('\n');
    this.assertEqual(parts, [`not equal: ${rest}${lines}`, `not equal at .a: ${rest}${lines}`]);
  }

  test_many_elements_that_only_one_set_has_are_cut(): void {
    const text = this.#difference(new Set(this.#numbers), new Set(this.#numbers.map((at) => -1 - at)));

    this.assertSubstring('of which 100000 and 100000 are in one alone:\n- first\n+ second\n- 0\n- 1\n', text);
    this.assertTrue(text.split('\n').length < 100, text);
  }

  test_the_characters_of_a_long_text_around_the_first_difference(): void {
    const text = this.#difference({ a: `${'x'.repeat(300_000)}A` }, { a: `${'x'.repeat(300_000)}B` });
    this.assertRegex(text, /first: .*xxxA"\n.*second: .*xxxB"\nThat is at \.a\.$/);
  }
}
