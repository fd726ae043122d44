import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { InspectorClient } from './support/inspector.mjs';
import { Project, testCase } from './support/project.mjs';

const TWO = testCase('  test_a() {}\n  test_b() {}');

async function refused(args, pattern) {
  const { status, stdout, stderr } = await new Project({ 'test_a.ts': TWO }).trial(...args, 'test_a.ts');
  assert.equal(stdout, '', args.join(' '));
  assert.match(stderr, /^trial: [^\n]+\n$/, args.join(' '));
  assert.match(stderr, pattern);
  assert.equal(status, 2, args.join(' '));
}

function ids({ events }) {
  return events.filter(({ type }) => type === 'testStarted').map(({ id }) => id.split('.').at(-1));
}

test('unknown options, also those that are to come, are refused with a suggestion', async () => {
  await refused(['--exitfrist'], /--exitfrist.*--exitfirst/);
  await refused(['--temp-dir=x'], /--temp-dir\b/);
  for (const option of ['-q', '-j4', '--jobs=2', '--coverage', '--last-failed', '--spew'])
    await refused([option], /nknown/);
});

test('bad values are refused', async () => {
  await refused(['--timeout', 'soon'], /'soon'.*--timeout.*seconds/);
  await refused(['--timeout=-1'], /'-1'/);
  await refused(['--timeout', '1e3'], /'1e3'/);
  await refused(['--timeout', ''], /''/);
  await refused(['--repeat', '0'], /--repeat/);
  await refused(['--repeat', '1.5'], /--repeat/);
  await refused(['-z', '-5'], /'-5'.*--random/);
  await refused(['-z', '5x'], /'5x'.*--random/);
  await refused(['--order', 'random'], /alphabetical or toptobottom/);
  await refused(['--tbformat', 'html'], /plain/);
  await refused(['-r', 'gtk'], /node/);
  await refused(['--grep', '('], /regular expression/);
  await refused(['--reporter', 'nope'], /nope.*--help-reporters/);
  await refused(['--reporter', './nope.js'], /nope\.js/);
  await refused(['--import', './nope.js'], /nope\.js/);
  await refused(['--testmodule', 'nope.ts'], /^trial: Cannot use --testmodule nope\.ts: it does not exist\.\n$/);
  await refused(['--testmodule', '.'], /^trial: Cannot use --testmodule \.: it is a folder, not a file\.\n$/);
  await refused(['--leaks', 'all'], /it takes error, warn or off\./);
  await refused(['--grep='], /'' for --grep.*not empty/);
  await refused(['--temp-directory', ' '], /' ' for --temp-directory.*not empty/);
  await refused(['--durations', '1.5'], /'1\.5' for --durations: it takes a whole number/);
  await refused(['--durations', '-1'], /'-1' for --durations/);
});

test('switches take no value', async () => {
  for (const [written, name] of [
    ['--capture=yes', '--capture'],
    ['--no-chdir=1', '--no-chdir'],
    ['-x=3', '-x'],
    ['--help=all', '--help'],
  ]) {
    await refused([written], new RegExp(`^trial: Option ${name} takes no value: write ${name} alone\\.`));
  }
  await refused(['-='], /Unknown option -=\./);
  await refused(['--captur=yes'], /Unknown option --captur=yes\. Did you mean --capture\?/);
});

test('options that contradict each other are refused; a configuration gives way', async () => {
  for (const [one, other, value] of [
    ['--bisect', '--list'],
    ['--bisect', '--dry-run'],
    ['--bisect', '--until-failure'],
    ['--bisect', '--repeat', '3'],
    ['--bisect', '--debug'],
    ['--bisect', '--reporter', 'json'],
    ['--list', '--reporter', 'json'],
    ['--dry-run', '--until-failure'],
    ['--random=3', '--order', 'toptobottom'],
  ]) {
    const args = [one, other, ...(value === undefined ? [] : [value])];
    await refused(args, new RegExp(`${one.split('=')[0]} does not go with ${other}\\b`));
  }
  await refused(['--nopm'], /--nopm needs --debug/);
  const config = '{ "untilFailure": true, "reporter": "text", "order": "toptobottom", "nopm": true }';
  const project = new Project({ 'test_a.ts': TWO, 'trial.config.json': config });
  assert.equal((await project.trial('--list', 'test_a.ts')).stdout.split('\n').length, 3);
  assert.equal((await project.trial('--dry-run', '-z', '3', 'test_a.ts')).status, 0);
});

