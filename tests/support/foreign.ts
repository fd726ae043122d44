/** Programs that nobody here wrote, as far as they are installed. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TestCase } from 'txtrial';
import { type Finished, run, type Server, startProgram } from './poetry.js';

const scripts = fileURLToPath(new URL('../fixtures/interoperation/poetry.py', import.meta.url));

// Debian's own first: another Python need not have Debian's packages.
const python = ['/usr/bin/python3', 'python3'].find(
  (candidate) => spawnSync(candidate, ['-c', 'import twisted.internet']).status === 0,
);

/** Why tests with real Twisted are skipped, if they are. */
export const noTwisted =
  python === undefined ? 'Twisted for Python is not installed (apt-get install python3-twisted)' : null;

/** Why tests with this program are skipped, if they are. */
export function missing(program: string, packageName: string): string | null {
  const { error } = spawnSync(program, ['-h'], { stdio: 'ignore' });
  return error === undefined ? null : `${program} is not installed (apt-get install ${packageName})`;
}

/** Runs a client on real Twisted. */
export function twisted(...args: string[]): Promise<Finished> {
  return run(python ?? 'python3', [scripts, ...args]);
}

/** Runs another script of ours on real Twisted. */
export function python3(...args: string[]): Promise<Finished> {
  return run(python ?? 'python3', args);
}

/** Starts a server on real Twisted. */
export function startTwisted(test: TestCase, ...args: string[]): Promise<Server> {
  return startProgram(test, python ?? 'python3', [scripts, ...args]);
}

/** Starts another script of ours, a server, on real Twisted. */
export function startPython3(test: TestCase, ...args: string[]): Promise<Server> {
  return startProgram(test, python ?? 'python3', args);
}
