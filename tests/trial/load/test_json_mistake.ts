import fc from 'fast-check';
import { TestCase } from 'txtrial';
import { jsonMistake } from '../../../src/trial/load/json_mistake.js';

/** Where the mistake is, and what is said of it. */
function strict(text: string): string {
  const mistake = jsonMistake(text, { lenient: false });
  return mistake === undefined ? 'none' : `${mistake.line}:${mistake.column} ${mistake.what}`;
}

function lenient(text: string): string {
  const mistake = jsonMistake(text, { lenient: true });
  return mistake === undefined ? 'none' : `${mistake.line}:${mistake.column} ${mistake.what}`;
}

export class JsonMistakeTests extends TestCase {
  test_there_is_one_if_the_language_says_so() {
    const cut = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.nat({ max: 3 }),
      fc.constantFrom('', ',', '"', '}', ']', ':', '1', ' ', '\n', 'x', '\\', '\u007f', '\u0001'),
    );
    fc.assert(
      fc.property(cut, ([json, at, length, put]) => {
        const start = at % (json.length + 1);
        const text = json.slice(0, start) + put + json.slice(start + length);
        this.assertEqual(strict(text) === 'none', isJson(text), text);
      }),
      { numRuns: 2000 },
    );
  }

  test_comments_and_commas_at_the_end() {
    const text = '\ufeff// a\n{ /* "b" */ "c": [1, 2,], // d\n "e": { "f": "//", }, }\n';

    this.assertEqual(lenient(text), 'none');
    this.assertEqual(strict('[1, ]'), "1:3 there is a comma before the ']'");
    this.assertEqual(lenient('[, ]'), "1:2 a value is expected here, not ','");
  }

  test_where_it_is() {
    this.assertEqual(strict('{\n  "a": 1\n  "b": 2\n}'), "3:3 ',' or '}' is expected here, not '\"'");
    this.assertEqual(strict('{ "a" 1 }'), "1:7 ':' is expected here, not '1'");
    this.assertEqual(strict("{ 'a': 1 }"), "1:3 a name in double quotes is expected here, not '''");
    this.assertEqual(strict('[undefined]'), "1:2 a value is expected here, not 'undefined'");
    this.assertEqual(strict('{ "a": ['), '1:9 a value is expected here, not the end of the file');
    this.assertEqual(strict('{}\r\n{}'), "2:1 the end of the file is expected here, not '{'");
    this.assertEqual(strict(''), '1:1 a value is expected here, not the end of the file');
  }

  test_deep_ones_do_not_overflow() {
    this.assertEqual(strict('['.repeat(100_000) + ']'.repeat(100_000)), 'none');
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