test('an argument that is empty is refused, not taken for the default folder', async () => {
  for (const args of [[''], ['--no-supervise', ''], ['tests', '']]) {
    const { status, stdout, stderr } = await new Project({ 'tests/test_a.ts': TWO }).trial(...args);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^trial: An argument is empty[^\n]+\n$/);
  }
});

test('a value that was forgotten is not taken from what follows', async () => {
  await refused(['--reporter', '-x'], /--reporter/);
  const { status, stderr } = await new Project().trial('--timeout');
  assert.equal(status, 2);
  assert.match(stderr, /^trial: [^\n]*--timeout[^\n]*\n$/);
});

test('help fits a screen a group; versions and lists', async () => {
  const project = new Project();
  const { status, stdout } = await project.trial('--help');
  assert.equal(status, 0);
  for (const group of stdout.split('\n\n')) assert.ok(group.split('\n').length <= 24);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
  assert.match((await project.trial('--version')).stdout, /^txtrial \d+\.\d+\.\d+\n$/);
  assert.match((await project.trial('--help-orders')).stdout, /alphabetical(.|\n)*toptobottom/);
  assert.match((await project.trial('--help-reporters')).stdout, /verbose(.|\n)*json/);
  assert.match((await project.trial('--help-reactors')).stdout, /node/);
});

test('switches in a cluster', async () => {
  const project = new Project({ 'test_a.ts': testCase('  test_a() { this.fail("no"); }\n  test_b() {}') });
  const { status, stdout } = await project.trial('-uxe', 'test_a.ts');
  assert.equal(status, 1);
  assert.match(stdout, /Ran 1 tests/);
  assert.equal(stdout.split('FailTest: no').length, 3, 'at once and at the end');
});

test('a seed gives an order; 0 picks one and says which', async () => {
  const body = Array.from({ length: 20 }, (_, i) => `  test_${String(i).padStart(2, '0')}() {}`).join('\n');
  const project = new Project({ 'test_a.ts': testCase(body) });
  const first = await project.events('-z', '0', 'test_a.ts');
  const { seed } = first.events[0];
  assert.ok(seed > 0);
  assert.notDeepEqual(ids(first), [...ids(first)].sort());
  assert.deepEqual(ids(await project.events('-z', String(seed), 'test_a.ts')), ids(first));
  assert.ok((await project.trial('-z', String(seed), 'test_a.ts')).stdout.includes(`${seed}`));
});

test('--list says which seed the order is of, so that a run can have the same', async () => {
  const project = new Project({ 'test_a.ts': testCase('  test_a() {}\n  test_b() {}\n  test_c() {}\n  test_d() {}') });
  const first = await project.trial('--list', '-z', '0', 'test_a.ts');
  assert.equal(first.status, 0);
  const [, seed] = /^Listing tests shuffled with seed (\d+)\n$/.exec(first.stderr);
  assert.equal((await project.trial('--list', '-z', seed, 'test_a.ts')).stdout, first.stdout);
});

test('which tests: --grep, --list, --testmodule', async () => {
  const project = new Project({
    'tests/test_a.ts': TWO,
    'src/a.ts': '// -*- test-case-name: tests.test_a.ATests.test_b -*-\n',
  });
  assert.deepEqual(ids(await project.events('--grep', '_b$', 'tests')), ['test_b']);
  assert.deepEqual(ids(await project.events('--testmodule', 'src/a.ts')), ['test_b']);
  assert.equal((await project.trial('--list')).stdout, 'tests.test_a.ATests.test_a\ntests.test_a.ATests.test_b\n');
  assert.equal((await project.trial('--grep', 'nothing', 'tests')).status, 2);
});

