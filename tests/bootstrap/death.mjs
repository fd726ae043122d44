// The process of the tests dies, and nobody stands beside it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project, testCase } from './support/project.mjs';

const BODY = `  test_a() {}
  test_b() { console.log('printed'); msg('logged'); }
  test_c() {
    console.log('nearly there');
    msg('still there');
    if (process.env.LIVE === undefined) spawnSync('kill', ['-9', String(process.pid)]);
  }
  test_d() {}`;

const files = { 'test_a.ts': `import { spawnSync } from 'node:child_process';\n${testCase(BODY)}` };
const id = (name) => `test_a.ATests.${name}`;

/** All that each reporter has to say until test_c. */
const REPORTS = {
  verbose:
    /^test_a\n {2}ATests\n {4}test_a \.\.\. +\[OK\]\n {4}test_b \.\.\. printed\n +\[OK\]\n {4}test_c \.\.\. nearly there\n$/,
  bwverbose: /^test_a\.ATests\.test_a \.\.\. \[OK\]\n.*test_b \.\.\. printed\n\[OK\]\n.*test_c \.\.\. nearly there\n$/,
  timing:
    /^.*test_a \.\.\. \[OK\]\n\(0\.\d+ secs\)\n.*test_b \.\.\. printed\n\[OK\]\n\(.*\n.*test_c \.\.\. nearly there\n$/,
  text: /^\.printed\n\.nearly there\n$/,
  summary: /^printed\nnearly there\n$/,
};

for (const [reporter, expected] of Object.entries(REPORTS)) {
  test(`${reporter} has told of every test that was over when the process died`, async () => {
    const { status, stdout } = await new Project(files).trial('--no-supervise', '--reporter', reporter, 'test_a.ts');
    assert.equal(status, 'SIGKILL');
    assert.match(stdout, expected);
  });
}

test('json and the log are complete up to the end; the next run names the test that was running', async () => {
  const project = new Project(files);
  const { status, events } = await project.events('--no-supervise', 'test_a.ts');
  assert.equal(status, 'SIGKILL');
  assert.deepEqual(
    events.map(({ type, id, stream }) => [type, stream, id].filter(Boolean).join(' ')),
    [
      'runStarted',
      `testStarted ${id('test_a')}`,
      `testFinished ${id('test_a')}`,
      `testStarted ${id('test_b')}`,
      `output stdout ${id('test_b')}`,
      `output log ${id('test_b')}`,
      `testFinished ${id('test_b')}`,
      `testStarted ${id('test_c')}`,
      `output stdout ${id('test_c')}`,
      `output log ${id('test_c')}`,
    ],
  );
  const lines = project
    .read('_trial_temp', 'test.log')
    .split('\n')
    .map((line) => line.slice(line.indexOf('[')));
  assert.deepEqual(lines, [
    '[-] Log opened.',
    ...['test_a', 'test_b'].map((name) => `[-] --> ${id(name)} <--`),
    '[stdout] printed',
    '[-] logged',
    `[-] --> ${id('test_c')} <--`,
    '[stdout] nearly there',
    '[-] still there',
    '',
  ]);
  const next = await project.trial('test_a.ts', { env: { LIVE: '1' } });
  assert.deepEqual([next.status, next.stderr], [0, `trial: The last run died while ${id('test_c')} was running.\n`]);
  assert.match(
    project.read('_trial_temp', 'test.log'),
    /\[-\] The last run died while test_a\.ATests\.test_c was running\.\n/,
  );
  assert.equal((await project.trial('test_a.ts', { env: { LIVE: '1' } })).stderr, '');
});
