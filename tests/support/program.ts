/** What the small programs of tests/introduction print, collected and compared. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { TestCase } from 'txtrial';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A test that is a small program: it prints its steps, and says at its end what it should have printed. */
export class ProgramTestCase extends TestCase {
  readonly #printed: string[] = [];

  /** Prints as `console.log` does, for this test alone. It needs no `this` in front, so that it can be handed on. */
  readonly print = (...parts: readonly unknown[]): void => {
    this.#printed.push(...format(...parts).split('\n'));
  };

  /** Passes when these lines, and no others, have been printed since the last time, in this order. */
  assertPrinted(...lines: readonly string[]): void {
    this.assertEqual(this.#printed.splice(0), lines);
  }
}

/** What came of a program that ran in a process of its own. */
export interface ProgramRun {
  readonly status: number | null;
  /** The lines that it printed, and those that it reported on stderr, in the order in which a terminal shows them. */
  readonly printed: readonly string[];
}

/** A program that runs in a process of its own. */
export interface RunningProgram {
  readonly finished: Promise<ProgramRun>;
  /** Resolves when it has printed something. */
  readonly begun: Promise<unknown>;
  /** Ctrl-C */
  interrupt(): void;
}

/**
 * Starts one of tests/introduction/programs, as `node tests/introduction/programs/name.js arguments` does by hand.
 *
 * @param name - Such as `hello.js`.
 */
export function startProgram(test: TestCase, name: string, ...args: readonly string[]): RunningProgram {
  const file = fileURLToPath(new URL(`../introduction/programs/${name}`, import.meta.url));
  return start(test, [file, ...args]);
}

/** Runs one of tests/introduction/programs to its end. */
export function runProgram(test: TestCase, name: string, ...args: readonly string[]): Promise<ProgramRun> {
  return startProgram(test, name, ...args).finished;
}

/** Runs a program that is no part of the repository, in the folder that it is in. */
export function startFile(test: TestCase, name: string, folder: string): RunningProgram {
  return start(test, [name], folder);
}

/** Runs tests in a folder. */
export function runTrial(test: TestCase, folder: string, ...args: readonly string[]): Promise<ProgramRun> {
  return start(test, [join(root, 'dist/bin/trial.js'), ...args], folder).finished;
}

/** A stack has other places everywhere: one line stands for all of its frames. */
export function withoutPlaces(lines: readonly string[]): readonly string[] {
  const short = lines.map((line) => line.replace(/^ {4}at .*/, '    at ...'));
  return short.filter((line, i) => line !== '    at ...' || line !== short[i - 1]);
}

function start(test: TestCase, args: readonly string[], cwd = root): RunningProgram {
  // The shell gives stdout and stderr one pipe, and the program its own place.
  const child = spawn('/bin/sh', ['-c', 'exec "$0" "$@" 2>&1', process.execPath, ...args], { cwd });
  test.addCleanup(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  child.stdin.end();
  const finished = once(child, 'close').then(([status]) => {
    return { status: status as number | null, printed: text.split('\n').slice(0, -1) };
  });
  return { finished, begun: once(child.stdout, 'data'), interrupt: () => void child.kill('SIGINT') };
}