test('--durations: with a number, before a test, by configuration', async () => {
  const project = new Project({ 'test_a.ts': testCase('  test_a() {}\n  test_b() {}') });
  for (const [args, pattern] of [
    [['--durations', '1', 'test_a.ts'], /The 1 slowest of 2 tests:/],
    [['--durations', 'test_a.ts'], /The 2 slowest of 2 tests:/],
    [['test_a.ts', '--durations'], /The 2 slowest of 2 tests:/],
    [['--supervise', '--durations', '--reporter', 'summary', 'test_a.ts'], /The 2 slowest of 2 tests:/],
  ]) {
    assert.match((await project.trial(...args)).stdout, pattern);
  }
  project.write({ 'trial.config.json': '{ "durations": 1 }' });
  assert.match((await project.trial('test_a.ts')).stdout, /The 1 slowest of 2 tests:/);
});

test('--dry-run, --repeat, --until-failure', async () => {
  const body = `  test_a() {
    globalThis.count = (globalThis.count ?? 0) + 1;
    this.assertLess(globalThis.count, 3);
  }`;
  const project = new Project({ 'test_a.ts': testCase(body) });
  assert.equal((await project.trial('--dry-run', '--repeat', '9', 'test_a.ts')).status, 0);
  const { status, stdout } = await project.trial('-u', 'test_a.ts');
  assert.equal(status, 1);
  assert.match(stdout, /Test Pass 3/);
  assert.match(stdout, /Ran 1 tests .*\n\nFAILED \(failures=1\)\n$/);
  const most = await project.trial('-u', '--repeat', '2', 'test_a.ts');
  assert.equal(most.status, 0);
  assert.match(most.stdout, /Test Pass 2\n(?:(?!Test Pass)(?:.|\n))*$/);
  assert.match((await project.trial('-u', '--repeat', '9', 'test_a.ts')).stdout, /Test Pass 3\n(?:.|\n)*FAILED/);
  assert.doesNotMatch((await project.trial('-u', '--repeat', '1', 'test_a.ts')).stdout, /Test Pass/);
  const { events } = await project.events('--repeat', '2', 'test_a.ts');
  assert.equal(ids({ events }).length, 2);
  assert.equal(events.at(-1).totals.successes, 1);
});

test('--timeout', async () => {
  const project = new Project({
    'test_a.ts': testCase('  test_a() { return new Promise((r) => setTimeout(r, 60000)); }'),
  });
  const { status, events } = await project.events('--timeout', '0.1', 'test_a.ts');
  assert.equal(status, 1);
  assert.equal(events.find(({ type }) => type === 'testFinished').outcomes[0].errorName, 'TimeoutError');
});

test('--import', async () => {
  const project = new Project({
    'test_a.ts': testCase("  test_a() { this.assertEqual(globalThis.order, ['one', 'two']); }"),
    'one.mjs': "globalThis.order = ['one'];",
    'two.ts': "(globalThis as { order?: string[] }).order?.push('two');",
  });
  assert.equal((await project.trial('--import', './one.mjs', '--import', './two.ts', 'test_a.ts')).status, 0);
});

for (const how of ['--no-supervise', '--supervise']) {
  test(`--profile ${how}`, async () => {
    const project = new Project({ 'test_a.ts': TWO });
    assert.equal((await project.trial('--profile', how, 'test_a.ts')).status, 0);
    const { nodes } = JSON.parse(project.read('_trial_temp', 'trial.cpuprofile'));
    assert.ok(nodes.length > 0);
  });
}

