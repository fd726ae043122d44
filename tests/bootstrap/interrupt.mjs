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
  ['SIGHUP', 129],
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

/** The thread that listens takes a moment to start. */
const STARTED_SECONDS = 0.6;

for (const how of ['--no-supervise', '--supervise']) {
  test(`a signal ends a run in which a module blocks the event loop (${how})`, async () => {
    const text = `import fs from 'node:fs';
await new Promise((done) => setTimeout(done, ${STARTED_SECONDS * 1000}));
fs.writeSync(2, 'blocking\\n');
for (;;);
${testCase('  test_a() {}')}`;
    const run = new Project({ 'test_a.ts': text }).start([how, 'test_a.ts']);
    await run.until('blocking');
    run.child.kill('SIGTERM');
    const { status, stdout } = await run.done;
    assert.equal(status, 143);
    assert.doesNotMatch(stdout, /test_a \.\.\./);
  });
}

const BLOCKING = testCase(`  test_a() {}
  test_b() {
    this.addCleanup(() => console.log('cleaned up'));
    reactor.callLater(${STARTED_SECONDS}, () => {
      process.stderr.write('blocking\\n');
      for (;;) { try { for (;;); } catch {} }
    });
    return new Deferred();
  }
  test_c() { console.log('never'); }
  tearDown() { console.log('torn down'); }`);

/** What a process is started with in which Node does not let trial listen for signals in a thread of its own. */
const WITHOUT_INTERNALS = `--import=data:text/javascript,${encodeURIComponent(`
  import threads from 'node:worker_threads';
  import { syncBuiltinESMExports } from 'node:module';
  const { Worker } = threads;
  threads.Worker = class extends Worker { constructor(file, options) { super(file, { ...options, execArgv: [] }); } };
  syncBuiltinESMExports();
`)}`;

for (const [how, signal, expected, execArgv = []] of [
  ['--no-supervise', 'SIGINT', 130],
  ['--no-supervise', 'SIGTERM', 143],
  ['--no-supervise', 'SIGINT', 130, [WITHOUT_INTERNALS]],
  ['--supervise', 'SIGINT', 130],
]) {
  const name = `${how} ${signal}${execArgv.length > 0 ? ', without internals of Node' : ''}`;

  test(`a signal cuts off a test that blocks the event loop, and what ran is reported (${name})`, async () => {
    const project = new Project({ 'test_a.ts': BLOCKING });
    const run = project.start([how, 'test_a.ts'], { execArgv });
    await run.until('blocking');
    run.child.kill(signal);
    const { status, stdout, stderr } = await run.done;
    assert.deepEqual([status, stderr], [expected, 'blocking\n']);
    assert.match(stdout, /test_b \.\.\. cleaned up\ntorn down\n +\[ERROR\]/);
    assert.match(
      stdout,
      /InterruptedError: test_a\.ATests\.test_b \(test_b\) was interrupted while it blocked the event loop\n/,
    );
    assert.match(stdout, /\nIt waits for:\n {2}<Deferred pending>, made at .*test_a\.ts:13:/);
    assert.match(stdout, /\n +at .*test_a\.ts:11:/);
    assert.doesNotMatch(stdout, /never/);
    assert.match(stdout, /\nRan 2 tests in .*\n\nINTERRUPTED \(errors=1, successes=1\)\n$/);
    assert.ok(!existsSync(project.path('_trial_temp', '_trial_lock')));
  });

  test(`a second signal stops a test that blocks the event loop at once, and what was reported is there (${name})`, async () => {
    const project = new Project({ 'test_a.ts': BLOCKING });
    const run = project.start([how, 'test_a.ts'], { execArgv });
    await run.until('blocking');
    run.child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 400));
    run.child.kill(signal);
    const { status, stdout } = await run.done;
    assert.equal(status, expected);
    assert.match(stdout, /test_a \.\.\. torn down\n +\[OK\]\n {4}test_b \.\.\. /);
    assert.ok(!existsSync(project.path('_trial_temp', '_trial_lock')));
  });

  test(`what cannot be cut off is said, and a second signal stops it (${name})`, async () => {
    const body = `  async test_a() {
    await new Promise((resolve) => setTimeout(resolve, ${STARTED_SECONDS * 1000}));
    process.stderr.write('blocking\\n');
    process.getBuiltinModule('node:child_process').spawnSync('sleep', ['20'], { stdio: 'ignore' });
  }`;
    const run = new Project({ 'test_a.ts': testCase(body) }).start([how, 'test_a.ts'], { execArgv });
    await run.until('blocking');
    run.child.kill(signal);
    await run.until('stops all');
    run.child.kill(signal);
    const { status, stderr } = await run.done;
    assert.equal(status, how === '--supervise' ? expected : signal === 'SIGINT' ? 'SIGINT' : 'SIGKILL');
    const again = signal === 'SIGINT' ? 'Ctrl-C again' : `A second ${signal}`;
    assert.equal(stderr, `blocking\n\ntrial: A test blocks the event loop and cannot be ended. ${again} stops all.\n`);
  });
}

for (const how of ['--no-supervise', '--supervise']) {
  test(`a signal ends a run that waits for a debugger (${how})`, async () => {
    const run = new Project({ 'test_a.ts': testCase('  test_a() {}') }).start([how, '--debug', 'test_a.ts'], {
      execArgv: ['--inspect-port=0'],
    });
    await run.until('Waiting for a debugger');
    await new Promise((resolve) => setTimeout(resolve, STARTED_SECONDS * 1000));
    run.child.kill('SIGINT');
    const { status, stdout } = await run.done;
    assert.deepEqual([status, stdout], [130, '']);
  });
}

test('at a terminal so it does from the start of the first test on', { timeout: 20_000 }, async () => {
  const project = new Project({ 'test_a.ts': testCase("  test_a() { console.log('blocking'); for (;;); }") });
  const run = project.start(['test_a.ts'], { terminal: true });
  await run.until('blocking');
  // The thread that listens takes a moment to start.
  const keyboard = setInterval(() => run.child.stdin.write('\x03'), 500);
  const { status } = await run.done;
  clearInterval(keyboard);
  assert.equal(status, 130);
});

test('no further test is begun when Ctrl-C comes while a test blocks the event loop', async () => {
  const body = `  test_a() {}
  test_b() {
    process.stderr.write('blocking\\n');
    const end = Date.now() + 500;
    while (Date.now() < end);
  }
  test_c() { console.log('never'); }`;
  const run = new Project({ 'test_a.ts': testCase(body) }).start(['test_a.ts']);
  await run.until('blocking');
  run.child.kill('SIGINT');
  const { status, stdout } = await run.done;
  assert.equal(status, 130);
  assert.doesNotMatch(stdout, /never/);
  assert.match(stdout, /\nRan 2 tests in .*\n\nINTERRUPTED \(successes=2\)\n$/);
});

test("a test's own listener gets the SIGINT that is sent to the process", async () => {
  const body = `  async test_a() {
    await new Promise((resolve) => setTimeout(resolve, 600));
    const received = new Promise((resolve) => process.once('SIGINT', (...args) => resolve(args)));
    process.stderr.write('waiting\\n');
    const keep = setInterval(() => {}, 1000);
    this.addCleanup(() => clearInterval(keep));
    console.log('got', await received);
  }`;
  const run = new Project({ 'test_a.ts': testCase(body) }).start(['test_a.ts']);
  await run.until('waiting');
  run.child.kill('SIGINT');
  const { status, stdout } = await run.done;
  assert.equal(status, 130);
  assert.match(stdout, /got \[ 'SIGINT', 2 \]/);
});
