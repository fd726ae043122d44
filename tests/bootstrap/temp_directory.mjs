import assert from 'node:assert/strict';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { Project, testCase } from './support/project.mjs';

const PASSING = testCase('  test_a() {}');
/** Ends when the file go is there. */
const WAITING = testCase(`  async test_a() {
    const { existsSync } = await import('node:fs');
    while (!existsSync(process.env.GO)) await new Promise((resolve) => setTimeout(resolve, 10));
  }`);

test('tests run in it; what they write and the log stay to be read', async () => {
  const body = "  async test_a() { (await import('node:fs')).writeFileSync('mark', process.cwd()); }";
  const project = new Project({ 'test_a.ts': testCase(body) });
  assert.equal((await project.trial('test_a.ts')).status, 0);
  assert.equal(project.read('_trial_temp', 'mark'), project.path('_trial_temp'));
  assert.match(
    project.read('_trial_temp', 'test.log'),
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[-\] --> test_a\.ATests\.test_a <--$/m,
  );
  assert.deepEqual(readdirSync(project.path('_trial_temp')).sort(), ['_trial_marker', 'mark', 'test.log']);
});

test('--no-chdir keeps the working directory', async () => {
  const body = "  async test_a() { (await import('node:fs')).writeFileSync('mark', process.cwd()); }";
  const project = new Project({ 'test_a.ts': testCase(body) });
  assert.equal((await project.trial('--no-chdir', 'test_a.ts')).status, 0);
  assert.equal(project.read('mark'), project.folder);
});

test('the next run begins with it empty', async () => {
  const body = "  async test_a() { (await import('node:fs')).mkdirSync('deep/er', { recursive: true }); }";
  const project = new Project({ 'test_a.ts': testCase(body), 'test_b.ts': PASSING });
  await project.trial('test_a.ts');
  chmodSync(project.path('_trial_temp', 'deep'), 0o500);
  assert.equal((await project.trial('test_b.ts')).status, 0);
  assert.deepEqual(readdirSync(project.path('_trial_temp')).sort(), ['_trial_marker', 'test.log']);
});

for (const [what, make] of Object.entries({
  directory: (project) => project.write({ '_trial_temp/mine': 'precious' }),
  "directory with a marker that is not trial's": (project) =>
    project.write({ '_trial_temp/mine': 'precious', '_trial_temp/_trial_marker': '' }),
  'empty directory': (project) => mkdirSync(project.path('_trial_temp')),
  file: (project) => project.write({ _trial_temp: 'precious' }),
  'symbolic link': (project) => {
    project.write({ 'elsewhere/mine': 'precious', 'elsewhere/_trial_marker': '' });
    symlinkSync('elsewhere', project.path('_trial_temp'));
  },
})) {
  test(`a ${what} of that name that trial has not made is refused and left alone`, async () => {
    const project = new Project({ 'test_a.ts': PASSING });
    make(project);
    const before = lstatSync(project.path('_trial_temp'));
    const { status, stdout, stderr } = await project.trial('test_a.ts');
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^trial: Cannot use \.\/_trial_temp: [^\n]*--temp-directory\.\n$/);
    const after = lstatSync(project.path('_trial_temp'));
    assert.deepEqual([after.ino, after.mtimeMs, after.size], [before.ino, before.mtimeMs, before.size]);
    if (what !== 'file' && what !== 'empty directory') assert.equal(project.read('_trial_temp', 'mine'), 'precious');
    assert.equal((await project.trial('--temp-directory', 'other', 'test_a.ts')).status, 0);
    assert.ok(existsSync(project.path('other', 'test.log')));
  });
}

test('eight runs at once have a directory each', async () => {
  const project = new Project({ 'test_a.ts': WAITING });
  await project.trial('test_a.ts', { env: { GO: '/' } });
  // Left by a run that was killed: all eight find it at once.
  project.write({ '_trial_temp/_trial_lock': '999999999 1\n' });
  const runs = Array.from({ length: 8 }, () => project.start(['test_a.ts'], { env: { GO: project.path('go') } }));
  await Promise.all(runs.map((run) => run.until('test_a ...')));
  const folders = readdirSync(project.folder)
    .filter((name) => name.startsWith('_trial_temp'))
    .sort();
  assert.deepEqual(folders, ['_trial_temp', ...[1, 2, 3, 4, 5, 6, 7].map((n) => `_trial_temp-${n}`)]);
  const owners = folders.map((name) => readFileSync(project.path(name, '_trial_lock'), 'utf8').split(' ')[0]);
  assert.deepEqual(new Set(owners), new Set(runs.map((run) => String(run.child.pid))));
  project.write({ go: '' });
  for (const run of runs) assert.equal((await run.done).status, 0);
  for (const name of folders) assert.ok(!existsSync(project.path(name, '_trial_lock')), name);
});

