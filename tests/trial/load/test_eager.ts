import { mkdirSync, writeFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { TestCase } from 'txtrial';
import { runModuleUnder, runModuleWith } from '../../support/project.js';

/** A function that is compiled makes what V8 keeps of a script much larger. */
const TEXT = `() { return [${'1, '.repeat(2000)}]; }`;
const LAZY = new Script(`function f${TEXT}`).createCachedData().length;

const FILES = {
  'src/small.ts': 'export const one: number = 1;',
  'src/large.ts': `export const large: number = 1; /* ${'-'.repeat(100_000)} */`,
  'node_modules/pkg/package.json': '{"type":"module","exports":"./index.js"}',
  'node_modules/pkg/index.js': 'export const pkg = 1;',
};

const WATCH_FLAGS = `
  const v8 = process.getBuiltinModule('node:v8');
  const { setFlagsFromString } = v8;
  v8.setFlagsFromString = (flags) => {
    process.stderr.write(flags + '\\n');
    setFlagsFromString(flags);
  };`;

/** A module of many tests, in which the first says how functions are compiled meanwhile. */
function manyTests(imports: string, count = 500): string {
  const tests = Array.from({ length: count }, (_, i) => `test_${i}() {}`);
  return `${imports}
    import { TestCase } from 'txtrial';
    import { Script } from 'node:vm';
    // Of a name of its own, since V8 remembers what it has compiled.
    const size = (name: string) => new Script('function ' + name + ${JSON.stringify(TEXT)}).createCachedData().length;
    const whileLoading = size('g');
    export class Sample extends TestCase {
      test_while_loading() { this.assertEqual(whileLoading, ${LAZY}); }
      test_afterwards() { this.assertEqual(size('h'), ${LAZY}); }
      ${tests.join('\n')}
    }`;
}

export class EagerTests extends TestCase {
  async loadsAtOnce(imports: string, count?: number): Promise<boolean> {
    const { outcomes, totals, stderr } = await runModuleWith(this, FILES, manyTests(imports, count));

    this.assertEqual(outcomes['Sample.test_afterwards'], ['success'], stderr);
    const [outcome] = outcomes['Sample.test_while_loading'] ?? [];
    this.assertEqual(totals?.successes, (count ?? 500) + (outcome === 'success' ? 2 : 1), stderr);
    return outcome !== 'success';
  }

  async test_a_module_of_many_tests_is_compiled_at_once_and_nothing_after_it() {
    // Where Node tells what it loads, what the module does comes after it.
    const comesToo = !('registerHooks' in nodeModule);

    this.assertEqual(await this.loadsAtOnce(''), comesToo);
    this.assertEqual(await this.loadsAtOnce("import { one } from './src/small.js'; one;"), comesToo);
  }

  async test_for_that_a_flag_is_set() {
    const flags = join(this.mktemp(), 'flags.mjs');
    mkdirSync(dirname(flags), { recursive: true });
    writeFileSync(flags, WATCH_FLAGS);
    const options = ['--import', pathToFileURL(flags).href];

    const many = await runModuleUnder(this, options, manyTests(''));
    const few = await runModuleUnder(this, options, manyTests('', 100));

    this.assertEqual(many.stderr, '--no-lazy\n--lazy\n');
    this.assertEqual(few.stderr, '');
  }

  async test_others_are_not() {
    this.assertEqual(await this.loadsAtOnce('', 100), false);
    this.assertEqual(await this.loadsAtOnce("import { pkg } from 'pkg'; pkg;"), false);
    this.assertEqual(await this.loadsAtOnce("import { large } from './src/large.js'; large;"), false);
  }

  async test_what_throws_meanwhile_leaves_nothing_changed() {
    const files = { 'test_first.ts': `${manyTests('')}\nthrow new Error();` };

    const { outcomes, loadErrors } = await runModuleWith(this, files, manyTests('', 1), 'test_first.ts');

    this.assertEqual(loadErrors.length, 1);
    this.assertEqual(outcomes['Sample.test_afterwards'], ['success']);
  }
}
