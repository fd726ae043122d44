import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project, testCase } from './support/project.mjs';

const PASSING = testCase('  test_a() {}\n  async test_b() {}');

function oneLine(text) {
  assert.match(text, /^trial: [^\n]+\n$/);
  return text;
}

test('a flaky test fails the run under CI, and where that is asked for', async () => {
  const project = new Project({
    'test_a.ts': `let runs = 0;\n${testCase('  test_a() { runs += 1; this.assertEqual(runs % 2, 0); }\n  test_b() {}')}`,
  });
  for (const [env, args, status, verdict] of [
    [{}, [], 0, 'PASSED'],
    [{ CI: 'true' }, [], 1, 'FAILED'],
    [{ CI: 'false' }, [], 0, 'PASSED'],
    [{ CI: '0' }, [], 0, 'PASSED'],
    [{ CI: 'true' }, ['--flaky=warn'], 0, 'PASSED'],
    [{}, ['--flaky=error'], 1, 'FAILED'],
  ]) {
    const result = await project.trial('--retries', '1', ...args, 'test_a.ts', { env });
    assert.equal(result.status, status, JSON.stringify([env, args]));
    assert.ok(result.stdout.endsWith(`\n${verdict} (flaky=1, successes=2)\n`), result.stdout);
  }
  project.write({ 'trial.config.json': '{ "retries": 1, "flaky": "error" }' });
  assert.equal((await project.trial('test_a.ts')).status, 1);
});

test('all passed: 0, and the output ends as it should', async () => {
  const project = new Project({ 'tests/test_a.ts': PASSING });
  const { status, stdout, stderr } = await project.trial('tests/test_a.ts');
  assert.equal(stderr, '');
  assert.equal(status, 0);
  const lines = stdout.split('\n');
  assert.deepEqual(lines.slice(0, 2), ['tests.test_a', '  ATests']);
  assert.equal(lines[2], `    test_a ...${' '.repeat(61)}[OK]`);
  assert.equal(lines[2].length, 79);
  assert.match(stdout, /\n-{79}\nRan 2 tests in \d+\.\d{3}s\n\nPASSED \(successes=2\)\n$/);
});

