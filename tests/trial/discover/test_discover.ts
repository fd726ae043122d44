import { symlinkSync } from 'node:fs';
import { TestCase } from 'txtrial';
import { loadErrors, type Run, Sandbox, verdicts } from '../load/sandbox.js';

const CASE = "import { TestCase } from 'txtrial';\n";

/** A module with a class for each name, of tests with the names given. */
function tests(classes: Readonly<Record<string, readonly string[]>>): string {
  const written = Object.entries(classes).map(([name, methods]) => {
    return `export class ${name} extends TestCase {\n${methods.map((method) => `  ${method}() {}\n`).join('')}}\n`;
  });
  return CASE + written.join('');
}

/** Ids of the tests that ran. */
function ids(run: Run): string[] {
  return verdicts(run).map((verdict) => verdict.split(' ')[0] ?? '');
}

const FOLDER = {
  'package.json': '{ "type": "module" }',
  'tests/test_a.ts': tests({ ATests: ['test_one', 'test_two'], BTests: ['test_one'] }),
  'tests/test_b.js': tests({ BTests: ['test_one'] }),
  'tests/inner/test_c.ts': tests({ CTests: ['test_one'] }),
  'tests/inner/some.test.ts': tests({ SomeTests: ['test_one'] }),
  'tests/inner/other.spec.mjs': tests({ OtherTests: ['test_one'] }),
  'tests/inner/helper.ts': 'export const helper = 1;',
  'tests/inner/test_types.d.ts': 'export {};',
  'tests/inner/tests_not.ts': tests({ NotTests: ['test_one'] }),
  'tests/.hidden/test_d.ts': tests({ DTests: ['test_one'] }),
  'tests/node_modules/test_e.ts': tests({ ETests: ['test_one'] }),
  'tests/_trial_temp-1/test_f.ts': tests({ FTests: ['test_one'] }),
};
const IN_INNER = [
  'tests.inner.other_spec.OtherTests.test_one',
  'tests.inner.some_test.SomeTests.test_one',
  'tests.inner.test_c.CTests.test_one',
];
const IN_A = ['tests.test_a.ATests.test_one', 'tests.test_a.ATests.test_two', 'tests.test_a.BTests.test_one'];
const IN_B = ['tests.test_b.BTests.test_one'];

/** As pnpm installs packages: what a package needs lies beside the place that its link leads to. */
export class LinkedPackageTests extends TestCase {
  async test_it_finds_what_it_needs_also_when_stdout_is_a_pipe() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'store/one/node_modules/one/index.js': "export { two } from 'two';",
      'store/one/node_modules/one/package.json': '{ "type": "module", "exports": "./index.js" }',
      'store/one/node_modules/two/index.js': 'export const two = 2;',
      'store/one/node_modules/two/package.json': '{ "type": "module", "exports": "./index.js" }',
    });
    symlinkSync('../store/one/node_modules/one', project.path('node_modules/one'));

    const { status, stderr } = await project.trial('--reporter', 'one', 'nothing');

    // It was imported, with all that it needs: what it lacks is a reporter.
    this.assertSubstring('its default export is missing, and has to be a function', stderr);
    this.assertEqual(status, 2);
  }
}

export class SelectorTests extends TestCase {
  project = new Sandbox(this, FOLDER);

  async selected(...args: string[]): Promise<string[]> {
    const run = await this.project.trial(...args);
    this.assertEqual(run.stderr, '');
    return ids(run);
  }

  async test_folder() {
    this.assertEqual(await this.selected('tests'), [...IN_INNER, ...IN_A, ...IN_B]);
  }

  async test_folder_alone() {
    this.assertEqual(await this.selected('--no-recurse', 'tests'), [...IN_A, ...IN_B]);
  }

  async test_glob() {
    this.assertEqual(await this.selected('tests/**/*.{spec,test}.*'), IN_INNER.slice(0, 2));
  }

  async test_glob_is_no_glob_when_there_is_such_a_file() {
    this.project.write({ 'tests/test_[a].ts': FOLDER['tests/test_a.ts'] });

    this.assertEqual((await this.selected('tests/test_[a].ts')).length, 3);
  }

  async test_dotted_names() {
    this.assertEqual(await this.selected('tests.inner'), IN_INNER);
    this.assertEqual(await this.selected('tests.test_a'), IN_A);
    this.assertEqual(await this.selected('tests.test_a.ATests'), IN_A.slice(0, 2));
    this.assertEqual(await this.selected('tests.test_a.ATests.test_two'), IN_A.slice(1, 2));
    this.assertEqual(await this.selected(IN_INNER[1] ?? ''), IN_INNER.slice(1, 2));
  }

