import { TestCase } from 'txtrial';
import { Pace } from '../../../src/trial/output/pace.js';

export class PaceTests extends TestCase {
  readonly #pace = new Pace();

  test_what_comes_in_quick_succession_becomes_rare(): void {
    const begun = performance.now();
    let due = 0;
    for (let i = 0; i < 100_000; i++) if (this.#pace.isDue()) due += 1;
    const ms = performance.now() - begun;
    this.assertTrue(due >= 64 && due <= 64 + ms / 4 + 1, `${due} in ${ms} ms`);
  }

  test_the_first_ones_are_all_due(): void {
    for (let i = 0; i < 64; i++) this.assertTrue(this.#pace.isDue());
  }

  async test_after_a_rest_it_is_due_again(): Promise<void> {
    while (this.#pace.isDue());
    await new Promise((resolve) => setTimeout(resolve, 6));
    this.assertTrue(this.#pace.isDue());
  }
}
