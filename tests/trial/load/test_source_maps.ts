import { TestCase } from 'txtrial';
import { finished, loadErrors, type Run, Sandbox } from './sandbox.js';

const LONG = `import { TestCase } from 'txtrial';
import { fail } from './helper.js';

interface Unused {
  readonly gone: string;
}

enum Kind { A, B }

export class PlaceTests extends TestCase {
  test_here(): void {
    const kind: Kind = Kind.A; throw new RangeError(import.meta.url + kind);
  }

  test_inside(): void {
    type Local = Unused;
    fail<Local>();
  }

  async test_later(): Promise<void> {
    await null;
    const { late } = await import('./late.cjs'); late();
  }

  test_native(): void {
    JSON.parse('{') as Unused;
  }
}
`;

export class PlacesTests extends TestCase {
  run1 = async (): Promise<Run> => {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'with space (1)/helper.ts':
        'type A = string;\n\n\n\nexport function fail<T>(): never {\n  throw new TypeError("x" as A);\n}\n',
      'with space (1)/late.cts':
        'type A = string;\n\n\n\nexport function late(): never { throw new TypeError("x" as A); }',
      'with space (1)/test_places.ts': LONG,
    });
    const cold = await project.trial('with space (1)');
    const warm = await project.trial('with space (1)');
    const stacks = (run: Run) => finished(run.events).map(({ outcomes }) => outcomes[0]?.stack);
    this.assertEqual(stacks(warm), stacks(cold));
    return warm;
  };

  async test_frames() {
    const run = await this.run1();
    const folder = `${(finished(run.events)[0]?.file ?? '').replace(/\/test_places.ts$/, '')}`;

    const places = finished(run.events).map(({ id, line, outcomes }) => {
      const [, ...frames] = outcomes[0]?.stack?.split('\n') ?? [];
      return [id.split('.').at(-1), line, ...frames.map((frame) => frame.trim().replaceAll(folder, '.'))];
    });

    this.assertEqual(places, [
      ['test_here', 11, 'at PlaceTests.test_here (./test_places.ts:12:38)'],
      ['test_inside', 15, 'at fail (./helper.ts:6:9)', 'at PlaceTests.test_inside (./test_places.ts:17:5)'],
      ['test_later', 20, 'at late (./late.cts:5:39)', 'at PlaceTests.test_later (./test_places.ts:22:50)'],
      ['test_native', 25, 'at PlaceTests.test_native (./test_places.ts:26:10)'],
    ]);
  }
}

const OPEN = "import { TestCase } from 'txtrial';\n";

/** What cannot be loaded: text of the file, and what must be said of it. */
const BROKEN: Readonly<Record<string, [text: string, name: string, message: string]>> = {
  'syntax.ts': [
    `${OPEN}export class X extends TestCase {\n  test_a() { let x: = 3; }\n}`,
    'SyntaxError',
    'PROJECT/syntax.ts:3:21: Unexpected token `=`',
  ],
  'plain.js': [`${OPEN}const = 3;`, 'SyntaxError', 'PROJECT/plain.js:2:7: '],
  'syntax.cjs': ['let a = 1;\nconst = 3;', 'SyntaxError', 'PROJECT/syntax.cjs:2:7: '],
  'early.ts': ['let a: number = 1;\nlet b; let b;', 'SyntaxError', 'PROJECT/early.ts:2:12: Identifier'],
  'inner.ts': [`import './plain.js';`, 'SyntaxError', 'PROJECT/plain.js:2:7: '],
  'inner_ts.ts': [`import './syntax_helper.js';`, 'SyntaxError', 'PROJECT/syntax_helper.ts:2:11: '],
  'no_export.ts': [
    `type A = 1;\nimport { readFileSync } from 'node:fs';\nimport { nothing } from './helper.js';\nnothing();`,
    'SyntaxError',
    'PROJECT/no_export.ts:3:10: The requested module',
  ],
  'no_file.ts': [
    `import { a } from './nowhere.js';\na();`,
    'Error',
    "Cannot find module 'PROJECT/nowhere.js' imported from PROJECT/no_file.ts",
  ],
  'no_package.ts': [
    `import { a } from 'nowhere';\na();`,
    'Error',
    "Cannot find package 'nowhere' imported from PROJECT/no_package.ts",
  ],
  'no_require.cts': [
    `import a = require('./nowhere');\na();`,
    'Error',
    "Cannot find module './nowhere' imported from PROJECT/no_require.cts",
  ],
  'throws.ts': [`type A = 1;\nfunction f(): A { throw new RangeError('at import'); }\nf();`, 'RangeError', 'at import'],
  'throws.cts': [
    `type A = 1;\nfunction f(): A { throw new RangeError('at import'); }\nf();\nexport {};`,
    'RangeError',
    'at import',
  ],
  'throws_text.ts': [`throw 'a text';`, 'Error', 'a text'],
  'parses.ts': [`JSON.parse('{');`, 'SyntaxError', "Expected property name or '}' in JSON"],
};

export class LoadErrorsTests extends TestCase {
  async test_each_names_the_users_place() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'helper.ts': 'export const helper: number = 1;',
      'syntax_helper.ts': 'type A = 1;\nlet x: A =;',
      ...Object.fromEntries(Object.entries(BROKEN).map(([name, [text]]) => [name, text])),
      'good.ts': `${OPEN}export class GoodTests extends TestCase { test_it() {} }`,
    });
    const names = [...Object.keys(BROKEN), 'good.ts'];

    const cold = await project.trial(...names);
    const warm = await project.trial(...names);

    for (const run of [cold, warm]) {
      this.assertEqual(run.status, 1);
      this.assertEqual(finished(run.events).length, 1);
      this.assertEqual(
        loadErrors(run).map(({ id }) => id),
        Object.keys(BROKEN),
      );
      for (const { id, errorName, message, stack } of loadErrors(run)) {
        const [, name, said] = BROKEN[id] ?? [];
        this.assertEqual(errorName, name, id);
        this.assertIn(said?.replaceAll('PROJECT', project.root), message, id);
        this.assertNotIn('.cache', message + stack, id);
        this.assertNotIn('node:internal', stack, id);
        this.assertNotIn('backtrace', message + stack, id);
      }
    }
    this.assertEqual(
      loadErrors(warm).map(({ message, stack }) => [message, stack]),
      loadErrors(cold).map(({ message, stack }) => [message, stack]),
    );
    const thrown = loadErrors(warm).find(({ id }) => id === 'throws.ts');
    this.assertIn(`at f (${project.path('throws.ts')}:2:25)`, thrown?.stack);
    this.assertIn(`${project.path('throws.ts')}:3:1`, thrown?.stack);
  }

  async test_excerpt() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'test_a.ts': BROKEN['syntax.ts']?.[0] ?? '',
    });

    const run = await project.trial('test_a.ts');

    const lines = loadErrors(run)[0]?.message.split('\n') ?? [];
    this.assertEqual(lines.slice(1), ['    test_a() { let x: = 3; }', '                      ^']);
  }

  /** What is missing at the end of a file is said of its last line. */
  async test_end_of_file() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'test_a.ts': 'export class A {\n  test_a() {\n',
    });

    const run = await project.trial('test_a.ts');

    const [first, ...excerpt] = loadErrors(run)[0]?.message.split('\n') ?? [];
    this.assertRegex(first ?? '', /test_a\.ts:2:13: Expected '}', got '<eof>'$/);
    this.assertEqual(excerpt[0], '    test_a() {');
  }
}