  async test_path_and_name() {
    this.assertEqual(await this.selected('tests/test_a.ts:BTests'), IN_A.slice(2));
    this.assertEqual(await this.selected('./tests/test_a.ts:ATests.test_two'), IN_A.slice(1, 2));
  }

  async test_in_the_order_given_and_once() {
    const selected = await this.selected(
      'tests/test_b.js',
      'tests.test_a.ATests.test_two',
      'tests/test_a.ts',
      'tests/test_a.ts:BTests',
      'tests/*.ts',
    );

    this.assertEqual(selected, [...IN_B, IN_A[1], IN_A[0], IN_A[2]]);
  }

  async test_file_outside_of_the_directory() {
    this.project.write({
      'elsewhere/package.json': '{ "type": "module" }',
      'elsewhere/src/my.package/test_x.ts': tests({ XTests: ['test_one'] }),
      'inside/package.json': '{ "type": "module" }',
    });
    const inside = Object.assign(Object.create(Sandbox.prototype), { root: this.project.path('inside') }) as Sandbox;

    const run = await inside.trial('../elsewhere/src/my.package/test_x.ts');

    this.assertEqual(ids(run), ['src.my_package.test_x.XTests.test_one']);
  }

  async test_grep() {
    this.assertEqual(await this.selected('--grep', 'ATests.*_two', 'tests'), [IN_A[1]]);
  }
}

export class CollectTests extends TestCase {
  async test_what_is_a_test() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'base.ts': `${CASE}
        export class BaseTests extends TestCase { test_from_base() {} test_gone() {} }
        export const mixin = (Base: typeof TestCase) => class extends Base { test_mixed() {} };`,
      'test_a.ts': `${CASE}
        import { BaseTests, mixin } from './base.js';
        export { BaseTests, TestCase };
        abstract class Local extends TestCase { test_local() {} }
        export class KindTests extends Local {
          test() {} tests() {} testing() {} testCamel() {} Test_case() {} not_test() {}
          static test_static() {} get test_accessor() { return 1; }
          test_overridden() {}
        }
        (KindTests.prototype as any).test_overridden = null;
        (KindTests.prototype as any).test_number = 1;
        (KindTests.prototype as any).test_made = function () {};
        export class InheritingTests extends BaseTests { override test_gone = undefined as never; test_own() {} }
        Object.assign(InheritingTests.prototype, { test_gone: null });
        export class MixedTests extends mixin(TestCase) { test_own() {} }
        export class EmptyTests extends TestCase { helper() {} }
        export { KindTests as Again, KindTests as default };
        export const anonymous = (() => class extends TestCase { test_it() {} })();
        export const notAClass = { test_x() {} };`,
    });

    const run = await project.trial('test_a.ts');

    this.assertEqual(
      ids(run).map((id) => id.replace('test_a.', '')),
      [
        'BaseTests.test_from_base',
        'BaseTests.test_gone',
        'InheritingTests.test_from_base',
        'InheritingTests.test_gone',
        'InheritingTests.test_own',
        'KindTests.testCamel',
        'KindTests.test_local',
        'KindTests.test_made',
        'KindTests.testing',
        'KindTests.tests',
        'MixedTests.test_mixed',
        'MixedTests.test_own',
        'anonymous.test_it',
      ],
    );
  }

  async test_overridden_with_null() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'test_a.ts': `${CASE}
        export class BaseTests extends TestCase { test_it() {} }
        export class NulledTests extends BaseTests {}
        (NulledTests.prototype as any).test_it = null;`,
    });

    const run = await project.trial('test_a.ts');

    this.assertEqual(ids(run), ['test_a.BaseTests.test_it', 'test_a.NulledTests.test_it']);
    this.assertMatchesError(run);
  }

  assertMatchesError(run: Run): void {
    this.assertEqual(run.status, 1);
    this.assertIn('test_a.NulledTests.test_it error', verdicts(run).join());
  }

  async test_field_that_holds_a_function() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'test_a.ts': `${CASE}
        export class FieldTests extends TestCase {
          test_method() {}
          test_field = () => {};
        }`,
    });

    const run = await project.trial('test_a.ts');

    this.assertEqual(ids(run), ['test_a.FieldTests.test_field', 'test_a.FieldTests.test_method']);
    this.assertIn('test_field error', verdicts(run)[0]);
  }

  async test_code_point_order() {
    const methods = [
      'test_2',
      'testZ',
      'test_10',
      'test_aShort',
      'test_B',
      'test_a_long',
      'test_\u{1f600}',
      'test_\ufb00',
    ];
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'test_a.js': tests({
        appleTests: ['test_it'],
        ZebraTests: methods.filter((name) => !name.includes('\u{1f600}')),
      }),
    });

    const run = await project.trial('test_a.js');

    this.assertEqual(
      ids(run).map((id) => id.replace('test_a.', '')),
      [
        ...['testZ', 'test_10', 'test_2', 'test_B', 'test_aShort', 'test_a_long', 'test_\ufb00'].map(
          (name) => `ZebraTests.${name}`,
        ),
        'appleTests.test_it',
      ],
    );
  }

  async test_as_written() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'test_a.ts': tests({ ZTests: ['test_z', 'test_a'], ATests: ['test_2', 'test_1'] }),
    });

    const run = await project.trial('--order', 'toptobottom', 'test_a.ts');

    this.assertEqual(ids(run), [
      'test_a.ZTests.test_z',
      'test_a.ZTests.test_a',
      'test_a.ATests.test_2',
      'test_a.ATests.test_1',
    ]);
  }

  async test_as_written_on_one_line() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'test_a.ts': `${CASE}export class ATests extends TestCase { test_b() {} test_c() {} test_a() {} }`,
    });

    const run = await project.trial('--order', 'toptobottom', 'test_a.ts');

    this.assertEqual(ids(run), ['test_a.ATests.test_b', 'test_a.ATests.test_c', 'test_a.ATests.test_a']);
  }

  async test_random_order_is_the_same_for_the_same_seed() {
    const names = Array.from({ length: 20 }, (_, i) => `test_${i}`);
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'test_a.ts': tests({ ATests: names, BTests: names }),
    });

    const first = ids(await project.trial('--random', '7', 'test_a.ts'));
    const second = ids(await project.trial('--random', '7', 'test_a.ts'));
    const other = ids(await project.trial('--random', '8', 'test_a.ts'));

    this.assertEqual(second, first);
    this.assertNotEqual(other, first);
    this.assertNotEqual([...first].sort(), first);
    this.assertEqual([...other].sort(), [...first].sort());
    this.assertEqual(new Set(first).size, 40);
  }
}