test('a killed run does not keep its directory', async () => {
  const project = new Project({ 'test_a.ts': WAITING });
  const run = project.start(['test_a.ts'], { env: { GO: '/nowhere' } });
  await run.until('test_a ...');
  run.child.kill('SIGKILL');
  assert.equal((await run.done).status, 'SIGKILL');
  assert.ok(existsSync(project.path('_trial_temp', '_trial_lock')));
  assert.match(project.read('_trial_temp', 'test.log'), /--> test_a\.ATests\.test_a <--/);
  assert.equal((await project.trial('test_a.ts', { env: { GO: '/' } })).status, 0);
  assert.ok(!existsSync(project.path('_trial_temp-1')));
});

test('a test that empties its working directory does not make it foreign', async () => {
  const body = `  async test_a() {
    const { readdirSync, rmSync } = await import('node:fs');
    for (const name of readdirSync('.')) rmSync(name, { recursive: true });
  }`;
  const project = new Project({ 'test_a.ts': testCase(body) });
  for (const time of ['first', 'second']) assert.equal((await project.trial('test_a.ts')).status, 0, time);
});

test('a directory that the run was started in is refused: it would be emptied', async () => {
  const project = new Project({ 'test_a.ts': testCase('  test_a() {}') });
  for (const path of ['/', '.', '..', project.folder]) {
    const { status, stderr } = await project.trial('--temp-directory', path, 'test_a.ts');
    assert.equal(status, 2, path);
    assert.match(stderr, /^trial: Cannot use \/[^ ]*, which the tests were started in: .* a name that is free\.\n$/);
  }
});

for (const how of ['--no-supervise', '--supervise']) {
  test(`${how}: a disk on which there is no room for the log: 2 and one line`, async () => {
    const project = new Project({
      'test_a.ts': testCase('  test_a() {}'),
      'full.cjs': `const fs = require('node:fs');
        const { writeSync } = fs;
        fs.writeSync = (fd, data, ...rest) => {
          const isLog = String(data).includes('[-] Log opened.');
          if (isLog) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
          return writeSync(fd, data, ...rest);
        };`,
    });
    const env = { NODE_OPTIONS: `--require=${project.path('full.cjs')}` };
    const { status, stdout, stderr } = await project.trial(how, 'test_a.ts', { env });
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^trial: Cannot write the log file \/.*test\.log: no space left on the device\. Pass .*\.\n$/);
  });
}

test('a directory that cannot be made, and a log file outside of it: 2 and one line', async () => {
  const project = new Project({ 'test_a.ts': PASSING, file: '' });
  for (const args of [
    ['--temp-directory', 'file/temp'],
    ['--temp-directory', '/proc/nowhere/temp'],
    ['--temp-directory', 'x'.repeat(300)],
    ['--logfile', '../test.log'],
    ['--logfile', '/etc/test.log'],
    ['--logfile', '_trial_marker'],
    ['--logfile', '_trial_lock'],
    ['--logfile', '_trial_lock/x'],
    ['--logfile', 'x'.repeat(300)],
    ['-l', '-'],
  ]) {
    const { status, stderr } = await project.trial(...args, 'test_a.ts');
    assert.equal(status, 2, args.join(' '));
    assert.match(stderr, /^trial: Cannot [^\n]+\n$/, args.join(' '));
  }
  assert.equal((await project.trial('--logfile', 'logs/a.log', 'test_a.ts')).status, 0);
  assert.match(project.read('_trial_temp', 'logs', 'a.log'), /-->/);
});

test('what is logged is there, with the traceback of what failed', async () => {
  const body =
    "  test_a() { msg('first\\nsecond'); err(new RangeError('bad')); }\n  test_b() { throw new TypeError('worse'); }";
  const project = new Project({ 'test_a.ts': testCase(body) });
  assert.equal((await project.trial('test_a.ts')).status, 1);
  const log = project.read('_trial_temp', 'test.log');
  assert.match(log, / \[-\] first\n\tsecond\n/);
  assert.match(log, /RangeError: bad\n\t.*test_a\.ts:6:/);
  assert.match(log, /TypeError: worse\n\t.*test_a\.ts:7:/);
  assert.ok(log.indexOf('test_a <--') < log.indexOf('first'));
  assert.ok(log.indexOf('worse') > log.indexOf('test_b <--'));
});
