import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestCase } from 'txtrial';
import { finished, Sandbox, verdicts } from './sandbox.js';

const MODULE = '{ "type": "module" }';

/** A module of one test, in the syntax of `import`. */
function esTest(body: string, imports = ''): string {
  return `import { TestCase } from 'txtrial';\n${imports}\nexport class KindTests extends TestCase {\n  async test_it() {\n${body}\n  }\n}\n`;
}

/** The same in the syntax of `require`. */
function commonjsTest(body: string, imports = ''): string {
  return `const { TestCase } = require('txtrial');\n${imports}\nclass KindTests extends TestCase {\n  async test_it() {\n${body}\n  }\n}\nmodule.exports = { KindTests };\n`;
}

/** There is one copy of txtrial, whoever asks for it and how. */
const ONE_COPY = `
    const { createRequire } = await import('node:module');
    const required = createRequire(typeof __filename === 'string' ? __filename : import.meta.url)('txtrial');
    this.assertIdentical((await import('txtrial')).TestCase, required.TestCase);
    this.assertIdentical(TestCase, required.TestCase);`;
const ONE_COPY_COMMONJS = ONE_COPY.replace(
  "typeof __filename === 'string' ? __filename : import.meta.url",
  '__filename',
);
const ONE_COPY_MODULE = ONE_COPY.replace(
  "typeof __filename === 'string' ? __filename : import.meta.url",
  'import.meta.url',
);

export class KindsOfFilesTests extends TestCase {
  /** As one that this user may not search. */
  async test_a_folder_of_packages_that_cannot_be_looked_into_has_none() {
    const project = new Sandbox(this, { 'package.json': MODULE, 'tests/test_a.ts': esTest('') });
    symlinkSync('node_modules', project.path('tests/node_modules'));

    this.assertEqual(verdicts(await project.trial('tests')), ['tests.test_a.KindTests.test_it OK']);
  }

  async test_what_was_put_into_a_text_is_in_no_stack() {
    const project = new Sandbox(this, {
      'package.json': MODULE,
      'test_a.ts': esTest("    const name = './none.js';\n    await import(name);"),
    });

    const [first] = finished((await project.trial('test_a.ts')).events);
    const { message = '', stack = '' } = first?.outcomes[0] ?? {};

    this.assertSubstring('none.js', message);
    this.assertNotSubstring('__txtrial', stack);
  }

  async test_package_of_modules() {
    const project = new Sandbox(this, {
      'package.json': MODULE,
      'test_a.ts': esTest(`const x: number = 1;${ONE_COPY_MODULE}`),
      'test_b.mts': esTest(`const x: number = 1;${ONE_COPY_MODULE}`),
      'test_c.cts': `import txtrial = require('txtrial');\nimport nodePath = require('node:path');\nclass KindTests extends txtrial.TestCase { async test_it() { const x: string = nodePath.basename(__filename); this.assertEqual(x, 'test_c.cts'); const TestCase = txtrial.TestCase;${ONE_COPY_COMMONJS} } }\nexport = { KindTests };\n`,
      'test_d.js': esTest(ONE_COPY_MODULE),
      'test_e.mjs': esTest(ONE_COPY_MODULE),
      'test_f.cjs': commonjsTest(ONE_COPY_COMMONJS),
    });

    const run = await project.trial('.');

    this.assertEqual(run.stderr, '');
    this.assertEqual(
      verdicts(run),
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `test_${name}.KindTests.test_it OK`),
    );
  }

  async test_package_of_commonjs() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "commonjs" }',
      'test_a.ts': esTest(`const x: number = 1;${ONE_COPY_MODULE}`),
      'test_b.ts': commonjsTest(`const x: number = 1;${ONE_COPY_COMMONJS}`),
      'test_c.js': commonjsTest(ONE_COPY_COMMONJS),
      'test_d.mts': esTest(ONE_COPY_MODULE),
    });

    const run = await project.trial('.');

    this.assertEqual(run.stderr, '');
    this.assertEqual(
      verdicts(run),
      ['a', 'b', 'c', 'd'].map((name) => `test_${name}.KindTests.test_it OK`),
    );
  }

  async test_package_without_type() {
    const project = new Sandbox(this, {
      'package.json': '{}',
      'test_a.ts': esTest(`const x: number = 1;${ONE_COPY_MODULE}`),
      'test_b.ts': commonjsTest(`const x: number = 1;${ONE_COPY_COMMONJS}`),
      'test_c.js': commonjsTest(ONE_COPY_COMMONJS),
      'test_d.js': esTest(ONE_COPY_MODULE),
    });

    const run = await project.trial('.');

    this.assertEqual(
      verdicts(run),
      ['a', 'b', 'c', 'd'].map((name) => `test_${name}.KindTests.test_it OK`),
    );
  }

  async test_imports_that_stand_for_require() {
    const project = new Sandbox(this, {
      'package.json': '{}',
      'tsconfig.json': '{ "compilerOptions": { "module": "nodenext" } }',
      'test_a.ts': esTest(
        `this.assertEqual(typeof require, 'function');
         this.assertEqual(__filename.endsWith('test_a.ts'), true);
         this.assertEqual(helper(), 'helped');
         this.assertEqual((await import('./lazy')).lazy, 'late');${ONE_COPY_COMMONJS}`,
        "import { helper } from './helper';\n",
      ),
      'helper.ts': "export function helper(): string { return 'helped'; }",
      'lazy.ts': "export const lazy: string = 'late';",
      'test_b.ts': esTest(`this.assertEqual(typeof import.meta.url, 'string');`),
    });

    const run = await project.trial('.');

    this.assertEqual(run.stderr, '');
    this.assertEqual(verdicts(run), ['test_a.KindTests.test_it OK', 'test_b.KindTests.test_it OK']);
  }
}

