import { TestCase } from 'txtrial';
import { Batch } from '../../../src/trial/output/batch.js';

export class BatchTests extends TestCase {
  readonly #pieces: string[] = [];
  readonly #batch = new Batch((text) => this.#pieces.push(text));

  override setUp(): void {
    // Longer than the batch waits: its timer is over by then.
    this.addCleanup(() => new Promise((resolve) => setTimeout(resolve, 10)));
  }

  async test_what_was_added_together_comes_in_one_piece(): Promise<void> {
    this.#batch.add('a');
    this.#batch.add('b');
    await Promise.resolve();
    this.assertEqual(this.#pieces, []);

    while (this.#pieces.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));

    this.assertEqual(this.#pieces, ['ab']);
  }

  test_much_text_does_not_wait(): void {
    for (let i = 0; i < 33; i++) this.#batch.add('x'.repeat(1024));

    this.assertEqual(
      this.#pieces.map((piece) => piece.length),
      [16384, 16384],
    );
    this.#batch.flush();
    this.assertEqual(this.#pieces.length, 3);
  }

  test_what_was_taken_does_not_come(): void {
    this.#batch.add('a');

    this.assertEqual(this.#batch.take(), 'a');

    this.#batch.flush();
    this.assertEqual(this.#pieces, []);
  }
}
