// A project as a user has it, beside this repository, with the runner and its peers installed.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** @param {Record<string, string>} files */
export function makeProject(files) {
  const folder = mkdtempSync(join(tmpdir(), 'txtrial-bench-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/txtrial'));
  for (const peer of ['uvu', 'mocha', 'tsx']) {
    symlinkSync(join(root, 'node_modules', peer), join(folder, 'node_modules', peer));
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** How each runner is started on a TypeScript file. */
export const runners = {
  trial: (file) => [process.execPath, join(root, 'dist/bin/trial.js'), file],
  uvu: (file) => [process.execPath, '--import', 'tsx', file],
  mocha: (file) => [
    process.execPath,
    '--import',
    'tsx',
    join(root, 'node_modules/mocha/bin/mocha.js'),
    '--reporter',
    'dot',
    file,
  ],
  nodeTest: (file) => [process.execPath, '--import', 'tsx', '--test', file],
};
