// The process of the tests dies, and another one stands beside it.
import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Project, testCase } from './support/project.mjs';

const DIE = `import { existsSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
/** As if somebody else did it. */
const die = (signal = 'KILL') => {
  spawnSync('kill', ['-' + signal, String(process.pid)]);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
/** The first time only. */
const once = (name) => !existsSync(process.env.FOLDER + name) && (writeFileSync(process.env.FOLDER + name, ''), true);
`;

/** A module that ends the process that loads it. */
const KILLER = "import { spawnSync } from 'node:child_process'; spawnSync('kill', ['-9', String(process.pid)]);";

/** A project whose modules have `die` and `once`. */
function projectOf(files) {
  const texts = Object.entries(files).map(([name, text]) => [name, name.startsWith('test_') ? DIE + text : text]);
  const project = new Project(Object.fromEntries(texts));
  project.run = (...args) => {
    const { env, ...options } = typeof args.at(-1) === 'object' ? args.pop() : {};
    return project.start(['--supervise', ...args], { env: { FOLDER: `${project.folder}/`, ...env }, ...options });
  };
  project.report = async (...args) => {
    const result = await project.run('--reporter', 'json', ...args).done;
    return { ...result, ...summary(result.stdout) };
  };
  return project;
}

/** What the json reporter has told, with planned and reported tests compared. */
function summary(stdout) {
  const events = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const ofType = (wanted) => events.filter(({ type }) => type === wanted);
  const outcomes = {};
  for (const { id, outcomes: all } of ofType('testFinished')) {
    outcomes[id.split('.').at(-1)] = all.map(({ kind, cause }) => (cause ? `${kind} ${cause}` : kind)).join();
  }
  const texts = ofType('testFinished').flatMap(({ outcomes: all }) => all.map(({ message = '' }) => message));
  assert.deepEqual(
    ofType('testStarted').map(({ id }) => id),
    ofType('testFinished').map(({ id }) => id),
  );
  const started = ofType('runStarted');
  const finished = ofType('runFinished');
  assert.ok(started.length <= 1 && finished.length === started.length);
  return {
    events,
    outcomes,
    texts,
    planned: started[0]?.planned,
    finished: finished[0],
    loadErrors: ofType('loadError'),
  };
}

const withoutTimes = (text) =>
  text
    .replace(/"(startedAt|duration)":[\d.e-]+/g, '"$1":0')
    .replace(/\d+\.\d{3}( ?s)/g, '0$1')
    .replace(/^\d+\.\d+(?= \d+ \d+ \d+ \d+ \d+$)/gm, '0');

const MIXED = testCase(`  test_a() { console.log('out'); console.error('err'); }
  test_b() { this.assertEqual(1, 2); }
  test_c() { setTimeout(() => {}, 1e6).unref(); msg('hello'); err(new Error('logged')); }
  test_d() { this.skipTest('why'); }
  test_e() { process.stdout.write('no line feed'); return new Promise((resolve) => setTimeout(resolve, 10)); }
  test_f() { process.exit(3); }
  test_g() { reactor.callLater(10, () => {}); }`);

for (const reporter of ['verbose', 'bwverbose', 'timing', 'text', 'summary', 'json']) {
  test(`a run in which nothing dies is the same with and without supervision (${reporter})`, async () => {
    const project = projectOf({ 'test_a.ts': MIXED, 'test_b.ts': 'throw new Error("not loaded");' });
    const args = ['--reporter', reporter, '-z', '7', 'test_a.ts', 'test_b.ts'];
    const [alone, supervised] = [await project.trial('--no-supervise', ...args), await project.run(...args).done];
    assert.equal(withoutTimes(supervised.stdout), withoutTimes(alone.stdout));
    assert.deepEqual([supervised.status, supervised.stderr], [alone.status, alone.stderr]);
    assert.equal(supervised.status, 1);
  });
}

const DYING = testCase(`  test_a() {}
  test_b() { console.log('last words'); die(); }
  test_c() {}
  test_d() { die('SEGV'); }
  test_e() { this.fail('no'); }`);

