import { TestCase } from 'txtrial';
import { Sandbox, verdicts } from '../load/sandbox.js';

const TEST = "import { TestCase } from 'txtrial';\nexport class FooTests extends TestCase { test_it() {} }\n";
const PACKAGE = '{ "type": "module" }';

const never = (name: string): string =>
  `TimeoutError: ${name} cannot finish loading: it, or a module that it imports, waits (await at top level) for ` +
  'something that nothing can bring about any more.';
const exits = (name: string): string =>
  `ForbiddenExitError: process.exit(0) was called by code of ${name}, outside of any test. It was not done: it would ` +
  `have ended the run. (${name.replace('./', '')}:1:9)`;
const HAS_TO_RETURN = 'and has to return a Reporter: an object with event()';

/** What is wrong in a file of the project's that is no test: one line each, with the place. */
export class MistakesTests extends TestCase {
  async assertRefused(files: Readonly<Record<string, string>>, wanted: string, ...args: string[]): Promise<void> {
    const project = new Sandbox(this, {
      'package.json': PACKAGE,
      'tests/test_a.ts': TEST,
      'tests/test_b.ts': TEST,
      ...files,
    });
    const { status, stderr } = await project.trial(...args, 'tests');

    this.assertEqual([status, stderr.replaceAll(project.root, 'ROOT')], [2, `trial: ${wanted}\n`]);
  }

  test_package_json() {
    return this.assertRefused(
      { 'package.json': '{ "type": "module",\n  "trial": {}, }' },
      "package.json:2:14 is no JSON: there is a comma before the '}'",
    );
  }

  test_package_json_of_the_tests() {
    return this.assertRefused(
      { 'tests/package.json': '{ "type" "module" }' },
      "ROOT/tests/package.json:1:10 is no JSON: ':' is expected here, not '\"'",
    );
  }

  test_tsconfig_json() {
    return this.assertRefused(
      { 'tsconfig.json': '{\n  // So\n  "compilerOptions": { "target" "es2022" },\n}' },
      "ROOT/tsconfig.json:3:33 is no JSON: ':' is expected here, not '\"'",
    );
  }

  async test_tsconfig_json_that_is_extended() {
    await this.assertRefused(
      { 'tsconfig.json': '{ "extends": "./base.json" }', 'base.json': '[' },
      'ROOT/base.json:1:2 is no JSON: a value is expected here, not the end of the file',
    );
    await this.assertRefused(
      { 'tsconfig.json': '{ "extends": "./none.json" }' },
      "Cannot read the tsconfig.json that holds for ROOT/tests: File './none.json' not found.",
    );
  }

  async test_tsconfig_json_that_is_extended_no_longer() {
    const project = new Sandbox(this, {
      'package.json': PACKAGE,
      'tsconfig.json': '{ "extends": "./base.json" }',
      'base.json': '{}',
      'test_a.ts': TEST,
    });
    this.assertEqual((await project.trial('test_a.ts')).status, 0);
    project.write({ 'base.json': '{ ' });

    const { status, stderr } = await project.trial('test_a.ts');

    this.assertEqual(status, 2);
    this.assertSubstring('base.json:1:3 is no JSON', stderr);
  }

  async test_a_byte_order_mark_is_none() {
    const project = new Sandbox(this, { 'package.json': `\ufeff${PACKAGE}`, 'test_a.ts': TEST });

    this.assertEqual(verdicts(await project.trial('test_a.ts')), ['test_a.FooTests.test_it OK']);
  }

  async test_configurations() {
    await this.assertRefused(
      { 'trial.config.json': '{ "timeout":\n 5 x }' },
      "trial.config.json:2:4 is no JSON: ',' or '}' is expected here, not 'x'",
    );
    await this.assertRefused(
      { 'trial.config.js': 'export default f();\nfunction f() { throw new RangeError("boom\\nbang"); }' },
      'Cannot read trial.config.js: RangeError: boom (trial.config.js:2:22)',
    );
    await this.assertRefused(
      { 'trial.config.ts': 'const a: number = 1;\nexport default a.b.c;' },
      "Cannot read trial.config.ts: TypeError: Cannot read properties of undefined (reading 'c') (trial.config.ts:2:20)",
    );
    await this.assertRefused(
      { 'trial.config.js': 'export default {\n timeout: 5 x };' },
      "Cannot read trial.config.js: SyntaxError: trial.config.js:2:13: Unexpected identifier 'x'",
    );
  }

  async test_modules_to_import() {
    await this.assertRefused(
      {},
      'Cannot import nope: there is no package nope in ROOT; a file is named by its path, such as ./nope',
      '--import=nope',
    );
    await this.assertRefused({}, 'Cannot import ./nope.js: there is no file ROOT/nope.js', '--import=./nope.js');
    await this.assertRefused(
      { 'setup.ts': 'let x = ;' },
      'Cannot import ./setup.ts: SyntaxError: setup.ts:1:9: Expression expected',
      '--import=./setup.ts',
    );
    await this.assertRefused(
      { 'setup.js': "\n  throw new Error('boom');" },
      'Cannot import ./setup.js: Error: boom (setup.js:2:9)',
      '--import=./setup.js',
    );
  }

