import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Project, testCase } from './support/project.mjs';

const command = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'dist', 'bin', 'trial.js');

/** What a shell makes of a line, in a directory. */
function paste(line, cwd) {
  return new Promise((resolve) => {
    const { CI: _, ...env } = process.env;
    execFile('sh', ['-c', line], { cwd, env }, (error, stdout) => resolve({ status: error?.code ?? 0, stdout }));
  });
}

const FAILING = testCase(`  test_passes() {}
  test_fails() { this.assertEqual(process.cwd(), globalThis.wanted); }
  ["test it's $HOME"]() { throw new Error('boo'); }`);

function project() {
  const made = new Project({ 'tests/test_a.ts': FAILING, 'set.js': 'globalThis.wanted = "nowhere";' });
  return made;
}

for (const [reporter, ...more] of [['verbose'], ['verbose', '--supervise'], ['bwverbose'], ['text'], ['summary']]) {
  test(`each failure has a line that brings it about again: ${reporter} ${more}`, async () => {
    const made = project();
    const { stdout } = await made.trial('--reporter', reporter, ...more, '--import', './set.js', '-z', '3', 'tests');
    const lines = stdout.split('\n').filter((line) => line.startsWith('repro: '));
    assert.equal(lines.length, 2, stdout);
    const again = await paste(lines.find((line) => line.includes('test_fails')).slice(7), made.folder);
    assert.equal(again.status, 1);
    assert.match(again.stdout, /'nowhere'|"nowhere"/);
    assert.match(again.stdout, /FAILED \(failures=1\)/);
    const odd = await paste(lines.find((line) => line.includes('HOME')).slice(7), made.folder);
    assert.match(odd.stdout, /FAILED \(errors=1\)/);
  });
}

test('it is written with npx where that finds trial', async () => {
  const made = project();
  made.write({ 'node_modules/.bin/other': '' });
  symlinkSync(command, made.path('node_modules', '.bin', 'trial'));
  const { stdout } = await made.trial('tests.test_a.ATests.test_fails');
  const [, line] = /^repro: (.+)$/m.exec(stdout);
  assert.equal(line, 'npx trial tests.test_a.ATests.test_fails');
  assert.match((await paste(line, made.folder)).stdout, /FAILED \(failures=1\)/);
});

test('a file that cannot be loaded has one, a run that passes has none', async () => {
  const made = new Project({ 'tests/test_a.ts': testCase('  test_a() {}'), 'tests/test_b.ts': 'export const = 5;' });
  const { stdout } = await made.trial('tests');
  const [, line] = /^repro: (.+)$/m.exec(stdout);
  assert.match((await paste(line, made.folder)).stdout, /FAILED \(errors=1\)/);
  assert.doesNotMatch((await made.trial('tests/test_a.ts')).stdout, /repro:/);
});

test('the line is that of the command, whatever a test does to the arguments of the process', async () => {
  const body = `  test_a() { process.argv.length = 0; process.execArgv.push('--bad'); throw new Error('a'); }`;
  const project = new Project({ 'test_a.ts': testCase(body) });
  const { status, stdout } = await project.trial('test_a.ts');
  assert.equal(status, 1);
  assert.match(stdout, /\nrepro: node \S*dist\/bin\/trial\.js test_a\.ATests\.test_a\n/);
});
