// How long until one test in one TypeScript file has run, warm caches.
import { expectOutput, measure, report } from './support/measure.mjs';
import { makeProject, runners } from './support/project.mjs';

export function startup() {
  const cwd = makeProject({
    'empty.mjs': '',
    'test_one.ts': `
import { TestCase } from 'txtrial';
export class OneTests extends TestCase {
  test_sum() { this.assertEqual(1 + 1 as number, 2); }
}`,
    'uvu_one.ts': `
import { test } from 'uvu';
import * as assert from 'uvu/assert';
test('sum', () => { assert.is(1 + 1 as number, 2); });
test.run();`,
    'mocha_one.ts': `
import assert from 'node:assert';
declare const it: (name: string, body: () => void) => void;
it('sum', () => { assert.equal(1 + 1 as number, 2); });`,
    'node_one.ts': `
import assert from 'node:assert';
import { test } from 'node:test';
test('sum', () => { assert.equal(1 + 1 as number, 2); });`,
    'node_one.mjs': `
import assert from 'node:assert';
import { test } from 'node:test';
test('sum', () => { assert.equal(1 + 1, 2); });`,
  });
  const results = measure([
    { name: 'bare node', command: [process.execPath, 'empty.mjs'], cwd },
    { name: 'trial', command: runners.trial('test_one.ts'), cwd, check: expectOutput(/Ran 1 tests/) },
    { name: 'uvu + tsx', command: runners.uvu('uvu_one.ts'), cwd, check: expectOutput(/Passed: +1/) },
    { name: 'mocha + tsx', command: runners.mocha('mocha_one.ts'), cwd, check: expectOutput(/1 passing/) },
    { name: 'node --test + tsx', command: runners.nodeTest('node_one.ts'), cwd, check: expectOutput(/pass 1/) },
    {
      name: 'node --test, plain JavaScript',
      command: [process.execPath, '--test', 'node_one.mjs'],
      cwd,
      check: expectOutput(/pass 1/),
    },
  ]);
  report('Start-up: one test in one TypeScript file', results);
}
