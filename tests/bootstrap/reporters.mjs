import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project, testCase } from './support/project.mjs';

const MIXED = testCase(`  test_a() {}
  test_b() { this.assertEqual(1, 2); }
  test_c() { throw new RangeError('bad'); }
  test_d() { this.skipTest('why'); }
  test_e() { console.log('printed'); }`);

/** A reporter that prints the types of the events, in the form of each kind of module. */
const REPORTER = `({ stdout }) => ({
  event(event) { stdout.write(event.type + '\\n'); if (event.type === 'runStarted') console.log('from the reporter'); },
  async close() { await null; stdout.write('closed\\n'); },
})`;

test('a reporter of a third party: by path, TypeScript too, and by package', async () => {
  const project = new Project({
    'test_a.ts': MIXED,
    'reporter.js': `export default ${REPORTER};`,
    'reporter.ts': `import type { ReporterFactory } from 'txtrial/reporter';\nexport default (${REPORTER}) satisfies ReporterFactory;`,
    'node_modules/other/package.json': '{ "type": "module", "exports": "./main.js" }',
    'node_modules/other/main.js': `export default ${REPORTER};`,
  });
  for (const name of ['./reporter.js', './reporter.ts', project.path('reporter.js'), 'other']) {
    const { status, stdout, stderr } = await project.trial('--reporter', name, 'test_a.ts');
    assert.equal(stderr, '', name);
    assert.equal(status, 1, name);
    const lines = stdout.split('\n');
    assert.deepEqual(lines.slice(0, 3), ['runStarted', 'from the reporter', 'testStarted'], name);
    assert.deepEqual(lines.slice(-5), ['printed', 'testFinished', 'runFinished', 'closed', ''], name);
  }
});

for (const how of ['--no-supervise', '--supervise']) {
  test(`${how}: a reporter that fails is told of once, and the report goes on without it`, async () => {
    for (const [body, deed] of [
      ["event() { throw new RangeError('broken'); }", 'event() threw at runStarted: RangeError: broken'],
      [
        "event({ type }) { if (type === 'testFinished') throw new RangeError('broken'); }",
        'event() threw at testFinished: RangeError: broken',
      ],
      ["async event() { throw new RangeError('broken'); }", 'event() rejected at runStarted: RangeError: broken'],
      ["event() {}, close() { throw new RangeError('broken'); }", 'close() failed: RangeError: broken'],
      ["event() {}, async close() { throw new RangeError('broken'); }", 'close() failed: RangeError: broken'],
      ['event() {}, close: () => new Promise(() => {})', 'close() waits for something that nothing can bring about'],
      [
        "event: ({ type }) => type === 'testFinished' && new Promise(() => {})",
        'event() waits for something that nothing can bring about',
      ],
    ]) {
      const project = new Project({
        'test_a.ts': testCase('  test_a() { this.fail("bad"); }\n  async test_b() { console.log("ran"); }'),
        'reporter.js': `export default () => ({ ${body} });`,
      });
      const { status, stdout, stderr } = await project.trial(how, '--reporter', './reporter.js', 'test_a.ts');
      assert.equal(status, 1, body);
      assert.ok(`${stdout}${stderr}`.includes('ran\n'), body);
      const told = `trial: The reporter ./reporter.js is left out, since its ${deed}`;
      assert.equal(stderr.split(told).length, 2, stderr);
      if (deed.endsWith('broken')) assert.match(stderr, /broken \(reporter\.js:1:\d+\)\. The report goes on here\.\n/);
      assert.match(
        stderr,
        /FailTest: bad\n(?:.|\n)*Ran 2 tests in (?:.|\n)*\nFAILED \(failures=1, successes=1\)\n$/,
        body,
      );
    }
  });

  test(`${how}: a reporter that ends the process is told of, and the status is not 0`, async () => {
    const project = new Project({
      'test_a.ts': testCase('  test_a() {}'),
      'reporter.js': 'export default () => ({ event() { process.exit(0); } });',
    });
    const { status, stderr } = await project.trial(how, '--reporter', './reporter.js', 'test_a.ts');
    assert.equal(status, 1);
    assert.match(
      stderr,
      how === '--supervise'
        ? /^trial: The reporter \.\/reporter\.js ended the process before the run was over\.\n$/
        : /^trial: The reporter \.\/reporter\.js is left out, since its event\(\) threw .*process\.exit\(0\) was called\..*\n(.*\n)*Ran 2 tests/,
    );
  });
}

test('a module that is no reporter', async () => {
  const project = new Project({
    'test_a.ts': MIXED,
    'a.js': 'export default 5;',
    'b.js': "throw new Error('at once');",
  });
  for (const [name, pattern] of [
    ['./a.js', /function/],
    ['./b.js', /at once/],
  ]) {
    const { status, stderr } = await project.trial('--reporter', name, 'test_a.ts');
    assert.equal(status, 2);
    assert.match(stderr, /^trial: Cannot use the reporter [^\n]+\n$/);
    assert.match(stderr, pattern);
  }
});

test('text, bwverbose, timing and summary', async () => {
  const project = new Project({ 'test_a.ts': MIXED });
  const output = async (name) =>
    (await project.trial('--reporter', name, 'test_a.ts', { env: { FORCE_COLOR: '1' } })).stdout;
  assert.ok((await output('text')).startsWith('.FESprinted\n.\n====='));
  const lines = await output('bwverbose');
  assert.ok(lines.startsWith('test_a.ATests.test_a ... [OK]\ntest_a.ATests.test_b ... [FAILURE]\n'));
  assert.ok(!lines.includes('\x1b'));
  assert.match(await output('timing'), /^test_a\.ATests\.test_a \.\.\. \[OK\]\n\(\d+\.\d{3} secs\)\n/);
  assert.match(
    await output('summary'),
    /^printed\n(repro: .+\n){2}-{79}\nRan 5 tests in .*\n\n\d+(\.\d+)? 5 5 1 1 1\n$/,
  );
});

test('--rterrors prints errors when they occur, too; --tbformat says how', async () => {
  const project = new Project({ 'test_a.ts': MIXED });
  const { stdout } = await project.trial('-e', '--tbformat', 'emacs', 'test_a.ts');
  assert.equal(stdout.split('RangeError: bad').length, 3);
  assert.ok(stdout.indexOf('RangeError: bad') < stdout.indexOf('test_d ...'));
  assert.match(stdout, /^\/.*test_a\.ts:8:\d+: ATests\.test_c$/m);
  const brief = (await project.trial('--tbformat=brief', 'test_a.ts')).stdout;
  assert.match(brief, /\[ERROR\]\nRangeError: bad\n {4}at .*test_a\.ts:8:\d+\)?\n\ntest_a/);
});
