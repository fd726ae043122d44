import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync } from 'node:fs';
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
    const run = project.start(['--leaks=off', '--reporter', reporter, 'test_a.ts']);
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

const LOGGERS = `
import fs, { write, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
const required = createRequire(import.meta.url)('fs');
void [fs, write, writeSync, promisify, Worker, required];
`;

/** What the test wrote, as the events say: stream and text. */
const writtenBy = (events, name) =>
  events
    .filter(({ type, id }) => type === 'output' && id === (name && `test_a.ATests.${name}`))
    .map(({ stream, text }) => [stream, text]);

test('what is written past process.stdout belongs to its test, too', async () => {
  const body = `
  async test_fs() {
    writeSync(1, 'named\\n');
    fs.writeSync(2, Buffer.from('xxpart\\nyy'), 2, 5);
    required.writeSync(1, 'required\\n', null, 'utf8');
    fs.writevSync(1, [Buffer.from('v1 '), Buffer.from('v2\\n')]);
    this.assertEqual(await promisify(write)(1, 'écrit\\n'), { bytesWritten: 7, buffer: 'écrit\\n' });
    await new Promise((resolve) => write(2, 'last\\n', resolve));
  }
  test_mistakes() {
    this.assertRaises(TypeError, () => writeSync(1, 5 as never));
    this.assertRaises(RangeError, () => writeSync(1, Buffer.from('a'), 5));
    this.assertEqual(writeSync(1, ''), 0);
  }
  async test_thread() {
    const worker = new Worker("console.log('from a thread')", { eval: true });
    await new Promise((resolve) => worker.on('exit', resolve));
  }`;
  const project = new Project({ 'test_a.ts': LOGGERS + testCase(body) });
  const out = ['named\n', 'required\n', 'v1 v2\n', 'écrit\n'].map((text) => ['stdout', text]);
  const expected = [out[0], ['stderr', 'part\n'], ...out.slice(1), ['stderr', 'last\n']];
  for (const args of [[], ['--supervise']]) {
    const { status, stderr, events } = await project.events(...args, 'test_a.ts');
    assert.equal(status, 0, JSON.stringify(events));
    assert.equal(stderr, 'part\nlast\n');
    assert.deepEqual(writtenBy(events, 'test_fs'), expected);
    assert.deepEqual(writtenBy(events, 'test_thread'), [['stdout', 'from a thread\n']]);
  }
  const { stdout } = await project.trial('--reporter', 'summary', 'test_a.ts');
  assert.ok(stdout.startsWith('named\nrequired\nv1 v2\nécrit\nfrom a thread\n'), stdout);
  const file = openSync(project.path('report.txt'), 'w');
  await project.trial('--reporter', 'summary', 'test_a.ts', { stdout: file });
  closeSync(file);
  assert.ok(project.read('report.txt').startsWith(stdout.slice(0, stdout.indexOf('---'))));
});

test('output belongs to the test that wrote it, also late or interleaved, and to none without a context', async () => {
  const body = `
  test_a() { void later.then(() => { console.log('late'); msg('late, too'); over(); }); }
  async test_b() { console.log('b'); go(); await aIsOver; console.log('b again'); }
  test_c() { port.emit('data'); }`;
  const top = `import { EventEmitter } from 'node:events';
let go = () => {};
let over = () => {};
const later = new Promise<void>((resolve) => { go = resolve; });
const aIsOver = new Promise<void>((resolve) => { over = resolve; });
const port = new EventEmitter();
port.on('data', () => console.log('c'));
await new Promise<void>((resolve) => setTimeout(() => { console.log('module'); resolve(); }, 1));
`;
  const project = new Project({ 'test_a.ts': top + testCase(body) });
  const { status, events } = await project.events('test_a.ts');
  assert.equal(status, 0, JSON.stringify(events));
  assert.deepEqual(writtenBy(events, 'test_a'), [
    ['stdout', 'late\n'],
    ['log', '[-] late, too\n'],
  ]);
  assert.deepEqual(writtenBy(events, 'test_b'), [
    ['stdout', 'b\n'],
    ['stdout', 'b again\n'],
  ]);
  assert.deepEqual(writtenBy(events, 'test_c'), [['stdout', 'c\n']]);
  assert.deepEqual(writtenBy(events, undefined), [['stdout', 'module\n']]);
  const log = project.read('_trial_temp', 'test.log');
  assert.match(log, /\[stdout\] module\n(.*\n)*.*--> test_a\.ATests\.test_a <--\n/);
  assert.match(log, /\[stdout of test_a\.ATests\.test_a\] late\n\S+ \S+ \[- of test_a\.ATests\.test_a\] late, too\n/);
  assert.match(log, /test_b <--\n\S+ \S+ \[stdout\] b\n/);
});

