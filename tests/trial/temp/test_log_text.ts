import { TestCase } from 'txtrial';
import { LogText } from '../../../src/trial/temp/log_text.js';

export class LogTextTests extends TestCase {
  test_entries_go_on_behind_a_tab(): void {
    this.assertEqual(new LogText().entry('head', 'one\ntwo'), 'head one\n\ttwo\n');
  }

  test_pieces_of_a_line_come_together(): void {
    const text = new LogText();

    const all = ['one', ' two\nthree', ' four\n', 'five\n'].map((piece) => text.piece('stdout', '[stdout]', piece));

    this.assertEqual(all.join(''), '[stdout] one two\n\tthree four\n[stdout] five\n');
  }

  test_somebody_else_begins_a_line(): void {
    const text = new LogText();

    const all = [
      text.piece('a', '[a]', 'one'),
      text.piece('b', '[b]', 'two'),
      text.entry('[-]', 'three'),
      text.piece('b', '[b]', 'four'),
    ];

    this.assertEqual(all.join(''), '[a] one\n[b] two\n[-] three\n[b] four');
  }
}