export class SpecifiersTests extends TestCase {
  async test_what_typescript_means() {
    const project = new Sandbox(this, {
      'package.json': JSON.stringify({
        name: 'mine',
        type: 'module',
        exports: { '.': './src/main.ts', './*': { import: './src/*.ts' } },
        imports: { '#inner': { node: './src/inner.ts' }, '#deep/*': './src/deep/*.js', '#dep': 'dep' },
      }),
      'tsconfig.json': JSON.stringify({
        compilerOptions: { paths: { '@/*': ['./src/*'], exactly: ['./src/exact.ts'], 'two/*': ['./no/*', './src/*'] } },
      }),
      'src/main.ts': "export const main = 'main';",
      'src/inner.ts': "export const inner: string = 'inner';",
      'src/exact.ts': "export const exact: string = 'exact';",
      'src/deep/a.js': "export const deep = 'deep';",
      'src/folder/index.ts': "export const folder: string = 'folder';",
      'src/module.mts': "export const m: string = 'mts';",
      'src/common.cts': "exports.c = 'cts' as string; export {};",
      'src/data.json': '{ "a": [1] }',
      'src/both.ts': "export const which: string = 'ts';",
      'src/both.js': "export const which = 'js';",
      'src/only.js': "export const only = 'js';",
      'src/some.dots.ts': "export const dots: string = 'dots';",
      'node_modules/dep/package.json': '{ "type": "module", "exports": { "import": "./i.js", "require": "./r.cjs" } }',
      'node_modules/dep/i.js': "export const dep = 'imported';",
      'node_modules/dep/r.cjs': "exports.dep = 'required';",
      'test_a.ts': esTest(
        `this.assertEqual(
           [js, mjs, cjs, bare, index, exact, star, two, own, ownSub, inner, deep, dep, imported, data, which, only, dots],
           ['main', 'mts', 'cts', 'inner', 'folder', 'exact', 'inner', 'inner', 'main', 'inner', 'inner', 'deep',
            'imported', 'imported', { a: [1] }, 'ts', 'js', 'dots'],
         );
         this.assertIdentical(data, withData);`,
        `import { main as js } from './src/main.js';
         import { m as mjs } from './src/module.mjs';
         import { c as cjs } from './src/common.cjs';
         import { inner as bare } from './src/inner';
         import { folder as index } from './src/folder';
         import { exact } from 'exactly';
         import { inner as star } from '@/inner';
         import { inner as two } from 'two/inner.js';
         import { main as own } from 'mine';
         import { inner as ownSub } from 'mine/inner';
         import { inner } from '#inner';
         import { deep } from '#deep/a';
         import { dep } from 'dep';
         import { dep as imported } from '#dep';
         import data from './src/data.json';
         import withData from './src/data.json' with { type: 'json' };
         import { which } from './src/both.js';
         import { only } from './src/only.js';
         import { dots } from './src/some.dots';`,
      ),
    });

    const cold = await project.trial('test_a.ts');
    const warm = await project.trial('test_a.ts');

    this.assertEqual(cold.stderr, '');
    this.assertEqual(verdicts(cold), ['test_a.KindTests.test_it OK']);
    this.assertEqual(verdicts(warm), ['test_a.KindTests.test_it OK']);
  }