test('something failed: 1', async () => {
  const project = new Project({ 'test_a.ts': testCase('  test_a() { this.assertEqual(1, 2); }\n  test_b() {}') });
  const { status, stdout } = await project.trial('test_a.ts');
  assert.equal(status, 1);
  assert.match(stdout, /\n={79}\n\[FAIL\]\n/);
  assert.match(stdout, /test_a\.ts:6:\d+/, 'the place in the TypeScript source');
  assert.doesNotMatch(stdout, /^ +at .*dist\//m, 'no stack of ours');
  assert.match(stdout, /\nFAILED \(failures=1, successes=1\)\n$/);
});

test('a path that does not exist: 2 and one line', async () => {
  const { status, stdout, stderr } = await new Project().trial('tests/test_nope.ts');
  assert.equal(status, 2);
  assert.equal(stdout, '');
  assert.match(oneLine(stderr), /test_nope\.ts/);
});

test('a file without a test: 2 and one line', async () => {
  const { status, stderr } = await new Project({ 'test_a.ts': 'export const x = 1;\n' }).trial('test_a.ts');
  assert.equal(status, 2);
  assert.match(oneLine(stderr), /test_a\.ts/);
});

test('a test case that is not exported: 2, its name, and what to do', async () => {
  const project = new Project({ 'test_a.ts': PASSING.replace('export class ATests', 'class ATests') });
  for (const cache of ['cold', 'warm']) {
    const { status, stderr } = await project.trial('test_a.ts');
    assert.equal(status, 2, cache);
    assert.match(oneLine(stderr), /ATests.*export/, cache);
  }
});

test('a class without tests that is the base of an exported one is no mistake', async () => {
  const base = 'class Base extends TestCase { setUp() {} }\n';
  const text = PASSING.replace('export class ATests extends TestCase', `${base}export class ATests extends Base`);
  const { status, stderr } = await new Project({ 'test_a.ts': text }).trial('test_a.ts');
  assert.equal(stderr, '');
  assert.equal(status, 0);
});

test('a missing file among others is an error of the run: 1', async () => {
  const project = new Project({ 'test_a.ts': PASSING });
  const { status, events } = await project.events('test_a.ts', 'test_nope.ts');
  assert.equal(status, 1);
  assert.equal(events.filter(({ type }) => type === 'loadError').length, 1);
  assert.equal(events.at(-1).totals.successes, 2);
  assert.equal(events.at(-1).totals.errors, 1);
});

test('a file with a syntax error, and one that throws on import: errors of the run, 1', async () => {
  const project = new Project({
    'test_a.ts': PASSING,
    'test_b.ts': 'export class {\n',
    'test_c.ts': "throw new RangeError('at the top');\n",
  });
  const { status, stdout } = await project.trial('test_a.ts', 'test_b.ts', 'test_c.ts');
  assert.equal(status, 1);
  assert.match(stdout, /test_b\.ts:1:/);
  assert.match(stdout, /RangeError: at the top/);
  assert.match(stdout, /FAILED \(errors=2, successes=2\)/);
});

test('a generator without inlineCallbacks is an error of that test', async () => {
  const project = new Project({ 'test_a.ts': testCase('  *test_a() {}\n  test_b() {}') });
  const { status, events } = await project.events('test_a.ts');
  assert.equal(status, 1);
  const [outcome] = events.find(({ type, id }) => type === 'testFinished' && id.endsWith('test_a')).outcomes;
  assert.equal(outcome.kind, 'error');
  assert.equal(outcome.errorName, 'TypeError');
});

test('no argument: the folder tests, else test, else a line that says what to type', async () => {
  const project = new Project({ 'tests/test_a.ts': PASSING });
  assert.equal((await project.trial()).status, 0);
  const { status, stderr } = await new Project().trial();
  assert.equal(status, 2);
  assert.match(oneLine(stderr), /trial /);
});

test('a test that ends the process does not end the run', async () => {
  const project = new Project({ 'test_a.ts': testCase('  test_a() { process.exit(0); }\n  test_b() {}') });
  const { status, stdout } = await project.trial('test_a.ts');
  assert.equal(status, 1);
  assert.match(stdout, /FAILED \(errors=1, successes=1\)/);
});

test('a wait that nothing can end does not hang and does not pass', async () => {
  const project = new Project({ 'test_a.ts': testCase('  test_a() { return new Deferred(); }\n  test_b() {}') });
  const { status, events } = await project.events('test_a.ts');
  assert.equal(status, 1);
  assert.equal(events.find(({ type }) => type === 'testFinished').outcomes[0].errorName, 'TimeoutError');
  assert.equal(events.at(-1).totals.successes, 1);
});

test('an import that never ends does not pass', async () => {
  const project = new Project({ 'test_a.ts': `await new Promise(() => {});\n${PASSING}` });
  const { status, stdout, stderr } = await project.trial('test_a.ts');
  assert.equal(status, 1);
  assert.match(stdout, /^test_a\.ts \.\.\. +\[ERROR\]\n/);
  assert.equal(stderr, '');
});

test('what tests leave behind does not keep the process', async () => {
  const text = testCase('  test_a() {}').concat('setInterval(() => {}, 1000);\n');
  const { status } = await new Project({ 'test_a.ts': text }).trial('test_a.ts');
  assert.equal(status, 0);
});

test('a module that ends the process does not', async () => {
  const project = new Project({ 'test_a.ts': `process.exit(0);\n${PASSING}` });
  const { status, stdout, stderr } = await project.trial('test_a.ts');
  assert.equal(status, 1);
  assert.match(stdout, /^test_a\.ts \.\.\. +\[ERROR\]\n/);
  assert.equal(stderr, '');
});

test('a process that is ended before the run is over has not passed', async () => {
  const project = new Project({
    'exit.cjs': 'globalThis.end = process.exit.bind(process, 0);',
    'test_a.ts': `globalThis.end();\n${PASSING}`,
  });
  const env = { NODE_OPTIONS: '--require=./exit.cjs' };
  const { status, stderr } = await project.start(['test_a.ts'], { env }).done;
  assert.notEqual(status, 0);
  assert.match(stderr, /^trial: /);
});

test('an error after the report is told on stderr, and the run has not passed', async () => {
  const project = new Project({
    'test_a.ts': PASSING,
    // Closing takes its time; meanwhile something that was left behind throws.
    'reporter.js': `export default () => ({
      event() {},
      close() {
        return new Promise((done) => { setImmediate(() => { setImmediate(done); throw new RangeError('too late'); }); });
      },
    });`,
  });
  const { status, stderr } = await project.trial('--reporter', './reporter.js', 'test_a.ts');
  assert.equal(status, 1);
  assert.match(stderr, /^trial: Something .* after the run was over\.\nRangeError: too late\n/);
});
