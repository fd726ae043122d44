import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestCase } from 'txtrial';
import { Sandbox, verdicts } from './sandbox.js';

/** Where Node has hooks in its own thread, nothing has to lie on disk. */
const HOOKED = 'registerHooks' in process.getBuiltinModule('node:module');

const PROJECT = {
  'package.json': '{ "type": "module" }',
  'helper.ts': 'export const value: number = 1;',
  'test_a.ts': `
    import { TestCase } from 'txtrial';
    import { createRequire } from 'node:module';
    import { value } from './helper.js';
    export class WarmTests extends TestCase {
      test_value(): void { this.assertEqual(value, 1); }
      test_compiler(): void {
        const loaded = Object.keys(createRequire(import.meta.url).cache);
        this.assertEqual(loaded.filter((file) => /node_modules.(?:@swc|typescript|get-tsconfig|es-module-lexer|resolve.exports|fast-glob)/.test(file)), []);
      }
    }`,
};

const COLD = ['test_a.WarmTests.test_compiler failure', 'test_a.WarmTests.test_value OK'];
const WARM = ['test_a.WarmTests.test_compiler OK', 'test_a.WarmTests.test_value OK'];

export class CacheTests extends TestCase {
  project = new Sandbox(this, PROJECT);

  async run1(env = {}): Promise<string[]> {
    const run = await this.project.trialWith(env, 'test_a.ts');
    this.assertEqual(run.stderr, '');
    return verdicts(run).map((verdict) => verdict.replace(/(failure|error):.*/s, '$1'));
  }

  async test_warm_run_loads_no_compiler() {
    this.assertEqual(await this.run1(), COLD);

    this.assertEqual(await this.run1(), WARM);
  }

  async test_changed_content_is_compiled_again() {
    await this.run1();

    this.project.write({ 'helper.ts': 'export const value: number = 3 - 1;' });

    this.assertEqual(await this.run1(), [COLD[0], 'test_a.WarmTests.test_value failure']);
  }

  async test_same_content_is_found_whatever_its_time() {
    await this.run1();

    utimesSync(this.project.path('helper.ts'), new Date(), new Date(0));

    this.assertEqual(await this.run1(), WARM);
  }

  async test_large_sources() {
    const large = (value: number) => `/* ${'-'.repeat(200_000)} */ export const value: number = ${value};`;
    const verdict = async (value: number) => {
      this.project.write({ 'helper.ts': large(value) });
      return this.run1();
    };

    this.assertEqual(await verdict(1), COLD);
    this.assertEqual(await verdict(1), WARM);
    this.assertEqual((await verdict(2))[1], 'test_a.WarmTests.test_value failure');
    this.assertEqual(await verdict(1), WARM);
    for (const damage of ['', 'garbage', large(1), `${'0'.repeat(32)}${large(1)}`]) {
      for (const name of readdirSync(this.project.cache).filter((each) => each.endsWith('.key')))
        writeFileSync(join(this.project.cache, name), damage);
      this.assertEqual((await verdict(1))[1], WARM[1]);
    }
  }

  async test_a_new_file_may_hide_another() {
    await this.run1();

    this.project.write({ 'helper.js': 'export const value = 2;' });
    const stillTypescript = await this.run1();
    this.project.write({ 'test_a.ts': PROJECT['test_a.ts'].replace('./helper.js', './helper') });
    await this.run1();
    this.project.write({ helper: 'not a module' });
    const run = await this.project.trial('test_a.ts');

    this.assertEqual(stillTypescript, WARM);
    this.assertEqual(run.status, 1);
  }

  async test_damaged_entries_are_made_again() {
    await this.run1();
    for (const damage of ['', 'garbage', '{}', '{"cacheFormat":1}', '{"format":1,"cacheFormat":1', 'throw 1;\n']) {
      for (const name of readdirSync(this.project.cache)) writeFileSync(join(this.project.cache, name), damage);

      const [, value] = await this.run1();

      this.assertEqual(value, WARM[1], damage);
    }
    this.assertEqual(await this.run1(), WARM);
  }

  async test_missing_entries_are_made_again() {
    await this.run1();
    const texts = readdirSync(this.project.cache).filter((name) => /\.(?:js|mjs|map)$/.test(name));
    for (const name of texts) writeFileSync(join(this.project.cache, name), '');

    this.assertEqual((await this.run1())[1], WARM[1]);
    this.assertEqual(await this.run1(), WARM);
  }

  async test_runs_at_the_same_time() {
    const runs = await Promise.all([this.run1(), this.run1(), this.run1()]);

    for (const run of runs) this.assertEqual(run[1], WARM[1]);
    this.assertEqual(
      readdirSync(this.project.cache).filter((name) => name.endsWith('.tmp')),
      [],
    );
    this.assertEqual(await this.run1(), WARM);
  }

  async test_folder_that_cannot_be_made() {
    // A file in its place: for a superuser no folder is read-only.
    this.project.write({ 'node_modules/.cache': '' });
    const temporary = this.project.path('tmp');
    mkdirSync(temporary);

    await this.run1({ TMPDIR: temporary });
    const warm = await this.run1({ TMPDIR: temporary });

    this.assertEqual(warm, WARM);
    this.assertEqual(readdirSync(temporary).filter((name) => name.startsWith('txtrial-cache')).length, 1);
  }

