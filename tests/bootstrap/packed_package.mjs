// What `npm pack` makes, installed in another project of either module type: the command works, and so do typed imports.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const windows = process.platform === 'win32';
const npm = windows ? 'npm.cmd' : 'npm';
const env = { ...process.env, NO_COLOR: '1' };
delete env.FORCE_COLOR;

const testModule = `
import { TestCase } from 'txtrial';
import { Deferred, Protocol, reactor, ServerFactory, succeed } from 'txtrial/internet';
import { msg } from 'txtrial/log';
import type { TestEvent } from 'txtrial/reporter';

export class PackedTests extends TestCase {
  test_deferred(): Deferred<void> {
    return succeed(20).addCallback((n) => n + 1).addCallback((n) => {
      const typed: number = n;
      this.assertEqual(typed, 21);
    });
  }

  async test_port() {
    const port = reactor.listenTCP(0, ServerFactory.forProtocol(Protocol), { interface: '127.0.0.1' });
    this.assertGreater(port.getHost().port, 0);
    await port.stopListening();
  }

  test_types() {
    const event: TestEvent['type'] = 'testStarted';
    msg(event);
    // @ts-expect-error: a number has no such method, so the types are there and not any.
    succeed(1).addCallback((n) => n.toUpperCase);
  }
}
`;

const commonJsModule = `
const { TestCase } = require('txtrial');
const { succeed } = require('txtrial/internet');

exports.RequiredTests = class RequiredTests extends TestCase {
  test_deferred() {
    return succeed(1).addCallback((n) => this.assertEqual(n, 1));
  }
};
`;

describe('the packed package', () => {
  let folder;
  let tarball;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'txtrial-packed-'));
    const [{ filename }] = JSON.parse(
      execFileSync(npm, ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
        cwd: root,
        encoding: 'utf8',
        shell: windows,
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    tarball = join(folder, filename);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const type of ['module', 'commonjs']) {
    it(`works in a project of type ${type}`, () => {
      const project = join(folder, type);
      mkdirSync(join(project, 'tests'), { recursive: true });
      writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'user', version: '1.0.0', type }));
      execFileSync(npm, ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], {
        cwd: project,
        shell: windows,
        stdio: 'pipe',
      });
      writeFileSync(join(project, 'tests/test_packed.ts'), testModule);
      writeFileSync(join(project, 'tests/test_required.cjs'), commonJsModule);

      const trial = join(project, 'node_modules/.bin', windows ? 'trial.cmd' : 'trial');
      const run = spawnSync(trial, ['tests'], { cwd: project, env, encoding: 'utf8', shell: windows });

      assert.equal(run.status, 0, run.stdout + run.stderr);
      assert.match(run.stdout, /^tests\.test_packed\n {2}PackedTests\n {4}test_deferred \.\.\. +\[OK\]\n/m);
      assert.match(run.stdout, /^PASSED \(successes=4\)\n/m);

      const tsc = join(root, 'node_modules/typescript/lib/tsc.js');
      // What the package's types need it brings with it.
      const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext'];
      const types = spawnSync(process.execPath, [tsc, ...options, 'tests/test_packed.ts'], {
        cwd: project,
        encoding: 'utf8',
      });
      assert.equal(types.status, 0, types.stdout + types.stderr);
    });
  }
});
