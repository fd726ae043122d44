import fc from 'fast-check';
import { TestCase } from 'txtrial';
import { columnBefore, replaceAll, rewriteCommonjs } from '../../../src/trial/load/rewrite.js';
import { findSites } from '../../../src/trial/load/sites.js';
import { endsWhole, trailerOf, withTrailer } from '../../../src/trial/load/trailer.js';

export class ReplaceAllTests extends TestCase {
  test_each_place_is_found_again() {
    // Letters that stand for themselves; what is replaced is digits, put in are signs.
    const part = fc.record({
      kept: fc.stringMatching(/^[a-z\n]{0,6}$/),
      gone: fc.stringMatching(/^[0-9]{0,4}$/),
      put: fc.stringMatching(/^[#!]{0,5}$/),
    });

    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        let text = '';
        const replacements = parts.map(({ kept, gone, put }) => {
          text += kept + gone;
          return { start: text.length - gone.length, end: text.length, text: put };
        });
        const made = replaceAll(text, replacements);
        this.assertEqual(made.text, parts.map(({ kept, put }) => kept + put).join(''));
        const before = text.split('\n');
        for (const [line, newText] of made.text.split('\n').entries()) {
          for (const [column, letter] of [...newText].entries()) {
            if (!/[a-z]/.test(letter)) continue;
            this.assertEqual(before[line]?.[columnBefore(made.edits, line, column)], letter);
          }
        }
      }),
    );
  }
}

export class SitesTests extends TestCase {
  test_all_kinds() {
    const text = `import a from './a.js'; export * from "./b.js"; import './c.json' with { type: 'json' };
      const d = import('./d.js'); import(d); import(\`./\${d}\`); import.meta.url;`;

    const found = findSites(text).map(([kind, start, end, ...rest]) => [kind, text.slice(start, end), ...rest]);

    this.assertEqual(found, [
      ['static', './a.js', './a.js', -1],
      ['static', './b.js', './b.js', -1],
      ['static', './c.json', './c.json', text.indexOf(';\n')],
      ['dynamic', "'./d.js'", './d.js', text.indexOf("import('./d")],
      ['computed', 'import'],
      ['computed', 'import'],
      ['meta', 'import.meta'],
    ]);
  }

  test_commonjs_asks_at_run_time() {
    const text = "exports.a = () => [import('./x.js'), import(y)]; const s = 'import(z)';";

    const { text: made } = rewriteCommonjs(text, findSites(text));

    this.assertEqual(
      made.split('\n')[0],
      "exports.a = () => [__txtrialImport('./x.js'), __txtrialImport(y)]; const s = 'import(z)';",
    );
    this.assertIn('function __txtrialImport', made);
  }
}

export class TrailerTests extends TestCase {
  test_whole_or_nothing() {
    const trailer = { source: '/a/b.ts', key: 'k', edits: [[0, 1, 2, 3] as const] };
    const text = withTrailer("const a = 'é';", trailer);
    const isWhole = (whole: string): boolean => {
      const bytes = Buffer.from(whole);
      return endsWhole({ end: bytes.subarray(-100), size: bytes.length });
    };

    this.assertEqual(trailerOf(text), trailer);
    this.assertTrue(isWhole(text));
    for (const damaged of ['', text.slice(1), text.slice(0, -5), `x${text}`, 'const a = 1;']) {
      this.assertEqual(trailerOf(damaged), undefined);
      this.assertFalse(isWhole(damaged));
    }
    this.assertEqual(trailerOf(undefined), undefined);
  }
}
