import fc from 'fast-check';
import { TestCase } from 'txtrial';
import { reduce } from '../../../src/trial/bisect/reduce.js';

/** What `reduce` leaves of `size` items where all of `needed` are needed, and how often it asked. */
async function reduced(size: number, needed: readonly number[]): Promise<{ left: readonly number[]; asked: number }> {
  let asked = 0;
  const list = Array.from({ length: size }, (_, n) => n);
  const left = await reduce(list, async (part) => {
    asked += 1;
    return needed.every((item) => part.includes(item));
  });
  return { left, asked };
}

export class ReduceTests extends TestCase {
  async test_what_is_needed_is_left_and_nothing_else_in_order(): Promise<void> {
    const sets = fc.integer({ min: 1, max: 60 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        needed: fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }), { minLength: 1, maxLength: 5 }),
      }),
    );

    await fc.assert(
      fc.asyncProperty(sets, async ({ size, needed }) => {
        const { left } = await reduced(size, needed);
        this.assertEqual(
          left,
          [...needed].sort((a, b) => a - b),
        );
      }),
    );
  }

  async test_one_of_ten_thousand_takes_few_questions(): Promise<void> {
    for (const needed of [0, 4999, 5000, 9999]) {
      const { left, asked } = await reduced(10_000, [needed]);

      this.assertEqual(left, [needed]);
      this.assertLessEqual(asked, 28);
    }
  }

  async test_a_single_item_is_left_without_asking(): Promise<void> {
    this.assertEqual(await reduced(1, [0]), { left: [0], asked: 0 });
  }
}
