// What the running test is waiting for, asked at the keyboard.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { Project, testCase } from './support/project.mjs';

const CTRL_BACKSLASH = '\x1c';
const noTerminal =
  spawnSync('script', ['--version']).error === undefined ? false : 'There is no script(1), which makes a terminal.';

const READS = testCase(`  async test_a() {
    const waitedFor = new Deferred();
    const line = new Promise((resolve) => process.stdin.once('data', resolve));
    process.stderr.write('ready');
    this.assertEqual(String(await line).trim(), 'typed');
    process.stdin.pause();
    waitedFor.callback();
  }`);

for (const how of ['--no-supervise', '--supervise']) {
  test(`Ctrl-\\ tells it, and what is typed is for the tests (${how})`, { skip: noTerminal }, async () => {
    const project = new Project({ 'test_a.ts': READS });
    const run = project.start([how, 'test_a.ts'], { terminal: true });
    await run.until('ready');
    run.child.stdin.write(CTRL_BACKSLASH);
    await run.until('is running.');
    await run.until('test_a.ts:7:');
    run.child.stdin.write('typed\n');
    const { status, stdout } = await run.done;
    assert.match(stdout, /trial: test_a\.ATests\.test_a \(test_a\) is running\.\r?\nDeferreds without a result:/);
    assert.match(stdout, /PASSED/);
    assert.equal(status, 0);
    assert.match(project.read('_trial_temp', 'test.log'), /\(test_a\) is running\.\n\tDeferreds without a result:/);
  });

  test(`without a terminal SIGQUIT ends all, as it does any program (${how})`, async () => {
    const body = "  test_a() { console.error('pid', process.pid); return new Promise((r) => setTimeout(r, 1e6)); }";
    const run = new Project({ 'test_a.ts': testCase(body) }).start([how, 'test_a.ts']);
    await run.until('pid');
    run.child.kill('SIGQUIT');
    const { status, stderr } = await run.done;
    assert.equal(status, 'SIGQUIT');
    assert.doesNotMatch(stderr, /is running/);
  });
}

const BLOCKS = `import fs from 'node:fs';
const spin = () => { fs.writeSync(2, 'ready\\n'); for (;;); };
${testCase(`  timeout = 3;
  test_a() {
    const waitedFor = new Deferred();
    reactor.callLater(0.5, spin);
    return waitedFor;
  }
  test_b() {}`)}`;

for (const how of ['--no-supervise', '--supervise']) {
  test(`a test that blocks the event loop is told of by SIGUSR2, once for each (${how})`, async () => {
    const project = new Project({ 'test_a.ts': BLOCKS });
    const run = project.start([how, 'test_a.ts']);
    await run.until('ready');
    run.child.kill('SIGUSR2');
    await run.until('blocks the event loop, here:');
    run.child.kill('SIGUSR2');
    const { status, stderr } = await run.done;
    assert.equal(status, 1);
    const told =
      /^trial: test_a\.ATests\.test_a \(test_a\) blocks the event loop, here:\n +at spin \(.*test_a\.ts:2:\d+\)\n(?:.*\n)*? {2}<Deferred pending>, made at .*test_a\.ts:\d+:/gm;
    assert.equal(stderr.match(told)?.length, 2, stderr);
    assert.doesNotMatch(stderr, /is running/);
    assert.equal(project.read('_trial_temp', 'test.log').match(/blocks the event loop, here:/g).length, 2);
  });
}

test('Ctrl-\\ tells of a test that blocks the event loop', { skip: noTerminal }, async () => {
  const run = new Project({ 'test_a.ts': BLOCKS }).start(['test_a.ts'], { terminal: true });
  await run.until('ready');
  run.child.stdin.write(CTRL_BACKSLASH);
  await run.until('(test_a) blocks the event loop, here:');
  await run.done;
});

test('Ctrl-Z stops the process of the tests as well, and it goes on with its supervisor', {
  skip: noProc(),
}, async () => {
  const body = "  test_a() { console.error('pid', process.pid); return new Promise((r) => setTimeout(r, 500)); }";
  const run = new Project({ 'test_a.ts': testCase(body) }).start(['--supervise', 'test_a.ts']);
  await run.until('pid');
  const pids = [run.child.pid, Number(/pid (\d+)/.exec(run.text.stderr)[1])];
  run.child.kill('SIGTSTP');
  for (const pid of pids) await untilState(pid, /T/);
  run.child.kill('SIGCONT');
  assert.equal((await run.done).status, 0);
});

function noProc() {
  return process.platform === 'linux' ? false : 'The state of a process is asked of /proc.';
}

async function untilState(pid, wanted) {
  const { readFileSync } = await import('node:fs');
  const state = () => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1][0];
  for (let turn = 0; !wanted.test(state()) && turn < 200; turn++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.match(state(), wanted);
}
