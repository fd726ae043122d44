/** What the README shows runs, and prints what stands there. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TestCase } from 'txtrial';
import { gatherResults } from 'txtrial/internet';
import { runText, runTrial, withoutPlaces } from './support/program.js';

const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');

/** The text between a heading and the next one. */
function section(heading: string): string {
  return readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
}

/** The blocks of code in a text: language and lines. */
function blocks(text: string): { readonly language: string; readonly code: string }[] {
  return Array.from(text.matchAll(/^```(\w*)\n(.*?)^```$/gms), ([, language = '', code = '']) => ({ language, code }));
}

export class ReadmeTests extends TestCase {
  async test_ten_programs_print_what_stands_below_them() {
    const parts = blocks(section('From callbacks to Deferreds in ten programs'));
    const programs = parts.filter(({ language }) => language === 'js').map(({ code }) => code);
    const shown = parts.filter(({ language }) => language === 'text').map(({ code }) => code);

    const runs = await gatherResults(programs.map((program) => runText(this, program)));

    this.assertEqual(programs.length, 10);
    this.assertEqual(
      runs.map(({ printed }) => `${withoutPlaces(printed).join('\n')}\n`),
      shown,
    );
    this.assertEqual(
      runs.map(({ status }) => status),
      programs.map(() => 0),
    );
  }

  async test_tests_pass() {
    const tests = blocks(readme).filter(({ language, code }) => language === 'ts' && code.includes("from 'txtrial';"));
    const folder = this.mktemp();
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const [i, { code }] of tests.entries()) writeFileSync(join(folder, `test_block_${i}.ts`), code);

    const { status, printed } = await runTrial(this, folder);

    this.assertEqual({ status, tests: tests.length }, { status: 0, tests: 2 }, printed.join('\n'));
  }
}