  async test_configurations_that_are_no_files() {
    for (const name of ['trial.config.js', 'trial.config.ts', 'trial.config.json']) {
      await this.assertRefused({ [`${name}/x`]: '' }, `${name} is a folder, not a file`);
    }
  }

  async test_misspelt_names_in_configurations() {
    await this.assertRefused(
      { 'trial.config.json': '{ "allowLeaks": ["timer", "sokcet"] }' },
      "Cannot allow leaks of 'sokcet': no package of that name is installed. Did you mean socket?",
    );
    const project = new Sandbox(this, { 'trial.config.json': '{ "timout": 5 }' });
    const { status, stderr } = await project.trial('.');
    this.assertEqual(status, 2);
    this.assertRegex(
      stderr,
      /^trial: Unknown option timout in trial\.config\.json\. Did you mean timeout\? There are: tests, .*\.\n$/,
    );
  }

  async test_names_of_leaks() {
    await this.assertRefused(
      {},
      "Cannot allow leaks of 'timr': no package of that name is installed. Did you mean timer?",
      '--allow-leaks=timr',
    );
    const project = new Sandbox(this, {
      'package.json': PACKAGE,
      'test_a.ts': TEST,
      'node_modules/sockets/package.json': '{}',
    });
    const names = ['timer', 'sockets', 'undici', '@scope/timr', 'ws'].flatMap((name) => ['--allow-leaks', name]);
    this.assertEqual((await project.trial('test_a.ts', ...names)).status, 0);
  }

  async test_configurations_that_do_not_load() {
    for (const how of ['--no-supervise', '--supervise']) {
      for (const name of ['trial.config.js', 'trial.config.ts']) {
        const files = { [name]: 'await new Promise(() => {});\nexport default {};' };
        await this.assertRefused(files, `Cannot read ${name}: ${never(name)}`, how);
      }
      const name = 'trial.config.js';
      await this.assertRefused({ [name]: 'process.exit(0);' }, `Cannot read ${name}: ${exits(name)}`, how);
      await this.assertRefused(
        { [name]: "Promise.reject(new Error('lost'));\nexport default {};" },
        `Cannot read ${name}: Error: lost (nobody handles it)`,
        how,
      );
    }
  }

  async test_modules_that_never_finish_loading() {
    const files = { 'never.js': 'await new Promise(() => {});\nexport default () => ({ event() {} });' };
    for (const how of ['--no-supervise', '--supervise']) {
      await this.assertRefused(files, `Cannot import ./never.js: ${never('./never.js')}`, how, '--import=./never.js');
      await this.assertRefused(
        files,
        `Cannot use the reporter ./never.js: ${never('./never.js')} See trial --help-reporters.`,
        how,
        '--reporter=./never.js',
      );
    }
  }

  async test_modules_that_end_the_process() {
    const files = { 'exit.js': 'process.exit(0);' };
    for (const how of ['--no-supervise', '--supervise']) {
      await this.assertRefused(files, `Cannot import ./exit.js: ${exits('./exit.js')}`, how, '--import=./exit.js');
      await this.assertRefused(
        files,
        `Cannot use the reporter ./exit.js: ${exits('./exit.js')}. See trial --help-reporters.`,
        how,
        '--reporter=./exit.js',
      );
    }
  }

  async test_modules_that_are_no_reporters() {
    for (const [text, why] of [
      ['export const x = 1;', 'its default export is missing, and has to be a function that makes a reporter'],
      ['export default 5;', 'its default export is a number, and has to be a function that makes a reporter'],
      [
        'export default class Mine { event() {} }',
        'its default export is a class, and has to be a function: export default (options) => new Mine(options)',
      ],
      ['export default () => {};', `its default export returned undefined, ${HAS_TO_RETURN}`],
      ['export default async () => ({ event() {} });', `its default export returned a Promise, ${HAS_TO_RETURN}`],
      ['export default () => ({});', `its default export returned an object without event(), ${HAS_TO_RETURN}`],
      ['export default () => { throw null; };', 'null was thrown, which is no Error'],
    ] as const) {
      const wanted = `Cannot use the reporter ./mine.js: ${why}. See trial --help-reporters.`;
      const how = text.includes('{}') ? '--supervise' : '--no-supervise';
      await this.assertRefused({ 'mine.js': text }, wanted, how, '--reporter=./mine.js');
    }
  }

  async test_reporters() {
    await this.assertRefused(
      {},
      'Cannot use the reporter ./nope.js: there is no file ROOT/nope.js. See trial --help-reporters.',
      '--reporter=./nope.js',
    );
    await this.assertRefused(
      { 'mine.js': "export default () => { throw new Error('boom'); };" },
      'Cannot use the reporter ./mine.js: Error: boom (mine.js:1:30). See trial --help-reporters.',
      '--reporter=./mine.js',
    );
  }

  async test_beside_tests_that_run() {
    const project = new Sandbox(this, {
      'package.json': PACKAGE,
      'tests/one/test_a.ts': TEST,
      'tests/two/test_b.ts': TEST,
      'tests/two/tsconfig.json': '{',
    });

    const run = await project.trial('tests');

    this.assertEqual([run.status, verdicts(run)], [1, ['tests.one.test_a.FooTests.test_it OK']]);
  }
}