export class MistakeTests extends TestCase {
  project = new Sandbox(this, {
    'package.json': '{ "type": "module" }',
    'tests/test_poetry.ts': tests({ PoetryTests: ['test_client', 'test_server'] }),
    'tests/test_empty.ts': 'export const nothing = 1;',
    'tests/test_hidden.ts': `${CASE}import { BaseTests } from './base.js';
      class HiddenTests extends TestCase { test_it() {} }
      class Helper extends TestCase {}
      class NoCase { test_it() {} }
      class AlsoHidden extends BaseTests {}
      function make() { class Inner extends TestCase { test_it() {} } return Inner; }
      export const made = make;`,
    'tests/test_shown.ts': `${CASE}
      class Base extends TestCase { test_it() {} }
      class Middle extends Base { test_middle() {} }
      const mixed = (B: typeof TestCase) => class extends B {};
      class Mixed extends TestCase { test_mixed() {} }
      export class ShownTests extends Middle {}
      export class MixedTests extends mixed(Mixed) {}
      class Named extends TestCase { test_named() {} }
      const other = Named;
      export { other as Other };`,
    'tests/base.ts': `${CASE}export class BaseTests extends TestCase { test_base() {} }`,
    'lib/code.ts': 'export const code = 1;',
    'broken.ts': 'export const = 1;',
    'notes.txt': '',
  });

  /** What is said when it is all that was asked for: status 2, one line for each mistake. */
  async refusal(...args: string[]): Promise<string> {
    const run = await this.project.trial(...args);
    this.assertEqual([run.status, run.stdout], [2, ''], args.join(' '));
    return run.stderr.replace(/^trial: /gm, '').trim();
  }

