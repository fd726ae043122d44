import { TestCase } from 'txtrial';
import { columns } from '../../../src/trial/reporters/width.js';

export class ColumnsTests extends TestCase {
  test_columns(): void {
    for (const [text, expected] of [
      ['', 0],
      ['plain', 5],
      ['é', 1],
      ['e\u0301', 1],
      ['日本語', 6],
      ['한글', 4],
      ['😀', 2],
      ['ＡＢ', 4],
      ['a\u200bb', 2],
      ['Ωж', 2],
    ] as const) {
      this.assertEqual(columns(text), expected, text);
    }
  }
}