const TOTALS = 'failures=1, errors=2, successes=2';
for (const [reporter, pattern] of Object.entries({
  verbose: new RegExp(
    `test_b \\.\\.\\. last words\\n +\\[ERROR\\]\\n[\\s\\S]*Ran 5 tests in [\\d.]+s\\n\\nFAILED \\(${TOTALS}\\)\\n$`,
  ),
  bwverbose: new RegExp(
    `test_b \\.\\.\\. last words\\n\\[ERROR\\]\\n[\\s\\S]*Ran 5 tests in [\\d.]+s\\n\\nFAILED \\(${TOTALS}\\)\\n$`,
  ),
  timing: new RegExp(
    `last words\\n\\[ERROR\\]\\n\\([\\d.]+ secs\\)\\n[\\s\\S]*Ran 5 tests in [\\d.]+s\\n\\nFAILED \\(${TOTALS}\\)\\n$`,
  ),
  text: new RegExp(`^\\.last words\\nE\\.EF\\n[\\s\\S]*Ran 5 tests in [\\d.]+s\\n\\nFAILED \\(${TOTALS}\\)\\n$`),
  summary: /Ran 5 tests in [\d.]+s\n\n[\d.]+ 5 5 2 1 0\n$/,
})) {
  test(`each death costs one test its verdict, says ${reporter}`, async () => {
    const { status, stdout } = await projectOf({ 'test_a.ts': DYING }).run('--reporter', reporter, 'test_a.ts').done;
    assert.match(stdout, pattern);
    assert.equal(status, 1);
  });
}

test('each death costs one test its verdict, says json', async () => {
  const project = projectOf({ 'test_a.ts': DYING });
  const { status, planned, outcomes, finished, texts } = await project.report('test_a.ts');
  const expected = { test_a: 'success', test_b: 'error death', test_c: 'success', test_d: 'error death' };
  assert.deepEqual(outcomes, { ...expected, test_e: 'failure assertion' });
  assert.deepEqual([status, planned, finished.exitCode], [1, 5, 1]);
  const { errors, failures, successes } = finished.totals;
  assert.deepEqual({ errors, failures, successes }, { errors: 2, failures: 1, successes: 2 });
  assert.match(
    texts[1],
    /^The process died while this test was running\. It was killed by SIGKILL\..*memory.*\n {2}last words$/,
  );
  assert.match(texts[3], /killed by SIGSEGV/);
  const log = project.read('_trial_temp', 'test.log');
  for (const name of Object.keys(outcomes)) assert.match(log, new RegExp(`--> test_a\\.ATests\\.${name} <--`));
  assert.match(log, /\[-\] error in test_a\.ATests\.test_b\n\tProcessDiedError: .*SIGKILL/);
  assert.match(project.read('_trial_temp', '_trial_logs', 'test_a.ATests.test_b.log'), /^.* \[std\w+\] last words\n$/);
  assert.ok(!existsSync(project.path('_trial_temp', '_trial_lock')));
  assert.equal((await project.trial('--no-supervise', 'test_a.ts:ATests.test_a')).stderr, '');
});

test('a heap that is full is said to be full; the fresh process gets the same options of node', async () => {
  const body = `  test_a() { const all = []; for (;;) all.push(new Array(100).fill().map(() => ({}))); }
  test_b() { this.assertIn('--max-old-space-size=40', process.execArgv); }`;
  const project = projectOf({ 'test_a.ts': testCase(body) });
  const { outcomes, texts } = await project.report('test_a.ts', { execArgv: ['--max-old-space-size=40'] });
  assert.deepEqual(outcomes, { test_a: 'error death', test_b: 'success' });
  assert.match(texts[0], /Its heap was full.*memory.*FATAL ERROR: .*heap/s);
});

test('ways to end that cannot be caught inside', async () => {
  const body = `  test_a() { die('ABRT'); }
  test_b() { die('ALRM'); }
  test_c() { process.reallyExit(0); }
  test_d() { process.reallyExit(7); }
  test_e() { process.abort(); }
  test_f() { process.kill(process.pid, 'SIGKILL'); }
  test_g() { process.dlopen({ exports: {} }, '/nowhere'); }`;
  const { outcomes, finished } = await projectOf({ 'test_a.ts': testCase(body) }).report('test_a.ts');
  for (const [name, outcome] of Object.entries(outcomes)) assert.match(outcome, /^error/, name);
  assert.equal(finished.totals.errors, 7);
  assert.equal(Object.keys(outcomes).length, 7);
});

