// Every test is accounted for, in whatever way the process ends and whoever reports.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project, testCase } from './support/project.mjs';

/** By name: what a test does, and what the report says of it. */
const DEATHS = {
  exit: ['process.exit(7);', /ForbiddenExitError: process\.exit\(7\) was called in a test/],
  exit_later: [
    'setImmediate(() => process.exit()); return new Promise((r) => setTimeout(r, 20));',
    /ForbiddenExitError: process\.exit\(\)/,
  ],
  abort: ['process.abort();', /ForbiddenExitError: process\.abort\(\) was called/],
  kill_itself: [
    "process.kill(process.pid, 'SIGKILL');",
    /ForbiddenExitError: process\.kill\(process\.pid, "SIGKILL"\)/,
  ],
  crash_asked_for: [
    "process.kill(process.pid, 'SIGSEGV');",
    /ForbiddenExitError: process\.kill\(process\.pid, "SIGSEGV"\)/,
  ],
};
/** What no process can keep from happening to it. */
const SUPERVISED = {
  ...DEATHS,
  killed: [
    "print(); die('KILL');",
    /It was killed by SIGKILL\. That comes from outside.* It had \d+ MB of memory\. Its last output:\n {2}last words/,
  ],
  crashed: [
    "print(); die('SEGV');",
    /It was killed by SIGSEGV\. That is a crash of native code\. It had \d+ MB of memory\. Its last output:\n {2}last words/,
  ],
  aborted: ["die('ABRT');", /It was killed by SIGABRT\. That is a crash of native code\. It had \d+ MB/],
  exited: ['exitOf(9);', /It ended with exit code 9\. It had \d+ MB of memory\./],
  heap: [
    'const all = []; for (;;) all.push(new Array(1000).fill().map(() => ({})));',
    /It was killed by SIG\w+\. Its heap was full: .* It had \d+ MB of memory\. Its last output:\n(.*\n)*.*FATAL ERROR: .*heap/,
  ],
};

const HEAD = `import { spawnSync } from 'node:child_process';
const die = (signal) => {
  spawnSync('kill', ['-' + signal, String(process.pid)]);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
const print = () => console.log('last words');
`;
/** Node's own, from before anybody could guard it. */
const PRELOAD = 'globalThis.exitOf = process.reallyExit.bind(process);';

/** A test that passes before, between and after those that die. */
const bodyOf = (ways) =>
  Object.values(ways)
    .map(([body], i) => `  test_${letter(2 * i)}() {}\n  test_${letter(2 * i + 1)}() { ${body} }`)
    .concat('  test_z() {}')
    .join('\n');
const letter = (i) => String.fromCharCode(97 + i);

const REPORTER = `export default ({ stdout }) => ({
  takesOutput: true,
  event(event) { stdout.write(event.type + '|' + (event.outcomes ?? []).map(({ kind, errorName, message }) => kind + ' ' + errorName + ': ' + message).join() + '\\n'); },
});`;

/** What each reporter has to say of so many errors and successes. */
const TALLIES = {
  verbose: (errors, successes) =>
    new RegExp(
      `\\nRan ${errors + successes} tests in .*\\n\\nFAILED \\(errors=${errors}, successes=${successes}\\)\\n$`,
    ),
  summary: (errors, successes) =>
    new RegExp(`\\n[\\d.]+ ${errors + successes} ${errors + successes} ${errors} 0 0\\n$`),
  json: (errors, successes) =>
    new RegExp(
      `"planned":${errors + successes}[^]*"totals":\\{"successes":${successes},"failures":0,"errors":${errors},[^\\n]*"exitCode":1\\}\\n$`,
    ),
  './reporter.js': (errors, successes) =>
    new RegExp(
      `^runStarted\\|\\n(testStarted\\|\\n(?:output\\|\\n)*testFinished\\|(?:error (?:(?!\\ntest).|\\n)*|success undefined: undefined)\\n){${errors + successes}}runFinished\\|\\n$`,
    ),
};
for (const same of ['bwverbose', 'text', 'timing']) TALLIES[same] = TALLIES.verbose;

/** How often each reporter shows the line of a single test. */
const MARKS = {
  verbose: [/^ {4}test_\w+ \.\.\. /gm, / \[(?:ERROR|OK)\]$/gm],
  bwverbose: [/^test_a\.ATests\.test_\w+ \.\.\. /gm, /(?:^| )\[(?:ERROR|OK)\]$/gm],
  timing: [/^test_a\.ATests\.test_\w+ \.\.\. /gm, /^\([\d.]+ secs\)$/gm],
};