  async test_javascript_imports_typescript() {
    const project = new Sandbox(this, {
      'package.json': MODULE,
      'test_a.js': esTest(
        "this.assertEqual([value, which, (await import('./late.js')).late], ['ts', 'js', 'late']);",
        "import { value } from './between.js';\nimport { which } from './both.js';",
      ),
      'between.js': "export { value } from './helper.js';",
      'helper.ts': "export const value: string = 'ts';",
      'late.ts': "export const late: string = 'late';",
      'both.ts': "export const which: string = 'ts';",
      'both.js': "export const which = 'js';",
      'test_b.cjs': commonjsTest(
        "this.assertEqual([helper.value, helper.full], ['cts', 'a']);",
        "const helper = require('./common'); helper.full = require('./a.cts').a;",
      ),
      'common.cts': "const value: string = 'cts';\nmodule.exports = { value };\nexport {};",
      'a.cts': "export const a: string = 'a';",
    });

    const run = await project.trial('.');

    this.assertEqual(run.stderr, '');
    this.assertEqual(verdicts(run), ['test_a.KindTests.test_it OK', 'test_b.KindTests.test_it OK']);
  }

  async test_one_instance() {
    const project = new Sandbox(this, {
      'package.json': MODULE,
      'count.ts': 'export const count = { loads: ((globalThis as any).loads = ((globalThis as any).loads ?? 0) + 1) };',
      'common.cts':
        'exports.object = {}; exports.loads = ((globalThis as any).cts = ((globalThis as any).cts ?? 0) + 1); export {};',
      'test_a.ts': esTest(
        `const { createRequire } = await import('node:module');
         const require = createRequire(import.meta.url);
         this.assertEqual([count.loads, common.loads], [1, 1]);
         this.assertIdentical(require('./common.cts'), common);
         this.assertIdentical(require('./count.ts').count, count);
         this.assertIdentical((await import('./count.js')).count, count);
         const name = './co' + 'unt.js';
         this.assertIdentical((await import(name)).count, count);
         (globalThis as any).object = count;`,
        "import { count } from './count.js';\nimport common from './common.cjs';",
      ),
      'test_b.ts': esTest(
        'this.assertIdentical(count, (globalThis as any).object);',
        "import { count } from './count.js';",
      ),
    });

    const run = await project.trial('.');

    this.assertEqual(run.stderr, '');
    this.assertEqual(verdicts(run), ['test_a.KindTests.test_it OK', 'test_b.KindTests.test_it OK']);
  }

  async test_cycles() {
    const project = new Sandbox(this, {
      'package.json': MODULE,
      'a.ts':
        "import { b } from './b.js';\nexport function a(): string { return 'a'; }\nexport const ab = () => a() + b();",
      'b.ts': "import { a } from './c.js';\nexport function b(): string { return 'b' + a(); }",
      'c.js': "export { a } from './a.js';",
      'test_a.ts': esTest("this.assertEqual(ab(), 'aba');", "import { ab } from './a.js';"),
      'test_b.ts': esTest("this.assertEqual(b(), 'ba');", "import { b } from './b.js';"),
    });

    const first = await project.trial('.');
    project.write({ 'c.js': "import { a as old } from './a.js';\nexport const a = () => old().toUpperCase();" });
    const second = await project.trial('.');

    this.assertEqual(verdicts(first), ['test_a.KindTests.test_it OK', 'test_b.KindTests.test_it OK']);
    this.assertIn('"abA"', verdicts(second).join());
  }

  async test_meta_and_imports_at_run_time() {
    const project = new Sandbox(this, {
      'package.json': MODULE,
      'x.ts': 'export const x: number = 1;',
      'data.json': '{ "a": 1 }',
      'test_a.ts': esTest(
        `const { pathToFileURL } = await import('node:url');
         const file = process.env['PROJECT'] + '/test_a.ts';
         this.assertEqual(import.meta.url, pathToFileURL(file).href);
         this.assertEqual([import.meta.filename, import.meta.dirname], [file, process.env['PROJECT']]);
         this.assertEqual(import.meta.resolve('./x.js'), new URL('./x.ts', import.meta.url).href);
         this.assertEqual(import.meta.resolve('./nowhere.txt'), new URL('./nowhere.txt', import.meta.url).href);
         for (const name of ['./x.js', './x', new URL('./x.ts', import.meta.url).href]) {
           this.assertEqual((await import(name)).x, 1);
         }
         this.assertEqual((await import('./data.json', { with: { type: 'json' } })).default, { a: 1 });
         this.assertEqual(typeof (await import('node:' + 'os')).cpus, 'function');
         this.assertIdentical((await import('tx' + 'trial')).TestCase, TestCase);
         for (const name of ['./none.js', 'no-such-package']) {
           const error = await import(name).catch((reason) => reason);
           this.assertEqual(error.code, 'ERR_MODULE_NOT_FOUND');
           this.assertIn('test_a.ts', error.message);
         }
         const literal = await import('./none-either.js').catch((reason) => reason);
         this.assertEqual(literal.code, 'ERR_MODULE_NOT_FOUND');`,
      ),
    });

    const run = await project.trialWith({ PROJECT: project.root }, 'test_a.ts');

    this.assertEqual(run.stderr, '');
    this.assertEqual(verdicts(run), ['test_a.KindTests.test_it OK']);
  }
}