test('a test that fails has a log of its own with what it wrote', async () => {
  const body = `
  test_a() { console.log('passes'); void later.then(() => { console.log('and fails'); throw new Error('late'); }); }
  async test_b() { process.stdout.write('one '); console.log('two'); console.error('three'); go(); await null; this.fail('no'); }
  test_c() { console.log('quite well'); }
  test_d() { this.fail('quietly'); }`;
  const top = 'let go = () => {};\nconst later = new Promise<void>((resolve) => { go = resolve; });\n';
  const project = new Project({ 'test_a.ts': top + testCase(body) });
  const { events } = await project.events('test_a.ts');
  const logs = new Map(events.filter(({ log }) => log !== undefined).map(({ type, id, log }) => [id, [type, log]]));
  const folder = project.path('_trial_temp', '_trial_logs');
  assert.deepEqual([...logs].sort(), [
    ['test_a.ATests.test_a', ['verdictAmended', `${folder}/test_a.ATests.test_a.log`]],
    ['test_a.ATests.test_b', ['testFinished', `${folder}/test_a.ATests.test_b.log`]],
  ]);
  assert.deepEqual(readdirSync(folder).sort(), ['test_a.ATests.test_a.log', 'test_a.ATests.test_b.log']);
  const bare = (name) => project.read('_trial_temp', '_trial_logs', name).replace(/^[0-9]\S+ \S+ /gm, '');
  assert.match(
    bare('test_a.ATests.test_a.log'),
    /^\[stdout\] passes\n\[stdout\] and fails\n\[-\] error in .*\n\tError: late\n/,
  );
  assert.match(
    bare('test_a.ATests.test_b.log'),
    /^\[stdout\] one two\n\[stderr\] three\n\[-\] failure in .*\n\tFailTest: no\n/,
  );
});

test('a test that writes only when it has failed has a log of its own, too, whose path is reported', async () => {
  const body = `
  test_a() { void later.then(() => msg('too late')); this.fail('no'); }
  async test_b() { go(); await null; }`;
  const top = 'let go = () => {};\nconst later = new Promise<void>((resolve) => { go = resolve; });\n';
  const project = new Project({ 'test_a.ts': top + testCase(body) });
  for (const args of [[], ['--supervise'], ['--capture'], ['--retries', '1']]) {
    const { stdout } = await project.trial(...args, 'test_a.ts');
    assert.match(
      stdout,
      /\ntest_a\.ATests\.test_a\n {2}output: _trial_temp\/_trial_logs\/test_a\.ATests\.test_a\.log\n/,
    );
    assert.match(project.read('_trial_temp', '_trial_logs', 'test_a.ATests.test_a.log'), / too late\n/);
  }
});

test('--capture shows what a test prints with its failure only', async () => {
  const body = `
  test_a() { console.log('a out'); console.error('a err'); msg('a log'); }
  test_b() { console.log('b out'); console.error('b err'); writeSync(2, 'b fs\\n'); msg('b log'); this.fail('no'); }`;
  const project = new Project({ 'test_a.ts': `${LOGGERS}console.log('module');${testCase(body)}` });
  for (const args of [['--capture'], ['--capture', '--supervise']]) {
    const { status, stdout, stderr } = await project.trial(...args, 'test_a.ts');
    assert.equal(status, 1);
    assert.equal(stderr, '');
    assert.match(stdout, /^module\ntest_a\n {2}ATests\n {4}test_a \.\.\. +\[OK\]\n {4}test_b \.\.\. +\[FAIL\]\n/);
    const path = '_trial_temp/_trial_logs/test_a.ATests.test_b.log';
    assert.ok(
      stdout.includes(
        `\ntest_a.ATests.test_b\n  output: ${path}\n    b out\n    b err\n    b fs\n    [-] b log\nrepro: `,
      ),
      stdout,
    );
    assert.match(project.read(path), /\[stdout\] b out\n/);
  }
  const live = await project.trial('test_a.ts');
  assert.match(live.stdout, /test_a \.\.\. a out\n(.|\n)*\n {2}output: _trial_temp\/_trial_logs\/\S+\nrepro: /);
  assert.equal(live.stderr, 'a err\nb err\nb fs\n');
  project.write({ 'reporter.mjs': 'export default () => ({ event() {} });' });
  const refused = await project.trial('--capture', '--reporter', './reporter.mjs', 'test_a.ts');
  assert.deepEqual([refused.status, refused.stdout], [2, '']);
  assert.match(
    refused.stderr,
    /^trial: Cannot use the reporter \.\/reporter\.mjs: with --capture it has to take output\. /,
  );
});
