// Enter, pressed at the keyboard: what the running test is waiting for, however trial was started.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { Project, testCase } from './support/project.mjs';

const missing = (program) =>
  spawnSync(program, ['--version']).error === undefined ? false : `There is no ${program}.`;
const skip = process.platform === 'linux' ? missing('script') : 'Only Linux tells who is in front of a terminal.';
const CTRL_Z = '\x1a';

/** Waits until the file `go` is there. */
const WAITS = `${testCase(`  async test_a() {
    const over = new Deferred();
    const timer = setInterval(() => existsSync(join(home, 'go')) && over.callback(), 10);
    this.addCleanup(() => clearInterval(timer));
    await over;
  }`)}
import { existsSync } from 'node:fs';
import { join } from 'node:path';
const home = import.meta.dirname;
`;

const SLOW = ['--slow', '.1', 'test_a.ts'];
const ENTER = 'Enter tells what it waits for.';
const THREE_NOTICES = /(?:has been running.*){3}/s;
const TOLD =
  /trial: test_a\.ATests\.test_a \(test_a\) is running\.\r?\nDeferreds without a result:\r?\n.*test_a\.ts:7:/;

/** Presses Enter once that is offered, has the test end, and looks at what came of it. */
async function told(run, project) {
  await run.until(ENTER);
  run.child.stdin.write('\n');
  await run.until('is running.');
  await run.until('test_a.ts:7:');
  project.write({ go: '' });
  const result = await run.done;
  assert.match(result.stdout, TOLD);
  assert.match(result.stdout, /PASSED/);
  assert.equal(result.status, 0);
}

for (const how of ['--no-supervise', '--supervise']) {
  test(`Enter tells it of a run that was started at the prompt (${how})`, { skip }, async () => {
    const project = new Project({ 'test_a.ts': WAITS });
    await told(project.start([how, ...SLOW], { terminal: true }), project);
    assert.match(project.read('_trial_temp', 'test.log'), /\(test_a\) is running\.\n\tDeferreds without a result:/);
  });

  test(`Enter tells it where a shell waits for the run (${how})`, { skip }, async () => {
    const project = new Project({ 'test_a.ts': WAITS });
    await told(project.start([how, ...SLOW], { terminal: '%; exit $?' }), project);
  });

  test(`Enter tells it under npm (${how})`, { skip: skip || missing('npm') }, async () => {
    const project = new Project({ 'test_a.ts': WAITS });
    const scripts = { test: `node node_modules/txtrial/dist/bin/trial.js ${how} ${SLOW.join(' ')}` };
    project.write({ 'package.json': JSON.stringify({ type: 'module', scripts }) });
    await told(project.start([], { terminal: 'exec npm test #%' }), project);
  });

  test(`what a test reads is for the test, and the notice names another way (${how})`, { skip }, async () => {
    const project = new Project({
      'test_a.ts': testCase(`  async test_a() {
    const { createInterface } = await import('node:readline/promises');
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    const lines = [await prompt.question('First? '), await prompt.question('Second? ')];
    prompt.close();
    this.assertEqual(lines, ['one', 'two']);
  }`),
    });
    const run = project.start([how, ...SLOW], { terminal: true });
    await run.until('has been running');
    run.child.stdin.write('one\r');
    await run.until(THREE_NOTICES);
    run.child.stdin.write('two\r');
    const { status, stdout } = await run.done;
    assert.match(stdout, /s\. Ctrl-\\ tells what it waits for\./);
    assert.doesNotMatch(stdout, /is running\.|Enter/);
    assert.equal(status, 0);
  });

  test(`a test that begins to read after the notice gets what is typed then (${how})`, { skip }, async () => {
    const project = new Project({
      'test_a.ts': testCase(`  async test_a() {
    const { setTimeout: wait } = await import('node:timers/promises');
    await wait(300);
    process.stderr.write('Who? ');
    const answer = await new Promise((resolve) => process.stdin.once('data', resolve));
    process.stdin.pause();
    this.assertEqual(String(answer), 'typed\\n');
    process.stderr.write('go on');
    const { existsSync } = await import('node:fs');
    while (!existsSync('go')) await wait(10);
  }`),
    });
    const run = project.start([how, '--temp-directory', 'temporary', ...SLOW], { terminal: true });
    await run.until(ENTER);
    await run.until('Who? ');
    // Long enough for it to be taken by somebody else.
    await new Promise((resolve) => setTimeout(resolve, 250));
    run.child.stdin.write('typed\n');
    await run.until('go on');
    run.child.stdin.write('\n');
    await run.until('is running.');
    project.write({ 'temporary/go': '' });
    const { status, stdout } = await run.done;
    assert.match(stdout, /PASSED/);
    assert.equal(status, 0);
  });

  test(`in the background it reads nothing (${how})`, { skip: skip || missing('bash') }, async () => {
    const project = new Project({ 'test_a.ts': WAITS });
    const terminal = `exec bash -mc "% & read -r line; echo shell has \\"[\\$line]\\"; wait %1; exit \\$?"`;
    const run = project.start([how, ...SLOW], { terminal });
    await run.until('tells what it waits for.');
    assert.match(run.text.stdout, /kill -USR2 \d+ tells/);
    await run.until(THREE_NOTICES);
    run.child.stdin.write('typed\n');
    await run.until('shell has [typed]');
    project.write({ go: '' });
    const { status, stdout } = await run.done;
    assert.doesNotMatch(stdout, /is running\.|Stopped/);
    assert.equal(status, 0);
  });

  test(`sent to the background it stops reading (${how})`, { skip: skip || missing('bash') }, async () => {
    const project = new Project({ 'test_a.ts': WAITS });
    const terminal = `exec bash -mc "%; bg; echo sent; read -r line; echo shell has \\"[\\$line]\\"; wait %1; exit \\$?"`;
    const run = project.start([how, ...SLOW], { terminal });
    await run.until(ENTER);
    run.child.stdin.write(CTRL_Z);
    await run.until('sent');
    const before = run.text.stdout.length;
    await new Promise((resolve) => setTimeout(resolve, 250));
    run.child.stdin.write('typed\n');
    await run.until('shell has [typed]');
    project.write({ go: '' });
    const { status, stdout } = await run.done;
    assert.doesNotMatch(stdout.slice(before), /is running\.|Stopped/);
    assert.equal(status, 0);
  });

  test(`a wait that nothing can end is still an error at once (${how})`, { skip }, async () => {
    const project = new Project({
      'test_a.ts': testCase('  test_a() { setTimeout(() => {}, 400); return new Deferred(); }'),
    });
    const begun = performance.now();
    const { status, stdout } = await project.start([how, ...SLOW], { terminal: true }).done;
    assert.match(stdout, /Enter tells/);
    assert.match(stdout, /TimeoutError/);
    assert.equal(status, 1);
    assert.ok(performance.now() - begun < 60_000);
  });
}