test('a kill from outside', async () => {
  const body =
    '  test_a() { console.log("pid", process.pid); return new Promise((r) => setTimeout(r, 1e6)); }\n  test_b() {}';
  const run = projectOf({ 'test_a.ts': testCase(body) }).run('--reporter', 'json', 'test_a.ts');
  await run.until('pid');
  process.kill(Number(/pid (\d+)/.exec(run.text.stdout)[1]), 'SIGKILL');
  assert.deepEqual(summary((await run.done).stdout).outcomes, { test_a: 'error death', test_b: 'success' });
});

test('a module that kills the process is named, and the others run', async () => {
  const files = { 'test_a.ts': testCase('  test_a() {}'), 'test_b.ts': `die();${testCase('  test_b() {}')}` };
  const project = projectOf({ ...files, 'test_c.ts': testCase('  test_c() {}') });
  const { status, outcomes, planned, loadErrors, finished } = await project.report(
    'test_a.ts',
    'test_b.ts',
    'test_c.ts',
  );
  assert.deepEqual(outcomes, { test_a: 'success', test_c: 'success' });
  assert.deepEqual([status, planned, finished.totals.errors], [1, 2, 1]);
  assert.deepEqual(
    loadErrors.map(({ id, message }) => [id, message.slice(0, 77)]),
    [['test_b.ts', 'The process that was to run the tests died while this module was loading. It ']],
  );
});

test('a module that kills each process that loads it, alone or in many files', async () => {
  const project = projectOf({
    'test_a.ts': "import './helper.js';",
    'test_b.ts': "import './helper.js';",
    'helper.js': KILLER,
  });
  const { status, loadErrors, planned } = await project.report('test_a.ts', 'test_b.ts');
  assert.deepEqual([status, planned], [1, 0]);
  assert.deepEqual(
    loadErrors.map(({ id }) => id),
    ['test_a.ts', 'test_b.ts'],
  );
  assert.match(loadErrors[0].message, /killed by SIGKILL/);
});

test('a module that kills only the fresh process: its tests are accounted for', async () => {
  const text = `if (!once('loaded')) die();\n${testCase('  test_a() { die(); }\n  test_b() {}')}`;
  const project = projectOf({ 'test_a.ts': text, 'test_b.ts': testCase('  test_c() {}') });
  const { status, outcomes, planned, loadErrors } = await project.report('test_a.ts', 'test_b.ts');
  assert.deepEqual(outcomes, { test_a: 'error death', test_b: 'error error', test_c: 'success' });
  assert.deepEqual([status, planned, loadErrors.map(({ id }) => id)], [1, 3, ['test_a.ts']]);
});

test('a class that kills the process that makes an instance of it: that ends', async () => {
  const text = testCase('  constructor(name) { super(name); die(); }\n  test_a() {}\n  test_b() {}\n  test_c() {}');
  const { status, outcomes, planned, loadErrors } = await projectOf({ 'test_a.ts': text }).report('test_a.ts');
  assert.deepEqual(outcomes, { test_a: 'error death', test_b: 'error death', test_c: 'error death' });
  assert.deepEqual([status, planned, loadErrors.length], [1, 3, 1]);
});

test('what a process says that is over before anybody listens is not lost', async () => {
  const project = projectOf({
    'test_a.ts': testCase('  test_a() {}'),
    // The supervisor is busy for as long as the process lives.
    'busy.cjs': `const childProcess = require('node:child_process');
      const { spawn } = childProcess;
      childProcess.spawn = (...args) => {
        const child = spawn(...args);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
        return child;
      };`,
  });
  const env = { NODE_OPTIONS: `--require=${project.path('busy.cjs')}` };
  const { status, stdout } = await project.run('test_a.ts', { env }).done;
  assert.equal(status, 0);
  assert.match(stdout, /Ran 1 tests/);
});

test('what is imported before the tests kills each process: the run could not be done', async () => {
  const project = projectOf({ 'test_a.ts': testCase('  test_a() {}'), 'before.js': KILLER });
  const { status, stdout, stderr } = await project.run('--import', './before.js', 'test_a.ts').done;
  assert.equal(status, 2);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /^trial: The process of the tests has died\. .* A fresh one runs the rest\.\ntrial: Cannot import \.\/before\.js: .*died.*SIGKILL/,
  );
});

