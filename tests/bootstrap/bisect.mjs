import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { Project, testCase } from './support/project.mjs';

const DIRTY = `const world = globalThis;\n${testCase(`  test_a() {}
  test_culprit() { world.dirty = true; }
  test_d() {}`)}`;
const VICTIM = testCase(
  `  test_fine() {}
  test_victim() { this.assertEqual(globalThis.dirty, undefined); }`,
  'BTests',
);

/** The status and output of a shell's line. */
function paste(line, cwd) {
  return new Promise((resolve) => {
    const { CI: _, ...env } = process.env;
    execFile('sh', ['-c', line], { cwd, env }, (error, stdout) => resolve({ status: error?.code ?? 0, stdout }));
  });
}

const reproOf = (stdout) => /^repro: (.+)$/m.exec(stdout)?.[1];

test('the earlier test that makes one fail is named, with the line for the two', async () => {
  const project = new Project({ 'tests/test_a.ts': DIRTY, 'tests/test_b.ts': VICTIM });
  const { status, stdout, stderr } = await project.trial('--bisect', 'tests');
  assert.equal(stderr, '');
  assert.equal(status, 1);
  assert.match(stdout, /^Ran 5 tests: 1 failed\.$/m);
  const victim = 'tests.test_b.BTests.test_victim';
  const culprit = 'tests.test_a.ATests.test_culprit';
  assert.ok(stdout.includes(`\n${victim} fails after ${culprit}, and passes alone.\n`), stdout);
  assert.ok(reproOf(stdout).endsWith(` ${culprit} ${victim}`), stdout);
  const again = await paste(reproOf(stdout), project.folder);
  assert.match(again.stdout, /FAILED \(failures=1, successes=1\)/);
});

test('also in a random order, where the culprit has the later name, under CI and with other options', async () => {
  const project = new Project({ 'tests/test_b.ts': DIRTY, 'tests/test_a.ts': VICTIM });
  const seeds = Array.from({ length: 50 }, (_, n) => `${n + 1}`);
  let seed;
  for (const each of seeds) {
    const { stdout } = await project.trial('--list', '-z', each, 'tests');
    if (stdout.indexOf('test_culprit') < stdout.indexOf('test_victim')) seed ??= each;
    if (seed !== undefined) break;
  }
  const args = ['--bisect', '-z', seed, '-x', '--retries', '3', 'tests'];
  project.write({ 'trial.config.json': '{ "untilFailure": true, "reporter": "json" }' });
  const { stdout } = await project.trial(...args, { env: { CI: 'true' } });
  assert.match(stdout, /^tests\.test_a\.BTests\.test_victim fails after tests\.test_b\.ATests\.test_culprit, and/m);
  assert.equal((await paste(reproOf(stdout), project.folder)).status, 1);
});

test('several that make it fail only together', async () => {
  const count = (name) => `  test_${name}() { globalThis.count = (globalThis.count ?? 0) + 1; }`;
  const project = new Project({
    'test_a.ts': testCase(`${count('a')}\n  test_b() {}\n${count('c')}\n  test_d() {}
  test_e() { this.assertNotEqual(globalThis.count, 2); }`),
  });
  const { stdout } = await project.trial('--bisect', 'test_a.ts');
  assert.match(stdout, /^test_a\.ATests\.test_e fails after test_a\.ATests\.test_a and test_a\.ATests\.test_c, and/m);
});

test('a test that fails alone, one that kills its process after another, and one that fails only the first time', async () => {
  const project = new Project({
    'test_a.ts': testCase("  test_alone() { this.fail('always'); }"),
    'test_b.ts': `import { execFileSync } from 'node:child_process';
${testCase(`  test_a() { globalThis.deadly = true; }
  test_b() { if (globalThis.deadly) execFileSync('kill', ['-9', String(process.pid)]); }`)}`,
    'test_c.ts': `import { existsSync, writeFileSync } from 'node:fs';
${testCase(`  test_once() { if (!existsSync('../once')) { writeFileSync('../once', ''); this.fail('once'); } }`)}`,
  });
  const alone = await project.trial('--bisect', 'test_a.ts');
  assert.match(alone.stdout, /^test_a\.ATests\.test_alone fails alone: no earlier test makes it fail\.$/m);
  assert.equal((await paste(reproOf(alone.stdout), project.folder)).status, 1);
  const deadly = await project.trial('--bisect', 'test_b.ts');
  assert.match(deadly.stdout, /^test_b\.ATests\.test_b failed: its process died$/m);
  assert.match(deadly.stdout, /^test_b\.ATests\.test_b fails after test_b\.ATests\.test_a, and passes alone\.$/m);
  const once = await project.trial('--bisect', 'test_b.ts:ATests.test_a', 'test_c.ts');
  assert.match(once.stdout, /^test_c\.ATests\.test_once passes when all that ran before it is run again/m);
});

test('nothing fails: 0; nothing is found: 2', async () => {
  const project = new Project({ 'test_a.ts': testCase('  test_a() {}') });
  const passed = await project.trial('--bisect', 'test_a.ts');
  assert.deepEqual(passed, { status: 0, stdout: 'Ran 1 test: none failed.\n', stderr: '' });
  const missing = await project.trial('--bisect', 'test_z.ts');
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /^trial: test_z\.ts does not exist[^\n]*\n$/);
  assert.equal(missing.stdout, '');
});

test('a list that is too long for a command line', async () => {
  const many = Array.from({ length: 3000 }, (_, n) => `  test_${'x'.repeat(60)}${n}() {}`).join('\n');
  const project = new Project({
    'test_a.ts': testCase(`${many}\n  test_culprit() { globalThis.dirty = true; }`),
    'test_b.ts': VICTIM,
  });
  const { stdout } = await project.trial('--bisect', 'test_a.ts', 'test_b.ts');
  assert.match(stdout, /^test_b\.BTests\.test_victim fails after test_a\.ATests\.test_culprit, and passes alone\.$/m);
});