  async test_nothing_there() {
    this.assertEqual(
      await this.refusal('tests/test_potery.ts'),
      'tests/test_potery.ts does not exist: did you mean tests/test_poetry.ts?',
    );
    this.assertIn('there is no folder test', await this.refusal('test/test_poetry.ts'));
    this.assertIn('pass a file, a folder', await this.refusal('tests/something_else_entirely.ts'));
    this.assertIn('did you mean tests.test_poetry?', await this.refusal('tests.test_poet'));
    this.assertIn('did you mean tests?', await this.refusal('tets'));
    this.assertIn('did you mean tests/test_poetry.ts?', await this.refusal('tests/test_poetr.ts:PoetryTests'));
    this.assertIn('has to end in .ts', await this.refusal('notes.txt'));
  }

  async test_names_that_are_not_there() {
    this.assertEqual(
      await this.refusal('tests/test_poetry.ts:PoetryTest'),
      'There is no class PoetryTest in tests/test_poetry.ts: did you mean PoetryTests?',
    );
    this.assertEqual(
      await this.refusal('tests.test_poetry.PoetryTests.test_clint'),
      'There is no test test_clint in class PoetryTests of tests/test_poetry.ts: did you mean test_client?',
    );
    this.assertIn(
      'its tests are test_client and test_server',
      await this.refusal('tests.test_poetry.PoetryTests.other'),
    );
    this.assertIn('class HiddenTests', await this.refusal('tests/test_hidden.ts:HiddenTests'));
  }

  async test_nothing_in_it() {
    this.assertIn('No test is found in tests/test_empty.ts', await this.refusal('tests/test_empty.ts'));
    this.assertIn('No test file is found in lib', await this.refusal('lib'));
    this.assertIn('No test file is found in lib/*.js', await this.refusal('lib/*.js'));
    this.assertIn('No test is found in lib/*.ts', await this.refusal('lib/*.ts'));
    this.assertIn('none of the 2 tests matches', await this.refusal('--grep', 'xyz', 'tests/test_poetry.ts'));
  }

  async test_classes_that_are_not_exported() {
    this.assertEqual((await this.refusal('tests/test_hidden.ts')).split('\n'), [
      'tests/test_hidden.ts:3: class HiddenTests extends TestCase but is not exported: write export class HiddenTests',
      'tests/test_hidden.ts:6: class AlsoHidden extends TestCase but is not exported: write export class AlsoHidden',
    ]);
  }

  async test_class_that_is_not_exported_from_commonjs() {
    this.project.write({
      'old/package.json': '{}',
      'old/base.js':
        "const { TestCase } = require('txtrial'); exports.BaseTests = class extends TestCase { test_it() {} };",
      'old/test_old.js': `const { BaseTests } = require('./base');
        const lazy = () => { const { Gone } = require('./nowhere'); };
        const { Other } = process.env.NEVER ? require('./nowhere') : require('./base');
        class OldTests extends BaseTests {}
        class OtherTests extends Other {}
        module.exports = {};`.replace('extends Other', 'extends (Other ?? Object)'),
    });

    this.assertEqual(
      await this.refusal('old'),
      'old/test_old.js:4: class OldTests extends TestCase but is not exported: write export class OldTests',
    );
  }

  async test_bases_need_no_export() {
    const run = await this.project.trial('tests/test_shown.ts');

    this.assertEqual([run.status, loadErrors(run)], [0, []]);
  }

  async test_beside_tests_that_run() {
    const run = await this.project.trial('tests/test_poetry.ts', 'nowhere.ts', 'broken.ts', 'tests/test_hidden.ts');

    this.assertEqual(run.status, 1);
    this.assertEqual(ids(run).length, 2);
    this.assertEqual(
      loadErrors(run).map(({ id }) => id),
      ['nowhere.ts', 'broken.ts', 'tests/test_hidden.ts', 'tests/test_hidden.ts'],
    );
  }

  async test_what_does_not_load_is_no_mistake_of_the_call() {
    const run = await this.project.trial('broken.ts');

    this.assertEqual(run.status, 1);
  }

  async test_files_without_tests_in_a_folder_are_silent() {
    this.project.write({ 'tests/test_hidden.ts': 'export {};' });

    const run = await this.project.trial('tests');

    this.assertEqual([run.status, loadErrors(run), run.stderr], [0, [], '']);
  }
}

export class LoadErrorTests extends TestCase {
  async test_it_is_named_by_its_class() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'test_a.ts': "class OwnError extends Error {}\nthrow new OwnError('at the top');",
    });

    const run = await project.trial('test_a.ts');

    this.assertEqual(
      loadErrors(run).map(({ errorName, message }) => [errorName, message]),
      [['OwnError', 'at the top']],
    );
  }
}