test('--profile has what runs after a death', async () => {
  const body = `  test_a() { spawnSync('kill', ['-9', String(process.pid)]); }
  test_b() { const end = Date.now() + 50; while (Date.now() < end); }`;
  const project = new Project({ 'test_a.ts': `import { spawnSync } from 'node:child_process';\n${testCase(body)}` });
  assert.equal((await project.trial('--profile', '--supervise', 'test_a.ts')).status, 1);
  const { nodes } = JSON.parse(project.read('_trial_temp', 'trial.cpuprofile'));
  assert.ok(nodes.some(({ callFrame }) => callFrame.functionName === 'test_b'));
});

for (const [args, stops] of [
  [['-b'], true],
  [['-b', '--nopm'], false],
  [['--debug', '--supervise'], true],
]) {
  test(`${args.join(' ')}: the debugger ${stops ? 'stops' : 'does not stop'} at a failure`, async () => {
    const project = new Project({ 'test_a.ts': testCase('  test_a() { this.fail("no"); }') });
    const run = project.start([...args, 'test_a.ts']);
    await run.until('Waiting for a debugger');
    await run.until('For help');
    const client = new InspectorClient();
    await client.connect(/ws:\S+/.exec(run.text.stderr)[0]);
    let stopped = false;
    client.on('Debugger.paused', () => {
      stopped = true;
      client.send('Debugger.resume');
    });
    client.send('Debugger.enable');
    client.send('Runtime.enable');
    // Again and again: the first one may come before the process has begun to wait.
    const go = setInterval(() => client.send('Runtime.runIfWaitingForDebugger'), 50);
    await Promise.race([run.until('FAILED'), once(client, 'Runtime.executionContextDestroyed')]);
    clearInterval(go);
    client.close();
    assert.equal((await run.done).status, 1);
    assert.equal(stopped, stops);
  });
}

test('configuration: in package.json or a file of its own; arguments win', async () => {
  const json = '{ "reporter": "text", "tests": ["spec/a_test.ts"], "chdir": false, "timeout": 0.2, "exitfirst": true }';
  for (const [name, text] of [
    ['package.json', `{ "type": "module", "trial": ${json} }`],
    ['trial.config.json', json],
    ['trial.config.js', `export default ${json};`],
    ['trial.config.ts', `type Any = object;\nexport default ${json} satisfies Any;`],
  ]) {
    const body = "  test_a() { console.log(process.cwd()); this.fail('no'); }\n  test_b() {}";
    const project = new Project({ 'spec/a_test.ts': testCase(body), [name]: text });
    const { status, stdout, stderr } = await project.trial();
    assert.equal(stderr, '', name);
    assert.equal(status, 1, name);
    assert.ok(stdout.startsWith(`${project.folder}\nF\n`), name);
    assert.match(stdout, /Ran 1 tests/, name);
    assert.match((await project.trial('--reporter', 'bwverbose')).stdout, /ATests\.test_a \.\.\. /, name);
  }
});

test('configuration: mistakes are named', async () => {
  for (const [files, pattern] of [
    [{ 'trial.config.json': '{ "timout": 5 }' }, /timout in trial\.config\.json/],
    [{ 'trial.config.json': '{ "timeout": "soon" }' }, /timeout in trial\.config\.json/],
    [{ 'trial.config.json': '{ "exitfirst": 1 }' }, /exitfirst in trial\.config\.json.*true or false/],
    [{ 'trial.config.json': '[]' }, /trial\.config\.json/],
    [{ 'trial.config.json': '{' }, /trial\.config\.json/],
    [{ 'trial.config.js': 'throw new Error("why")' }, /trial\.config\.js: Error: why \(trial\.config\.js:1:7\)/],
    [{ 'trial.config.js': 'export default {}', 'package.json': '{ "trial": {} }' }, /Both .*package\.json/],
    [{ 'package.json': '{ "trial": { "tests": [5] } }' }, /tests in "trial" in package\.json/],
  ]) {
    const { status, stderr } = await new Project({ 'tests/test_a.ts': TWO, ...files }).trial();
    assert.equal(status, 2, JSON.stringify(files));
    assert.match(stderr, /^trial: [^\n]+\n$/);
    assert.match(stderr, pattern);
  }
});