test('a death after the last test is an error of the run', async () => {
  const text = testCase("  test_a() {}\n  test_b() { process.on('exit', () => die()); }");
  const first = await projectOf({ 'test_a.ts': text }).report('--leaks=off', 'test_a.ts');
  assert.equal(first.status, 1);
  assert.match(
    first.stderr,
    /^trial: The process of the tests died after the run was over\. It was killed by SIGKILL/m,
  );
  const shutdown = testCase("  test_a() { reactor.addSystemEventTrigger('after', 'shutdown', () => die()); }");
  const { status, outcomes, loadErrors, finished } = await projectOf({ 'test_a.ts': shutdown }).report('test_a.ts');
  assert.deepEqual([status, outcomes, finished.totals.errors], [1, { test_a: 'success' }, 1]);
  assert.match(
    loadErrors[0].message,
    /^The process died when test_a\.ATests\.test_a was over and no other test had begun/,
  );
  assert.equal(loadErrors[0].id, 'test_a.ts');
});

test('-x ends the run with the death', async () => {
  const { status, outcomes, finished } = await projectOf({ 'test_a.ts': DYING }).report('-x', 'test_a.ts');
  assert.deepEqual(outcomes, { test_a: 'success', test_b: 'error death' });
  assert.deepEqual([status, finished.totals.errors, finished.totals.successes], [1, 1, 1]);
});

test('a random order stays the same in the fresh process', async () => {
  const names = Array.from({ length: 8 }, (_, i) => `test_${i}`);
  const text = testCase(
    names.map((name) => `  ${name}() { if (process.env.DIE && ${name.at(-1)} % 3 === 0) die(); }`).join('\n'),
  );
  const project = projectOf({ 'test_a.ts': text });
  const order = ({ events }) => events.flatMap(({ type, id }) => (type === 'testStarted' ? [id] : []));
  const whole = await project.report('-z', '0', 'test_a.ts');
  const seed = String(whole.events[0].seed);
  assert.deepEqual(order(await project.report('-z', seed, 'test_a.ts', { env: { DIE: '1' } })), order(whole));
});

test('--repeat: the pass goes on, and the passes after it come', async () => {
  const text = testCase("  test_a() {}\n  test_b() { if (once('b')) die(); }\n  test_c() {}");
  const { events, finished, status } = await projectOf({ 'test_a.ts': text }).report('--repeat', '3', 'test_a.ts');
  const order = events.flatMap(({ type, id }) => (type === 'testFinished' ? [id.at(-1)] : []));
  assert.equal(order.join(''), 'abcabcabc');
  assert.deepEqual([finished.totals.successes, finished.totals.errors, finished.failedPasses], [3, 0, [1]]);
  assert.deepEqual([status, finished.exitCode], [1, 1]);
});

test('--until-failure ends with the pass in which a process died', async () => {
  const text = testCase(`  test_a() {}\n  test_b() { if (!once('one') && !once('two')) die(); }\n  test_c() {}`);
  const { events, finished, status } = await projectOf({ 'test_a.ts': text }).report('-u', 'test_a.ts');
  const order = events.flatMap(({ type, id }) => (type === 'testFinished' ? [id.at(-1)] : []));
  assert.equal(order.join(''), 'abcabcabc');
  assert.deepEqual([finished.totals.successes, finished.totals.errors, status], [2, 1, 1]);
});

for (const [signal, expected] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  test(`${signal} ends the running test with its cleanups; a blocked process is killed by the second`, async () => {
    const body = `  test_a() {}
  test_b() { this.addCleanup(() => console.log('cleaned up')); setInterval(() => {}, 1e3); return new Promise(() => {}); }
  test_c() { console.log('never'); }`;
    const project = projectOf({
      'test_a.ts': testCase(body),
      'test_b.ts': testCase('  test_a() {}\n  test_b() { for (;;); }'),
    });
    const run = project.run('test_a.ts');
    await run.until('test_b ...');
    run.child.kill(signal);
    const { status, stdout } = await run.done;
    assert.equal(status, expected);
    assert.match(stdout, /cleaned up[\s\S]*Ran 2 tests[\s\S]*INTERRUPTED \(errors=1, successes=1\)\n$/);
    const blocked = project.run('test_b.ts');
    await blocked.until('test_b ...');
    blocked.child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(blocked.child.exitCode, null);
    blocked.child.kill(signal);
    const end = await blocked.done;
    assert.equal(end.status, expected);
    assert.match(end.stdout, /Ran 2 tests[\s\S]*INTERRUPTED \(errors=1, successes=1\)\n$/);
    assert.ok(!existsSync(project.path('_trial_temp', '_trial_lock')));
  });
}