for (const [how, ways] of Object.entries({ '--no-supervise': DEATHS, '--supervise': SUPERVISED })) {
  for (const [reporter, tally] of Object.entries(TALLIES)) {
    test(`planned are reported, whatever happens (${how}, ${reporter})`, async () => {
      const project = new Project({
        'test_a.ts': HEAD + testCase(bodyOf(ways)),
        'preload.cjs': PRELOAD,
        'reporter.js': REPORTER,
      });
      const execArgv = ['--max-old-space-size=60', '--require', project.path('preload.cjs')];
      const result = await project.trial(how, '--reporter', reporter, 'test_a.ts', { execArgv });
      const { status, stdout } = result;
      const errors = Object.keys(ways).length;
      assert.equal(status, 1, result.stderr);
      assert.match(stdout, tally(errors, errors + 1));
      for (const mark of MARKS[reporter] ?? []) assert.ok(stdout.match(mark)?.length >= 2 * errors + 1, String(mark));
      if (reporter === 'summary') return;
      const text = reporter === 'json' ? texts(stdout) : stdout;
      for (const [name, [, pattern]] of Object.entries(ways)) assert.match(text, pattern, name);
      const log = project.read('_trial_temp', 'test.log');
      assert.equal(log.match(/--> test_a\.ATests\.test_\w+ <--/g).length, 2 * errors + 1);
    });
  }
}

/** The messages of all errors, and nothing counted twice. */
function texts(stdout) {
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const finished = events.filter(({ type }) => type === 'testFinished');
  assert.deepEqual(
    finished.map(({ id }) => id),
    events.filter(({ type }) => type === 'testStarted').map(({ id }) => id),
  );
  assert.equal(new Set(finished.map(({ id }) => id)).size, finished.length);
  return finished
    .flatMap(({ outcomes }) => outcomes.map(({ errorName, message }) => `${errorName}: ${message}`))
    .join('\n');
}

for (const how of ['--no-supervise', '--supervise']) {
  test(`a constructor that ends the process is an error of its test, now or later (${how})`, async () => {
    const body = `  constructor(name) {
    super(name);
    if (name === 'test_b') process.exit(0);
    if (name === 'test_c') try { process.exit(0); } catch {}
    if (name === 'test_e') setTimeout(() => process.exit(0), 1);
  }
  test_a() {}
  test_b() {}
  test_c() {}
  test_d() {}
  test_e() { return new Promise((resolve) => setTimeout(resolve, 30)); }`;
    const project = new Project({ 'test_a.ts': testCase(body) });
    const { status, stderr, events } = await project.events(how, 'test_a.ts');
    assert.deepEqual([status, stderr], [1, '']);
    const finished = events.filter(({ type }) => type === 'testFinished');
    const kinds = finished.map(({ outcomes: [{ kind, errorName = '' }] }) => `${kind} ${errorName}`.trim());
    const error = 'error ForbiddenExitError';
    assert.deepEqual(kinds, ['success', error, error, 'success', 'success']);
    // In no test's context: whose it is can only be guessed.
    const strays = events.filter(({ type }) => type === 'loadError');
    assert.deepEqual(
      strays.map(({ errorName }) => errorName),
      ['ForbiddenExitError'],
    );
    assert.deepEqual([events.at(-1).totals.errors, events.at(-1).totals.successes], [3, 3]);
  });
}

for (const how of ['--no-supervise', '--supervise']) {
  test(`a module or a constructor that blocks the event loop is cut off, and the rest runs (${how})`, async () => {
    const constructors = `  constructor(name) {
    super(name);
    if (name === 'test_b') for (;;);
  }
  test_a() {}
  test_b() {}
  test_c() {}`;
    const project = new Project({
      'test_a.ts': `import './dependency.js';\n${testCase('  test_a() {}')}`,
      'test_b.ts': `import './dependency.js';\n${testCase('  test_a() {}')}`,
      'test_c.ts': testCase(constructors),
      'dependency.ts':
        'class Base { static forever() { for (;;); } static x = Base.forever(); }\nexport default Base.x;',
    });
    const files = ['test_a.ts', 'test_b.ts', 'test_c.ts'];
    const { status, stderr, events } = await project.events(how, '--timeout', '0.5', ...files);
    assert.deepEqual([status, stderr], [1, '']);
    const [first, second] = events.filter(({ type }) => type === 'loadError');
    assert.equal(first.id, 'test_a.ts');
    assert.match(
      first.stack,
      /^TimeoutError: test_a\.ts \(loading\) blocks the event loop, still at 10 secs\n +at .*dependency\.ts:1:/,
    );
    assert.equal(second.id, 'test_b.ts');
    assert.match(
      second.message,
      /^It imports a module that blocks the event loop, as test_a\.ts did: that was cut off/,
    );
    const finished = events.filter(({ type }) => type === 'testFinished');
    assert.deepEqual(
      finished.map(({ outcomes: [{ kind, cause }] }) => [kind, cause]),
      [
        ['success', undefined],
        ['error', 'timeout'],
        ['success', undefined],
      ],
    );
    const { message, stack } = finished[1].outcomes[0];
    assert.match(message, /ATests\.test_b \(constructor\) blocks the event loop, still at 0\.5 secs$/);
    assert.match(stack, /\n +at new ATests \(.*test_c\.ts:\d+:/);
  });
}
