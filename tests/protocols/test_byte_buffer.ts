import fc from 'fast-check';
import { TestCase } from 'txtrial';
import { ByteBuffer } from '../../src/protocols/byte_buffer.js';

const piece = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 600 });
const step = fc.oneof(
  fc.record({ do: fc.constant('append' as const), piece }),
  fc.record({ do: fc.constant('take' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ do: fc.constant('takeAll' as const) }),
  fc.record({ do: fc.constant('seek' as const), pattern: fc.constantFrom('\n', 'ab\n', 'aab') }),
);

export class ByteBufferTests extends TestCase {
  /** Neither the search nor the pieces are the worse for where a pattern is cut. */
  test_finds_what_came_in_halves_at_the_very_beginning() {
    const pattern = Buffer.from('\r\n');
    const buffer = new ByteBuffer();

    buffer.append(Buffer.from('\r'));
    this.assertEqual(buffer.indexOf(pattern), -1);
    buffer.append(Buffer.from('\n'));

    this.assertEqual(buffer.indexOf(pattern), 0);
  }

  /** A piece that came whole is not copied, and stays the caller's: also after others were put together. */
  test_writes_to_no_piece_of_the_callers() {
    const buffer = new ByteBuffer();
    for (const text of ['put', 'together']) buffer.append(Buffer.from(text));
    buffer.takeAll();
    const piece = Buffer.from('0123456789');

    buffer.append(piece);
    buffer.skip(8);
    buffer.append(Buffer.from('ab'));

    this.assertEqual([buffer.takeAll().toString(), piece.toString()], ['89ab', '0123456789']);
  }

  /** It is a string to which is added at the end and from which is taken at the beginning. */
  test_like_a_string() {
    const patterns = new Map(['\n', 'ab\n', 'aab'].map((text) => [text, Buffer.from(text)]));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const buffer = new ByteBuffer();
        let model = '';
        const kept: [Buffer, string][] = [];
        for (const next of steps) {
          if (next.do === 'append') {
            const data = Buffer.from(next.piece);
            buffer.append(data);
            kept.push([data, next.piece]);
            model += next.piece;
          } else if (next.do === 'seek') {
            this.assertEqual(buffer.indexOf(patterns.get(next.pattern) as Buffer), model.indexOf(next.pattern));
          } else {
            const length = next.do === 'take' ? Math.floor(next.share * model.length) : model.length;
            const taken = next.do === 'take' ? buffer.take(length) : buffer.takeAll();
            kept.push([taken, model.slice(0, length)]);
            model = model.slice(length);
          }
          this.assertEqual(buffer.length, model.length);
          if (model !== '') this.assertEqual(buffer.at(model.length - 1), model.charCodeAt(model.length - 1));
        }
        // Nothing that went in or came out has changed since.
        for (const [data, text] of kept) this.assertEqual(data.toString(), text);
      }),
    );
  }
}