test('Ctrl-C while files are loaded ends the run', async () => {
  const text = `console.log('loading');\nsetInterval(() => {}, 1000);\nawait new Promise(() => {});\n${testCase('  test_a() {}')}`;
  const run = projectOf({ 'test_a.ts': text }).run('test_a.ts');
  await run.until('loading');
  run.child.kill('SIGINT');
  assert.equal((await run.done).status, 130);
});

/** Whether a process is there and not dead. */
const isAlive = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ')[2] !== 'Z';
  } catch {
    return false;
  }
};
const untilDead = async (pid) => {
  for (let turn = 0; isAlive(pid) && turn < 500; turn++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(!isAlive(pid), `${pid} lives`);
};
/** Starts a process that starts another one, and prints both pids. */
const CHILDREN = `this.addCleanup(() => {});
  const child = spawn('sh', ['-c', 'sleep 100 & echo pids $$ $!; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => child.stdout.once('data', (text) => resolve(console.log(String(text).trim()))));`;
const pidsIn = (text) => /pids (\d+) (\d+)/.exec(text).slice(1).map(Number);

test('what a process has started that died is ended, and nothing else', async () => {
  const text = `import { spawn } from 'node:child_process';\n${testCase(`  static allowLeaks = ['process'];
  async test_a() { ${CHILDREN}\n die(); }
  async test_b() { ${CHILDREN}\n child.unref(); child.stdout.destroy(); }`)}`;
  const { status, stdout } = await projectOf({ 'test_a.ts': text }).run('test_a.ts').done;
  assert.equal(status, 1);
  const [dead, living] = stdout.match(/pids \d+ \d+/g).map(pidsIn);
  for (const pid of dead) await untilDead(pid);
  // That is left behind by a process which has come to its end, and was allowed.
  assert.deepEqual(living.map(isAlive), [true, true]);
  for (const pid of living) process.kill(pid, 'SIGKILL');
});

for (const [what, end] of Object.entries({
  waits: 'await new Promise((resolve) => setTimeout(resolve, 1e6));',
  blocks: 'for (;;);',
})) {
  test(`a process that ${what} ends with its supervisor, and so does what it has started`, async () => {
    const text = `import { spawn } from 'node:child_process';\n${testCase(`  async test_a() { ${CHILDREN}\n
    console.log('pid', process.pid);
    await new Promise((resolve) => setTimeout(resolve, 600));
    console.error('ready'); ${end} }`)}`;
    const run = projectOf({ 'test_a.ts': text }).run('test_a.ts');
    await run.until('ready');
    run.child.kill('SIGKILL');
    const { stdout } = await run.done;
    for (const pid of [...pidsIn(stdout), Number(/pid (\d+)/.exec(stdout)[1])]) await untilDead(pid);
  });
}

test('the process of the tests does not outlive its supervisor', async () => {
  const body =
    '  async test_a() { console.log("pid", process.pid); for (;;) { await new Promise((r) => setTimeout(r, 20)); console.log("tick"); } }';
  const run = projectOf({ 'test_a.ts': testCase(body) }).run('test_a.ts');
  await run.until('tick');
  run.child.kill('SIGKILL');
  await run.done;
  await untilDead(Number(/pid (\d+)/.exec(run.text.stdout)[1]));
});

test('a process that waits for a debugger ends with its supervisor', async () => {
  const options = { execArgv: ['--inspect-port=0'] };
  const run = projectOf({ 'test_a.ts': testCase('  test_a() {}') }).run('--debug', 'test_a.ts', options);
  await run.until('Waiting for a debugger');
  run.child.kill('SIGKILL');
  const { stderr } = await run.done;
  await untilDead(Number(/inspect -p (\d+)/.exec(stderr)[1]));
});

test('a reporter of a third party gets the events, and what tests print if it takes that', async () => {
  const reporter = (takesOutput) => `export default ({ stdout }) => ({
    takesOutput: ${takesOutput},
    event(event) { stdout.write(event.type === 'output' ? '<' + event.text.trim() + '>' : event.type + ';'); },
    close() { stdout.write('closed;'); },
  });`;
  const project = projectOf({
    'test_a.ts': testCase("  test_a() { console.log('hi'); }\n  test_b() { die(); }"),
    'takes.ts': reporter('true as boolean'),
    'leaves.js': reporter('false'),
  });
  const end = 'testFinished;testStarted;testFinished;runFinished;closed;';
  const takes = await project.run('--reporter', './takes.ts', 'test_a.ts').done;
  assert.deepEqual([takes.stdout, takes.status], [`runStarted;testStarted;<hi>${end}`, 1]);
  const leaves = await project.run('--reporter', './leaves.js', 'test_a.ts').done;
  assert.deepEqual([leaves.stdout, leaves.status], [`runStarted;testStarted;hi\n${end}`, 1]);
  const none = await project.run('--reporter', './none.js', 'test_a.ts').done;
  assert.equal(none.status, 2);
  assert.match(none.stderr, /^trial: Cannot use the reporter \.\/none\.js: [^\n]*\n$/);
});

test('a reporter that fails makes the run fail', async () => {
  const project = projectOf({
    'late.js': `export default () => ({
      event() {},
      close: () => new Promise((done) => setImmediate(() => { setImmediate(done); throw new RangeError('too late'); })),
    });`,
    'test_a.ts': testCase('  test_a() {}'),
    'bad.js': "export default () => ({ event() { throw new Error('oops'); } });",
  });
  const { status, stderr } = await project.run('--reporter', './bad.js', 'test_a.ts').done;
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^trial: The reporter \.\/bad\.js is left out, since its event\(\) threw at runStarted: Error: oops/,
  );
  const late = await project.run('--reporter', './late.js', 'test_a.ts').done;
  assert.equal(late.status, 1);
  assert.match(
    late.stderr,
    /^trial: In the reporter \.\/late\.js something went wrong that it does not handle\.\nRangeError: too late\n/,
  );
});

