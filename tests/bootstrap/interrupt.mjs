import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { Project, testCase } from './support/project.mjs';

const BODY = `  test_a() {}
  test_b() {
    this.addCleanup(() => console.log('cleaned up'));
    setInterval(() => {}, 1000);
    return new Promise(() => {});
  }
  tearDown() { console.log('torn down'); }
  test_c() { console.log('never'); }`;

for (const [signal, expected] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  test(`${signal} ends the running test with its cleanups and reports what ran`, async () => {
    const project = new Project({ 'test_a.ts': testCase(BODY) });
    const run = project.start(['test_a.ts']);
    await run.until('test_b ...');
    run.child.kill(signal);
    const { status, stdout } = await run.done;
    assert.equal(status, expected);
    assert.match(stdout, /cleaned up\n(.*\n)*torn down/);
    assert.doesNotMatch(stdout, /never/);
    assert.match(stdout, /Ran 2 tests in .*\n\n\w+ \(.*successes=1\)\n$/);
    assert.ok(!existsSync(project.path('_trial_temp', '_trial_lock')));
  });
}

test('runFinished has the status of an interrupted run', async () => {
  const project = new Project({ 'test_a.ts': testCase(BODY) });
  const run = project.start(['--reporter', 'json', 'test_a.ts']);
  await run.until('test_b"');
  run.child.kill('SIGINT');
  const { status, stdout } = await run.done;
  assert.equal(status, 130);
  assert.equal(JSON.parse(stdout.trim().split('\n').at(-1)).exitCode, 130);
});

test('a second Ctrl-C stops at once', async () => {
  const body = `  test_a() {
    setInterval(() => {}, 1000);
    this.addCleanup(() => { console.log('cleaning up'); return new Promise(() => {}); });
    return new Promise(() => {});
  }`;
  const project = new Project({ 'test_a.ts': testCase(body) });
  const run = project.start(['test_a.ts']);
  await run.until('test_a ...');
  run.child.kill('SIGINT');
  await run.until('cleaning up');
  run.child.kill('SIGINT');
  const { status, stdout } = await run.done;
  assert.equal(status, 130);
  assert.doesNotMatch(stdout, /Ran/);
  assert.ok(!existsSync(project.path('_trial_temp', '_trial_lock')));
});

test('Ctrl-C while files are loaded ends the run', async () => {
  const text = `console.log('loading');\nsetInterval(() => {}, 1000);\nawait new Promise(() => {});\n${testCase('  test_a() {}')}`;
  const run = new Project({ 'test_a.ts': text }).start(['test_a.ts']);
  await run.until('loading');
  run.child.kill('SIGINT');
  assert.equal((await run.done).status, 130);
});
