import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestCase } from 'txtrial';
import type { LoadError, TestEvent, TestFinished } from 'txtrial/reporter';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** What a run of trial came to. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly TestEvent[];
}

/** A project of its own in the temporary directory, with txtrial installed, on which trial is run. */
export class Sandbox {
  readonly root: string;

  /** @param files - As for `write`. */
  constructor(test: TestCase, files: Readonly<Record<string, string>>) {
    this.root = resolve(test.mktemp());
    mkdirSync(join(this.root, 'node_modules'), { recursive: true });
    symlinkSync(REPOSITORY, join(this.root, 'node_modules', 'txtrial'));
    this.write(files);
  }

  path(name: string): string {
    return join(this.root, name);
  }

  get cache(): string {
    return this.path('node_modules/.cache/txtrial');
  }

  /** Writes files, by path and text. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const path = this.path(name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }

  /** Runs trial in the project with the json reporter. */
  trial(...args: string[]): Promise<Run> {
    return this.trialWith({}, ...args);
  }

  trialWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Run> {
    return this.run(env, '--reporter', 'json', ...args);
  }

  /** Runs trial in the project with these arguments and no others. */
  async run(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Run> {
    const command = [join(REPOSITORY, 'dist/bin/trial.js'), ...args];
    const child = spawn(process.execPath, command, { cwd: this.root, env: { ...process.env, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const status = await new Promise<number | null>((done) => child.on('close', done));
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    return { status, stdout, stderr, events: lines.map((line) => JSON.parse(line) as TestEvent) };
  }
}

/** The tests of a run: `id` with `OK`, or the kind and message of what else came of it. */
export function verdicts({ events }: Run): string[] {
  return finished(events).map(({ id, outcomes }) => {
    const bad = outcomes.filter(({ kind }) => kind !== 'success');
    return `${id} ${bad.length === 0 ? 'OK' : bad.map(({ kind, message }) => `${kind}: ${message}`).join('; ')}`;
  });
}

export function finished(events: readonly TestEvent[]): TestFinished[] {
  return events.filter((event) => event.type === 'testFinished');
}

export function loadErrors({ events }: Run): LoadError[] {
  return events.filter((event) => event.type === 'loadError');
}