test('stderr can be opened by its name, by scripts as well', { skip: process.platform !== 'linux' }, async () => {
  const body = `  test_a() {
    writeFileSync('/dev/stderr', 'a\\n');
    appendFileSync(openSync('/dev/stderr', 'w'), 'b\\n');
    const script = 'echo c > /dev/stderr';
    this.assertEqual(spawnSync('sh', ['-c', script], { stdio: ['ignore', 'ignore', 'inherit'] }).status, 0);
  }`;
  const text = `import { appendFileSync, openSync } from 'node:fs';\n${testCase(body)}`;
  const { status, stderr } = await projectOf({ 'test_a.ts': text }).run('--leaks=off', 'test_a.ts').done;
  assert.deepEqual([status, stderr.split('\n').sort().join('')], [0, 'abc']);
});

test('stdout and stderr stay in order in one file', async () => {
  const body = "  test_a() { console.log('1'); console.error('2'); console.log('3'); process.stderr.write('4\\n'); }";
  const project = projectOf({ 'test_a.ts': testCase(body) });
  const file = openSync(project.path('out'), 'w');
  await project.run('test_a.ts', { stdout: file, stderr: file }).done;
  closeSync(file);
  assert.match(project.read('out'), /test_a \.\.\. 1\n2\n3\n4\n +\[OK\]\n/);
});

const OUTSIDE = testCase(
  "  test_a() { console.log(process.ppid === Number(process.env.PARENT) ? 'alone' : 'supervised'); }",
);
for (const [name, { args = [], env, files, expected }] of Object.entries({
  'CI is set': { env: { CI: 'true' }, expected: 'supervised' },
  'CI is false': { env: { CI: 'false' }, expected: 'alone' },
  'CI is 0': { env: { CI: '0' }, expected: 'alone' },
  'CI is empty': { env: { CI: '' }, expected: 'alone' },
  '--no-supervise under CI': { args: ['--no-supervise'], env: { CI: '1' }, expected: 'alone' },
  'the last option counts': { args: ['--no-supervise', '--supervise'], expected: 'supervised' },
  'configured on': { files: { 'trial.config.json': '{ "supervise": true }' }, expected: 'supervised' },
  'configured off': { env: { CI: '1' }, files: { 'trial.config.json': '{ "supervise": false }' }, expected: 'alone' },
  'configured off in package.json': {
    env: { CI: '1' },
    files: { 'package.json': '{ "type": "module", "trial": { "supervise": false } }' },
    expected: 'alone',
  },
  'configured off, and asked for': {
    args: ['--supervise'],
    files: { 'trial.config.json': '{ "supervise": false }' },
    expected: 'supervised',
  },
})) {
  test(`whether a run is supervised: ${name}`, async () => {
    const project = new Project({ 'test_a.ts': OUTSIDE, ...files });
    const { status, stdout } = await project.trial(...args, 'test_a.ts', {
      env: { PARENT: String(process.pid), ...env },
    });
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(` ${expected}\\n`));
  });
}

