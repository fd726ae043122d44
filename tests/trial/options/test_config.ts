import { execFileSync } from 'node:child_process';
import fs, { symlinkSync } from 'node:fs';
import { TestCase } from 'txtrial';
import { Deferred } from 'txtrial/internet';
import { readOptions } from '../../../src/trial/options/read.js';
import { UsageError } from '../../../src/trial/usage_error.js';
import { Sandbox, verdicts } from '../load/sandbox.js';

const TEST = "import { TestCase } from 'txtrial';\nexport class FooTests extends TestCase { test_it() {} }\n";
const PLAIN = 'and has to be a plain object, such as { "timeout": 5 }.';

/** What a configuration holds, whatever that is: one line says what is wrong. */
export class ConfigTests extends TestCase {
  #project(files: Readonly<Record<string, string>>): Sandbox {
    return new Sandbox(this, { 'package.json': '{ "type": "module" }', 'tests/test_a.ts': TEST, ...files });
  }

  async assertRefused(project: Sandbox, wanted: string, ...args: string[]): Promise<void> {
    const { status, stdout, stderr } = await project.trial(...args);
    this.assertEqual([status, stdout, stderr.replaceAll(project.root, 'ROOT')], [2, '', `trial: ${wanted}\n`]);
  }

  async test_values_of_any_kind() {
    for (const [text, shown] of [
      ['1n', '1n'],
      ["Symbol('x')", 'Symbol(x)'],
      ['() => 5', '[Function: timeout]'],
      ['cyclic', '<ref *1> { self: [Circular *1] }'],
      ['[cyclic]', '[ [Object] ]'],
      ['{ get part() { throw new Error("no") } }', '{ part: [Getter] }'],
      ['{ toJSON() { throw new Error("no") } }', '{ toJSON: [Function: toJSON] }'],
      ['/x/', '/x/'],
    ] as const) {
      const project = this.#project({
        'trial.config.js': `const cyclic = {}; cyclic.self = cyclic;\nexport default { timeout: ${text} };`,
      });
      await this.assertRefused(
        project,
        `Cannot use ${shown} for timeout in trial.config.js: it takes a text or a number.`,
      );
    }
  }

  async test_lists_with_holes() {
    for (const text of ["[, 'tests']", '[undefined]', '[1n]', "['tests', ' ']"]) {
      const { status, stderr } = await this.#project({
        'trial.config.js': `export default { tests: ${text} };`,
      }).trial();
      this.assertEqual(status, 2);
      this.assertRegex(
        stderr,
        /^trial: Cannot use (undefined|1n|' ') for tests in trial\.config\.js: it takes a text or a list of texts\.\n$/,
      );
    }
  }

  async test_parts_that_throw_when_they_are_looked_at() {
    for (const [text, why] of [
      ['{ get timeout() { throw new Error("boom\\nbang"); } }', 'Error: boom (trial.config.js:1:40)'],
      ['{ get timeout() { throw null; } }', 'null was thrown, which is no Error'],
      ['new Proxy({}, { ownKeys() { throw new Error("keys"); } })', 'Error: keys (trial.config.js:1:50)'],
      ['new Proxy({}, { get() { throw new Error("get"); } })', 'Error: get (trial.config.js:1:46)'],
    ] as const) {
      const project = this.#project({ 'trial.config.js': `export default ${text};` });
      await this.assertRefused(project, `Cannot read trial.config.js: ${why}`);
    }
  }

  async test_errors_whose_stack_is_no_text() {
    const project = this.#project({ 'trial.config.js': 'throw Object.assign(new Error("boom"), { stack: 5 });' });
    await this.assertRefused(project, 'Cannot read trial.config.js: Error: boom');
  }

  async test_exports_that_are_no_objects() {
    for (const [text, kind] of [
      ['export const timeout = 5;', 'missing'],
      ['export default () => ({ timeout: 5 });', 'a function'],
      ['export default [];', 'an array'],
      ['export default null;', 'null'],
      ["export default new Map([['timeout', 5]]);", 'an object of class Map'],
    ] as const) {
      const project = this.#project({ 'trial.config.ts': text });
      await this.assertRefused(project, `Cannot use trial.config.ts: its default export is ${kind}, ${PLAIN}`);
    }
    await this.assertRefused(
      this.#project({ 'trial.config.json': '5' }),
      `Cannot use trial.config.json: it is a number, ${PLAIN}`,
    );
  }

  async test_a_promise_is_waited_for() {
    const settings = '{ grep: /NO SUCH/i }';
    await this.assertRefused(
      this.#project({ 'trial.config.js': `export default Promise.resolve(${settings});` }),
      'Nothing to run: the only test does not match /NO SUCH/i',
    );
    const { status, stderr } = await this.#project({
      'trial.config.js': 'export default new Promise(() => {});',
    }).trial();
    this.assertEqual(status, 2);
    this.assertSubstring('trial: Cannot read trial.config.js: TimeoutError: trial.config.js cannot finish', stderr);
  }

  async test_a_pattern_keeps_its_flags() {
    const run = await this.#project({ 'trial.config.js': 'export default { grep: /TEST_IT/gi };' }).trial();
    this.assertEqual(verdicts(run), ['tests.test_a.FooTests.test_it OK']);
  }

  async test_links_that_lead_nowhere() {
    for (const name of ['trial.config.js', 'trial.config.ts', 'trial.config.json']) {
      const project = this.#project({});
      symlinkSync('nowhere', project.path(name));
      await this.assertRefused(project, `${name} is a symbolic link to nowhere, which does not exist`);
    }
    const project = new Sandbox(this, { 'tests/test_a.ts': TEST });
    symlinkSync('package.json', project.path('package.json'));
    await this.assertRefused(project, 'package.json is a symbolic link that leads back to itself (ELOOP)');
  }

  async test_a_folder_of_tests_that_is_a_link_to_nowhere() {
    for (const [target, why] of [
      ['nowhere', 'is a symbolic link to nowhere, which does not exist'],
      ['tests', 'is a symbolic link that leads back to itself (ELOOP)'],
    ] as const) {
      const project = new Sandbox(this, {});
      symlinkSync(target, project.path('tests'));
      await this.assertRefused(project, `Nothing to run: tests ${why}`);
    }
  }

  async test_a_folder_that_may_not_be_searched() {
    const { lstatSync } = fs;
    this.patch(fs, 'lstatSync', ((path: string, ...rest: never[]) => {
      if (path.startsWith('/locked/')) throw Object.assign(new Error('no'), { code: 'EACCES' });
      return Reflect.apply(lstatSync, fs, [path, ...rest]);
    }) as never);

    const error = await this.assertFailure(Deferred.fromPromise(readOptions([], '/locked')), UsageError);

    this.assertEqual(error.message, 'trial.config.ts cannot be read: permission denied (EACCES)');
  }

  async test_what_has_no_end() {
    for (const name of ['trial.config.js', 'trial.config.json']) {
      const device = this.#project({});
      symlinkSync('/dev/zero', device.path(name));
      await this.assertRefused(device, `${name} is a device, not a file`);
      const pipe = this.#project({});
      execFileSync('mkfifo', [pipe.path(name)]);
      await this.assertRefused(pipe, `${name} is a named pipe, not a file`);
    }
  }

  async test_names_with_line_ends() {
    const project = this.#project({ 'trial.config.json': '{ "order": "top\\nto\\u001b[31mbottom" }' });
    await this.assertRefused(
      project,
      "Cannot use 'top\\nto\\u001b[31mbottom' for order in trial.config.json: it takes alphabetical or toptobottom.",
    );
    await this.assertRefused(
      this.#project({}),
      'no\\nsuch.test is neither a path nor a module: there is no no\\nsuch in ROOT',
      'no\nsuch.test',
    );
  }

  async test_several_leaks_in_one_text() {
    const wanted = "Cannot allow leaks of 'timer,undici': that is neither a kind nor the name of a package. ";
    await this.assertRefused(this.#project({}), `${wanted}Name each one by itself.`, '--allow-leaks=timer,undici');
    const project = this.#project({ 'trial.config.json': '{ "allowLeaks": "timer,undici" }' });
    await this.assertRefused(project, `${wanted}Name each one by itself.`);
  }

  async test_modules_that_are_no_files() {
    const project = this.#project({ 'folder/x.js': '' });
    symlinkSync('nowhere', project.path('link.js'));
    symlinkSync('/dev/zero', project.path('zero.js'));
    for (const [name, why] of [
      ['folder', 'is a folder, not a file'],
      ['link.js', 'is a symbolic link to nowhere, which does not exist'],
      ['zero.js', 'is a device, not a file'],
      ['link.js/x', 'does not exist'],
      ['tests/test_a.ts/x', 'does not exist: what its path names as a folder is none'],
    ] as const) {
      const file = why === 'does not exist' ? `there is no file ROOT/${name}` : `ROOT/${name} ${why}`;
      await this.assertRefused(project, `Cannot import ./${name}: ${file}`, `--import=./${name}`);
      await this.assertRefused(project, `Cannot use --testmodule ${name}: it ${why}.`, `--testmodule=${name}`);
    }
  }
}
