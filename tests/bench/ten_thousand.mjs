// 10,000 tests in one file, synchronous and asynchronous: what a test costs.
import { expectOutput, measure, report } from './support/measure.mjs';
import { makeProject, runners } from './support/project.mjs';

const count = 10_000;
const lines = (line) => Array.from({ length: count }, (_, i) => line(i)).join('\n');

const trialFile = (async_) => `
import { TestCase } from 'txtrial';
export class ManyTests extends TestCase {
${lines((i) => `  ${async_}test_${i}() { ${async_ ? 'await null; ' : ''}this.assertEqual(${i} + 1 as number, ${i + 1}); }`)}
}`;

const uvuFile = (async_) => `
import { test } from 'uvu';
import * as assert from 'uvu/assert';
${lines((i) => `test('${i}', ${async_}() => { ${async_ ? 'await null; ' : ''}assert.is(${i} + 1 as number, ${i + 1}); });`)}
test.run();`;

export function tenThousand() {
  const cwd = makeProject({
    'empty.mjs': '',
    'test_sync.ts': trialFile(''),
    'test_async.ts': trialFile('async '),
    'uvu_sync.ts': uvuFile(''),
    'uvu_async.ts': uvuFile('async '),
  });
  for (const kind of ['sync', 'async']) {
    const results = measure(
      [
        {
          name: 'uvu + tsx',
          command: runners.uvu(`uvu_${kind}.ts`),
          cwd,
          check: expectOutput(new RegExp(`Passed: +${count}`)),
        },
        {
          name: 'trial',
          command: runners.trial(`test_${kind}.ts`),
          cwd,
          check: expectOutput(new RegExp(`Ran ${count} tests`)),
        },
      ],
      { rounds: 7 },
    );
    report(`${count} ${kind === 'sync' ? 'synchronous' : 'asynchronous'} tests in one file`, results);
  }
}