test('the sign of supervision does not reach the tests', async () => {
  const body = `  test_a() {
    this.assertEqual(Object.keys(process.env).filter((name) => name.startsWith('TXTRIAL')), []);
    this.assertEqual(process.send, undefined);
  }`;
  assert.equal((await projectOf({ 'test_a.ts': testCase(body) }).run('test_a.ts').done).status, 0);
});

test('texts and lists are printed', async () => {
  const project = projectOf({ 'test_a.ts': testCase('  test_a() {}') });
  assert.match((await project.run('--version').done).stdout, /^txtrial \d/);
  assert.equal((await project.run('--list', 'test_a.ts').done).stdout, 'test_a.ATests.test_a\n');
  const none = await project.run('nowhere.ts').done;
  assert.deepEqual([none.status, none.stdout], [2, '']);
  assert.match(none.stderr, /^trial: .*nowhere\.ts/);
});

const DEADLY = testCase(`  test_a() {}
  test_b() { console.log('again'); if (once('b')) die(); }
  test_c() { if (once('c')) this.fail('first'); if (once('d')) die('SEGV'); }
  test_d() { die(); }
  test_e() { if (once('e')) this.fail('first'); }`);

test('an attempt that kills its process is an attempt: the next one is made in a fresh process', async () => {
  const project = projectOf({ 'test_a.ts': DEADLY });
  const { status, planned, events, outcomes, finished, stderr } = await project.report('--retries', '2', 'test_a.ts');

  const ends = events.filter(({ type }) => type === 'testFinished');
  const attempts = Object.fromEntries(
    ends.map(({ id, attempts: all = [] }) => [
      id.split('.').at(-1),
      all.map(
        ({ outcomes: [{ kind, cause }], after, position }) =>
          `${cause ?? kind} ${after?.split('.').at(-1)} ${position}`,
      ),
    ]),
  );
  assert.deepEqual(attempts, {
    test_a: [],
    test_b: ['death test_a 2', 'success undefined 2'],
    test_c: ['assertion test_b 3', 'death test_c 3', 'success undefined 3'],
    test_d: ['death test_c 4', 'death undefined 4', 'death undefined 4'],
    test_e: ['assertion undefined 5', 'success test_e 5'],
  });
  assert.deepEqual(outcomes, {
    test_a: 'success',
    test_b: 'success',
    test_c: 'success',
    test_d: 'error death',
    test_e: 'success',
  });
  assert.deepEqual(
    ends.filter(({ flaky }) => flaky).map(({ id }) => id.split('.').at(-1)),
    ['test_b', 'test_c', 'test_e'],
  );
  assert.equal(planned, 5);
  assert.equal(finished.totals.flaky, 3);
  assert.deepEqual([finished.totals.successes, finished.totals.errors], [4, 1]);
  assert.equal(status, 1);
  assert.equal(stderr.match(/has died/g).length, 5);
});

test('an attempt that kills its process, in the last test, with -x and with several passes', async () => {
  const project = projectOf({ 'test_a.ts': testCase("  test_a() {}\n  test_b() { if (once('b')) die(); }") });
  const args = ['--retries', '1', '--repeat', '2', '-x', 'test_a.ts'];
  const { status, events, finished } = await project.report(...args);

  const ends = events
    .filter(({ type }) => type === 'testFinished')
    .map(({ id, flaky }) => [id.split('.').at(-1), flaky]);
  assert.deepEqual(ends, [
    ['test_a', undefined],
    ['test_b', true],
    ['test_a', undefined],
    ['test_b', undefined],
  ]);
  assert.equal(finished.totals.successes, 2);
  assert.equal(status, 0);
});