  async test_bare_specifiers_from_the_temporary_folder() {
    this.project.write({
      'node_modules/.cache': '',
      'node_modules/dep/package.json': '{ "type": "module", "exports": { "import": "./i.js", "require": "./r.cjs" } }',
      'node_modules/dep/i.js': "export const dep = 'imported';",
      'node_modules/old/package.json': '{ "main": "lib" }',
      'node_modules/old/lib/index.js': "exports.old = 'old';",
      'test_a.ts': `
        import { TestCase } from 'txtrial';
        import { dep } from 'dep';
        import { old } from 'old';
        export class BareTests extends TestCase {
          test_both(): void { this.assertEqual([dep, old] as string[], ['imported', 'old']); }
        }`,
    });

    this.assertEqual(await this.run1({ TMPDIR: this.project.root }), ['test_a.BareTests.test_both OK']);
  }

  async test_no_folder_at_all() {
    this.project.write({ 'node_modules/.cache': '' });

    const run = await this.project.trialWith({ TMPDIR: this.project.path('package.json') }, 'test_a.ts');

    if (HOOKED) {
      this.assertIn('test_a.WarmTests.test_value OK', verdicts(run));
    } else {
      this.assertEqual(run.status, 2);
      this.assertIn('Cannot write compiled tests', run.stderr);
    }
  }

  async test_nearest_node_modules_is_used() {
    this.project.write({
      'packages/one/package.json': '{ "type": "module", "name": "one" }',
      'packages/one/test_b.ts': PROJECT['test_a.ts'],
      'packages/one/helper.ts': PROJECT['helper.ts'],
      'packages/two/package.json': '{ "type": "module", "name": "two" }',
      'packages/two/test_c.ts': PROJECT['test_a.ts'],
      'packages/two/helper.ts': PROJECT['helper.ts'],
      'packages/two/node_modules/x/package.json': '{}',
    });

    const run = await this.project.trial('packages');

    this.assertEqual(run.events.filter(({ type }) => type === 'testFinished').length, 4);
    this.assertFalse(existsSync(this.project.path('packages/one/node_modules')));
    this.assertTrue(existsSync(this.project.path('packages/two/node_modules/.cache/txtrial')));
  }

  async test_linked_package_of_typescript() {
    this.project.write({
      'packages/one/package.json': '{ "type": "module", "name": "one", "exports": "./src/index.ts" }',
      'packages/one/src/index.ts': "export { one } from './one.js';",
      'packages/one/src/one.ts': "export const one: string = 'one';",
      'test_a.ts': `
        import { TestCase } from 'txtrial';
        import { one } from 'one';
        export class LinkedTests extends TestCase {
          test_one(): void { this.assertEqual(one, 'one'); }
        }`,
    });
    symlinkSync('../packages/one', this.project.path('node_modules/one'));

    this.assertEqual(await this.run1(), ['test_a.LinkedTests.test_one OK']);
    this.assertEqual(await this.run1(), ['test_a.LinkedTests.test_one OK']);
  }

  async test_old_entries_are_removed() {
    await this.run1();
    const old = join(this.project.cache, '0123456789abcdef0123456789abcdef.js');
    writeFileSync(old, '');
    for (const path of [old, join(this.project.cache, 'swept')]) utimesSync(path, new Date(0), new Date(0));

    this.project.write({ 'helper.ts': 'export const value: number = 2 - 1;' });
    await this.run1();

    this.assertFalse(existsSync(old));
    this.assertEqual(readFileSync(join(this.project.cache, 'swept'), 'utf8'), '');
  }
}

const WITHOUT_SWC = `
  const Module = require('node:module');
  const load = Module._load;
  Module._load = function (request, ...rest) {
    if (/@swc.core/.test(request)) throw new Error('no binding');
    if (process.env.WITHOUT_TYPESCRIPT && /typescript/.test(request)) throw new Error('no typescript');
    return load.call(this, request, ...rest);
  };
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, ...rest) {
    if (process.env.WITHOUT_TYPESCRIPT && request === 'typescript') throw new Error('no typescript');
    return resolve.call(this, request, ...rest);
  };`;

export class FallbackTests extends TestCase {
  async test_typescript_compiles_where_swc_does_not_load() {
    const project = new Sandbox(this, { ...PROJECT, 'block.cjs': WITHOUT_SWC });
    const env = { NODE_OPTIONS: `--require ${project.path('block.cjs')}` };

    const cold = await project.trialWith(env, 'test_a.ts');
    const warm = await project.trialWith(env, 'test_a.ts');

    this.assertIn('test_a.WarmTests.test_value OK', verdicts(cold));
    this.assertEqual(cold.stderr.split('\n').length, 2);
    this.assertIn('so TypeScript', cold.stderr);
    this.assertEqual(verdicts(warm), WARM);
    this.assertEqual(warm.stderr, '');
  }

  async test_no_compiler() {
    const project = new Sandbox(this, { ...PROJECT, 'block.cjs': WITHOUT_SWC });
    const env = { NODE_OPTIONS: `--require ${project.path('block.cjs')}`, WITHOUT_TYPESCRIPT: '1' };

    const run = await project.trialWith(env, 'test_a.ts');

    this.assertEqual(run.status, 2);
    this.assertIn('npm install', run.stderr);
    this.assertEqual(run.stderr.trim().split('\n').length, 1);
  }

  async test_javascript_needs_no_compiler() {
    const project = new Sandbox(this, {
      'package.json': '{ "type": "module" }',
      'block.cjs': WITHOUT_SWC,
      'test_a.js': `
        import { TestCase } from 'txtrial';
        export class PlainTests extends TestCase { test_it() {} }`,
    });
    const env = { NODE_OPTIONS: `--require ${project.path('block.cjs')}`, WITHOUT_TYPESCRIPT: '1' };

    const run = await project.trialWith(env, 'test_a.js');

    this.assertEqual(verdicts(run), ['test_a.PlainTests.test_it OK']);
    this.assertEqual(run.stderr, '');
  }
}