export class SyntaxTests extends TestCase {
  async test_standard_decorators() {
    const project = new Sandbox(this, {
      'package.json': MODULE,
      'test_a.ts': esTest(
        `this.assertEqual([Kind.B, new Point(1).x, new Decorated().twice(2)], [7, 1, 4]);
         this.assertEqual(seen, ['method twice', 'class Decorated']);
         class Fields { a = 1; b; declare c: string; }
         this.assertEqual(Object.keys(new Fields()), ['a', 'b']);
         this.assertEqual(typeof Only, 'undefined');`,
        `const seen: string[] = [];
         function note(value: any, context: { kind: string; name: any }): any { seen.push(context.kind + ' ' + context.name); }
         enum Kind { A, B = 7 }
         class Point { constructor(readonly x: number) {} }
         @note class Decorated { @note twice(x: number) { return x * 2; } }
         declare const Only: number;
         type Gone = import('node:fs').Stats;
         namespace Space { export const inside = 1 satisfies number; }`,
      ).replace('@note class', '@note class'),
    });

    const run = await project.trial('test_a.ts');

    this.assertEqual(verdicts(run), ['test_a.KindTests.test_it OK']);
  }

  async test_legacy_decorators() {
    const project = new Sandbox(this, {
      'package.json': MODULE,
      'base.json': '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }',
      'tsconfig.json': '{ "extends": "./base.json", "compilerOptions": { "useDefineForClassFields": false } }',
      'test_a.ts': esTest(
        `this.assertEqual(seen, [['twice', 2], ['p', 0], ['design:paramtypes', [Number]]].slice(0, 2));
         class Fields { a = 1; b; }
         this.assertEqual(Object.keys(new Fields()), ['a']);`,
        `const seen: unknown[] = [];
         function note(target: object, name: string, descriptor: PropertyDescriptor) { seen.push([name, arguments.length - 1]); }
         function parameter(target: object, name: string, index: number) { seen.unshift(); seen.push(['p', index]); }
         class Decorated { @note twice(@parameter x: number) { return x * 2; } }
         seen.reverse();`,
      ),
    });

    const run = await project.trial('test_a.ts');
    const { outcomes } = finished(run.events)[0] ?? {};

    this.assertEqual(verdicts(run), ['test_a.KindTests.test_it OK'], String(outcomes?.[0]?.stack));
  }

  async test_tsconfig_changes_are_seen() {
    const project = new Sandbox(this, {
      'package.json': MODULE,
      'tsconfig.json': '{ "extends": "./base.json" }',
      'base.json': '{ "compilerOptions": { "useDefineForClassFields": true } }',
      'test_a.ts': esTest('class Fields { b; }\nthis.assertEqual(Object.keys(new Fields()).length, 1);'),
    });

    const before = await project.trial('test_a.ts');
    project.write({ 'base.json': '{ "compilerOptions": { "useDefineForClassFields": false } }' });
    const after = await project.trial('test_a.ts');

    this.assertEqual(before.status, 0);
    this.assertEqual(after.status, 1);
  }
}

export class RunningCopyTests extends TestCase {
  async test_is_found_where_txtrial_is_not_installed() {
    const project = new Sandbox(this, {
      'package.json': MODULE,
      'test_a.ts': esTest(''),
      'test_b.js': esTest(ONE_COPY_MODULE),
      'test_c.cjs': commonjsTest("this.assertIdentical(require('txtrial').TestCase, TestCase);"),
    });
    rmSync(project.path('node_modules/txtrial'));
    // Outside of this repository, where no folder above has it.
    const outside = mkdtempSync(join(tmpdir(), 'txtrial-test-'));
    this.addCleanup(() => rmSync(outside, { recursive: true }));
    cpSync(project.root, outside, { recursive: true });

    const run = await Object.assign(Object.create(Sandbox.prototype) as Sandbox, { root: outside }).trial('.');

    this.assertEqual(
      verdicts(run),
      ['a', 'b', 'c'].map((name) => `test_${name}.KindTests.test_it OK`),
    );
  }
}
