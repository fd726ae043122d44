// The runner's own compiled code, which is kept from run to run.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Project, testCase } from './support/project.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A project with a copy of the package, as npm installs it. */
function installed() {
  const project = new Project({ 'test_a.ts': testCase('  async test_a() { await null; }') });
  const packages = project.path('node_modules');
  rmSync(join(packages, 'txtrial'));
  for (const part of ['package.json', 'dist']) {
    cpSync(join(root, part), join(packages, 'txtrial', part), { recursive: true });
  }
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(packages, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(packages, name));
  }
  const cache = join(packages, '.cache', 'txtrial');
  const command = join(packages, 'txtrial', 'dist', 'bin', 'trial.js');
  const start = (args) => {
    const { NODE_V8_COVERAGE: _, ...env } = process.env;
    return spawnSync(process.execPath, args, { cwd: project.folder, encoding: 'utf8', env: { ...env, CI: '' } });
  };
  const run = (...execArgv) => {
    const { status, stdout, stderr } = start([...execArgv, command, 'test_a.ts']);
    assert.equal(stderr, '');
    assert.match(stdout, /PASSED/);
    assert.equal(status, 0);
  };
  const files = () => (existsSync(cache) ? readdirSync(cache).filter((name) => name.endsWith('.code')) : []);
  return {
    run,
    call: (...args) => start([command, ...args]).status,
    folder: project.folder,
    cache,
    files,
    contents: () => files().map((name) => readFileSync(join(cache, name)).toString('latin1')),
  };
}

test('it is kept by the first run, beside what is compiled of the tests, and taken by the next one', () => {
  const { run, cache, files } = installed();
  run();
  assert.deepEqual(
    files().sort(),
    ['main', 'trial'].map((name) => `${name}-${process.version}-${process.arch}.code`),
  );
  // One that is written again is another file.
  const inodes = () => files().map((name) => statSync(join(cache, name)).ino);
  const kept = inodes();
  run();
  assert.deepEqual(inodes(), kept);
});

test('none is kept by a call that runs no test: it has compiled little of what most runs need', () => {
  const { call, files } = installed();
  assert.equal(call('--help'), 0);
  assert.equal(call('--no-such-option'), 2);
  assert.equal(call('test_b.ts'), 2);
  assert.deepEqual(files(), []);
});

test('that of another version of the runner is not taken, but replaced', () => {
  const { run, cache, files, contents } = installed();
  run();
  for (const name of files()) writeFileSync(join(cache, name), 'x'.repeat(1000));
  run();
  assert.ok(contents().every((text) => text.length > 10_000));
});

test('that of a folder that was copied is not taken there: the places in its stacks are of the first one', () => {
  const { run, folder, files } = installed();
  const copy = `${folder}_copy`;
  run();
  assert.equal(files().length, 2);
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
  try {
    const imports = "import fs from 'node:fs';\n";
    writeFileSync(
      join(copy, 'test_a.ts'),
      imports + testCase("  async test_a() { await fs.promises.open('/dev/null'); }"),
    );
    const command = join(copy, 'node_modules', 'txtrial', 'dist', 'bin', 'trial.js');
    const { NODE_V8_COVERAGE: _, ...env } = process.env;
    const { stdout } = spawnSync(process.execPath, [command, 'test_a.ts'], { cwd: copy, encoding: 'utf8', env });
    const place = /FileHandle of \/dev\/null, made at (\S+):\d+:\d+\./.exec(stdout)?.[1];
    assert.equal(place, join(copy, 'test_a.ts'));
    // By their places they are known to be ours, and left out.
    assert.doesNotMatch(stdout, /at .*txtrial.dist/);
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test('Node with other options does not take it, and runs all the same', () => {
  const { run } = installed();
  run();
  run('--no-opt', '--max-lazy');
  run();
});

test('where nothing can be written, none is kept', {
  skip: process.getuid?.() === 0 && 'root may write everywhere.',
}, () => {
  const { run, cache, files } = installed();
  run();
  for (const name of files()) rmSync(join(cache, name));
  chmodSync(cache, 0o555);
  run();
  assert.deepEqual(files(), []);
});
