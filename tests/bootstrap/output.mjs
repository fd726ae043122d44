import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { Project, testCase } from './support/project.mjs';

const PASSING = testCase('  test_a() {}');
const GREEN = '\x1b[32';

test('colours: none in a pipe; FORCE_COLOR and NO_COLOR are respected', async () => {
  const project = new Project({ 'test_a.ts': PASSING });
  for (const [env, coloured] of [
    [{}, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ FORCE_COLOR: 'false' }, false],
    [{ FORCE_COLOR: '' }, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '' }, true],
    [{ CI: '1' }, false],
  ]) {
    const { stdout } = await project.trial('test_a.ts', { env });
    assert.equal(stdout.includes(GREEN), coloured, JSON.stringify(env));
  }
});

const script = spawnSync('script', ['--version']).status === 0;

test('colours: on a terminal, where a test that waits is seen before it ends', { skip: !script }, async () => {
  const body = "  async test_a() { await new Promise((resolve) => setTimeout(resolve, 500)); console.log('over'); }";
  const project = new Project({ 'test_a.ts': testCase(body) });
  const { FORCE_COLOR: _f, NO_COLOR: _n, ...env } = process.env;
  const line = `${process.execPath} node_modules/txtrial/dist/bin/trial.js test_a.ts`;
  const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: project.folder, env: { ...env, TERM: 'xterm' } });
  let text = '';
  let seen = false;
  for await (const piece of child.stdout) {
    text += piece;
    if (text.endsWith('test_a ... ')) seen = true;
  }
  assert.ok(seen, text);
  assert.ok(text.includes(GREEN));
});

test('json: one event a line and nothing else on stdout, also when tests print', async () => {
  const body = `  test_a() { console.log('{"type":"fake"}'); process.stdout.write('no line feed'); process.stdout.write(Buffer.from('é')); }
  async test_b() { console.log('%s!', 'b'); console.error('to stderr'); }
  test_c() { this.assertEqual(1, 2); }
  test_d() { this.skipTest('why'); }
  test_e() { process.stdout.write('x', () => console.log('called back')); return new Promise((r) => setTimeout(r, 20)); }`;
  const project = new Project({ 'test_a.ts': `console.log('at import');\n${testCase(body)}` });
  const { status, stderr, events } = await project.events('test_a.ts');
  assert.equal(status, 1);
  assert.equal(stderr, 'to stderr\n');
  const ofB = events.filter(({ type, id }) => type === 'output' && id?.endsWith('test_b'));
  assert.deepEqual(
    ofB.map(({ stream, text }) => [stream, text]),
    [
      ['stdout', 'b!\n'],
      ['stderr', 'to stderr\n'],
    ],
  );
  assert.equal(events[0].type, 'runStarted');
  assert.equal(events[0].planned, 5);
  assert.match(events[0].version, /^\d+\.\d+\.\d+/);
  const printed = (id) =>
    events
      .filter((e) => e.type === 'output' && e.stream === 'stdout' && e.id === id)
      .map((e) => e.text)
      .join('');
  assert.equal(printed(undefined), 'at import\n');
  assert.equal(printed('test_a.ATests.test_a'), '{"type":"fake"}\nno line feedé');
  assert.equal(printed('test_a.ATests.test_b'), 'b!\n');
  assert.equal(printed('test_a.ATests.test_e'), 'xcalled back\n');
  const finished = events.filter(({ type }) => type === 'testFinished');
  assert.deepEqual(
    finished.map(({ outcomes }) => outcomes.map(({ kind }) => kind)),
    [['success'], ['success'], ['failure'], ['skip'], ['success']],
  );
  assert.ok(finished.every((e) => e.duration >= 0 && e.file === project.path('test_a.ts') && e.line > 0));
  const [failure] = finished[2].outcomes;
  assert.equal(failure.errorName, 'FailTest');
  assert.match(failure.stack, /test_a\.ts:9:/);
  assert.deepEqual(events.at(-1).totals, {
    successes: 3,
    failures: 1,
    errors: 0,
    skips: 1,
    expectedFailures: 0,
    unexpectedSuccesses: 0,
  });
  assert.equal(events.at(-1).type, 'runFinished');
  assert.equal(events.at(-1).exitCode, 1);
});

for (const reporter of ['json', 'verbose', 'text']) {
  test(`ten megabytes that a test prints arrive whole through a slow pipe (${reporter})`, async () => {
    const body =
      "  test_a() { for (let i = 0; i < 10; i++) process.stdout.write('y'.repeat(1e6)); setInterval(() => {}, 1e6).unref(); }";
    const project = new Project({ 'test_a.ts': testCase(body) });
    const run = project.start(['--reporter', reporter, 'test_a.ts']);
    run.child.stdout.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    run.child.stdout.resume();
    const { stdout } = await run.done;
    assert.equal(stdout.split('y').length - 1 >= 10e6, true);
    assert.match(stdout, reporter === 'json' ? /"type":"runFinished".*\n$/ : /PASSED \(successes=1\)\n$/);
  });
}

test('a reader that goes away is no error', async () => {
  const body = Array.from({ length: 3000 }, (_, i) => `  test_${i}() {}`).join('\n');
  const project = new Project({ 'test_a.ts': testCase(`${body}\n  test_z() { console.log('z'.repeat(1e6)); }`) });
  const run = project.start(['test_a.ts']);
  run.child.stdout.once('data', () => run.child.stdout.destroy());
  const { status, stderr } = await run.done;
  assert.equal(stderr, '');
  assert.equal(status, 0);
});

test('a report that cannot be written is an error', { skip: process.platform !== 'linux' }, async () => {
  const project = new Project({ 'test_a.ts': PASSING });
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = await project.trial('test_a.ts', { stdout: full });
  closeSync(full);
  assert.equal(status, 1);
  assert.match(stderr, /^trial: Cannot write the report: [^\n]+\n$/);
});

test('what tests print stands where they printed it', async () => {
  const body = "  test_a() { console.log('one'); }\n  test_b() { process.stdout.write('two'); }\n  test_c() {}";
  const { stdout } = await new Project({ 'test_a.ts': testCase(body) }).trial('test_a.ts');
  const lines = stdout.split('\n');
  assert.deepEqual(
    lines.slice(2, 6).map((line) => line.replace(/ +\[/, ' [')),
    ['    test_a ... one', ' [OK]', '    test_b ... two [OK]', '    test_c ... [OK]'],
  );
  for (const line of lines.slice(3, 6)) assert.equal(line.length, 79);
});
