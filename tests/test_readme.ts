/** What the README shows runs, and prints what stands there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TestCase } from 'txtrial';
import { gatherResults } from 'txtrial/internet';
import { runTrial, startFile } from './support/program.js';
import { Sandbox } from './trial/load/sandbox.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The text between a heading and the next one. */
function section(heading: string): string {
  return readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
}

/** The blocks of code in a text: language and lines. */
function blocks(text: string): { readonly language: string; readonly code: string }[] {
  return Array.from(text.matchAll(/^```(\w*)\n(.*?)^```$/gms), ([, language = '', code = '']) => ({ language, code }));
}

/** The first line of a block that is a file says which. */
function nameOf(code: string): string | undefined {
  return /^\/\/ (\S+\.m?[jt]s)\b/.exec(code)?.[1];
}

export class ReadmeTests extends TestCase {
  /** A folder in which this package is installed. */
  #project(files: Readonly<Record<string, string>>): string {
    return new Sandbox(this, { 'package.json': '{ "type": "module" }', ...files }).root;
  }

  async test_ten_programs_print_what_stands_below_them() {
    const parts = blocks(section('From callbacks to Deferreds in ten programs'));
    const programs = parts.filter(({ language }) => language === 'js').map(({ code }) => code);
    const shown = parts.filter(({ language }) => language === 'text').map(({ code }) => code);

    const runs = await gatherResults(
      programs.map((program) => startFile(this, 'program.mjs', this.#project({ 'program.mjs': program })).finished),
    );

    this.assertEqual(programs.length, 10);
    this.assertEqual(
      runs.map(({ printed }) =>
        printed.map((line) => `${line.replace(/file:\/\/\S*(?=\/program\.mjs)/, 'file:///…')}\n`).join(''),
      ),
      shown,
    );
    this.assertEqual(
      runs.map(({ status }) => status),
      programs.map(() => 0),
    );
  }

  async test_first_test_is_reported_as_shown() {
    const parts = blocks(section('Your first test'));
    const [test] = parts.filter(({ language }) => language === 'ts').map(({ code }) => code);
    const shown = parts.filter(({ language }) => language === '').map(({ code }) => code);
    const name = nameOf(test ?? '') ?? '';

    const { status, printed } = await runTrial(this, this.#project({ [name]: test ?? '' }), name);

    const withoutTime = (text: string) => text.replace(/in \d\.\d{3}s/, 'in …s');
    this.assertEqual(status, 0);
    this.assertEqual([withoutTime(`${printed.join('\n')}\n`)], shown.map(withoutTime));
  }

  async test_tests_pass() {
    const tests = blocks(readme).filter(({ language, code }) => language === 'ts' && code.includes("from 'txtrial';"));
    const folder = this.#project(Object.fromEntries(tests.map(({ code }, i) => [`test_block_${i}.ts`, code])));

    const { status, printed } = await runTrial(this, folder, '.');

    this.assertEqual({ status, tests: tests.length }, { status: 0, tests: 2 }, printed.join('\n'));
  }

  async test_greeter_runs() {
    const [greeter = ''] = blocks(section('The asynchronous core')).map(({ code }) => code);
    const name = nameOf(greeter) ?? '';

    const folder = this.#project({ [name]: greeter.replace('callLater(60', 'callLater(0.01') });
    const { status, printed } = await startFile(this, name, folder).finished;

    this.assertEqual([name, status], ['greeter.mjs', 0]);
    this.assertRegex(
      printed.filter((line) => !/^\d{4}-\d\d-\d\d /.test(line)).join('\n'),
      /^listening on 127\.0\.0\.1:\d+$/,
    );
  }

  /** Somebody who has the package, and no clone, does not look for them in vain. */
  test_files_that_are_not_in_the_package_are_said_to_be_in_the_repository() {
    const text = readme.replace(section('Working on txtrial'), '').replace(/^```.*?^```$/gms, '');
    let files = 0;
    for (const paragraph of text.split(/\n(?:\n|- )/)) {
      for (const [, path = ''] of paragraph.matchAll(/`((?:src|tests)\/[\w./]+)`/g)) {
        if (!existsSync(join(root, path))) continue;
        files += 1;
        this.assertSubstring('repository', paragraph, path);
      }
    }
    this.assertEqual(files, 4);
  }
}