/** Blocks the event loop until the file `go` is there, and then reads a line. */
const BLOCKS = `${testCase(`  test_a() {
    while (!existsSync(join(home, 'go')));
    process.stderr.write('What? ');
    const line = Buffer.alloc(100);
    const length = readSync(0, line);
    this.assertEqual(line.toString('utf8', 0, length), 'typed\\n');
  }`)}
import { existsSync, readSync } from 'node:fs';
import { join } from 'node:path';
const home = import.meta.dirname;
`;

/** Reads without the event loop. */
const READS = `${testCase(`  test_a() {
    const line = Buffer.alloc(100);
    for (let n = 0; n < 6; n++) {
      process.stderr.write('line ' + n + '? ');
      const length = readSync(0, line);
      this.assertEqual(line.toString('utf8', 0, length), n + '\\n');
    }
  }`)}
import { readSync } from 'node:fs';
`;

for (const how of ['--no-supervise', '--supervise']) {
  test(`Enter tells the line of a test that blocks the event loop (${how})`, { skip }, async () => {
    const project = new Project({ 'test_a.ts': BLOCKS });
    const run = project.start([how, '--slow', '.3', 'test_a.ts'], { terminal: true });
    await run.until(ENTER);
    for (const times of [1, 2]) {
      run.child.stdin.write('\n');
      await run.until(new RegExp(`(?:blocks the event loop, here:.*test_a\\.ts:[67]:.*){${times}}`, 's'));
    }
    project.write({ go: '' });
    await run.until('What? ');
    run.child.stdin.write('typed\n');
    const { status, stdout } = await run.done;
    assert.match(stdout, /PASSED/);
    assert.equal(status, 0);
    assert.match(project.read('_trial_temp', 'test.log'), /blocks the event loop, here:\n/);
  });

  test(`a test that reads without the event loop gets all that is typed (${how})`, { skip }, async () => {
    const project = new Project({ 'test_a.ts': READS });
    const run = project.start([how, '--slow', '.1', 'test_a.ts'], { terminal: true });
    for (const n of [0, 2, 4]) {
      await run.until(`line ${n}? `);
      await new Promise((resolve) => setTimeout(resolve, 1200));
      // The second one is there when nothing waits for it.
      run.child.stdin.write(`${n}\n${n + 1}\n`);
    }
    const { status, stdout } = await run.done;
    assert.match(stdout, /PASSED/);
    assert.doesNotMatch(stdout, /blocks the event loop/);
    assert.equal(status, 0);
  });
}

test('somebody at a terminal is told of a long test without having asked for it', { skip }, async () => {
  const project = new Project({ 'test_a.ts': WAITS });
  const asked = project.start(['--slow', '0', 'test_a.ts'], { terminal: true });
  const run = project.start(['--temp-directory', 'second', 'test_a.ts'], { terminal: '%; exit $?' });
  await told(run, project);
  assert.match(run.text.stdout, /has been running for 1\d(?:\.\d+)? s\. Enter/);
  assert.doesNotMatch((await asked.done).stdout, /has been running/);
});

test('the processes of a bisection read nothing, as nobody sees their notices', { skip }, async () => {
  const project = new Project({
    'test_a.ts': testCase('  test_a() { return new Promise((r) => setTimeout(r, 600)); }'),
  });
  const terminal = '%; read -r line; echo "shell has [$line]"';
  const run = project.start(['--bisect', ...SLOW], { terminal });
  run.child.stdin.write('typed\n');
  await run.until('shell has [typed]');
  assert.equal((await run.done).status, 0);
});

test('with stderr elsewhere nobody is told of a key that nobody waits for', { skip }, async () => {
  const project = new Project({ 'test_a.ts': WAITS });
  const run = project.start(SLOW, { terminal: '% 2>told; exit $?' });
  await run.until('test_a ...');
  while (!project.read('told').includes('kill -USR2')) await new Promise((resolve) => setTimeout(resolve, 20));
  project.write({ go: '' });
  assert.equal((await run.done).status, 0);
  assert.doesNotMatch(project.read('told'), /Enter/);
});
