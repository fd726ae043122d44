/** Runs the built command on small projects, and reads its stream of events. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestCase } from 'txtrial';
import type { LoadError, TestEvent, Totals } from 'txtrial/reporter';

const command = join(createRequire(import.meta.url).resolve('txtrial/package.json'), '../dist/bin/trial.js');

/** What became of a run. */
export interface ProjectRun {
  readonly status: number | null;
  readonly stderr: string;
  readonly events: readonly TestEvent[];
  /** By the last part of the id, `kind errorName`; what came late is marked. */
  readonly outcomes: Readonly<Record<string, readonly string[]>>;
  /** Ids in the order in which the tests began. */
  readonly started: readonly string[];
  readonly loadErrors: readonly LoadError[];
  readonly totals: Totals | undefined;
}

/** A run that is under way. */
export interface RunningProject {
  readonly finished: Promise<ProjectRun>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Writes a module of tests and runs it.
 *
 * @param source - TypeScript; `TestCase`, `Deferred`, `reactor`, `fail`, `log` are imported.
 * @param onEvent - Sees each event as it comes.
 */
export function startProject(
  test: TestCase,
  source: string,
  args: readonly string[] = [],
  onEvent: (event: TestEvent, run: RunningProject) => void = () => {},
): RunningProject {
  const folder = makeFolder(test);
  writeFileSync(join(folder, 'test_sample.ts'), `${imports}${source}`);
  return start(folder, [...args, 'test_sample.ts'], onEvent);
}

/** Runs a project until it is over. */
export function runProject(test: TestCase, source: string, ...args: readonly string[]): Promise<ProjectRun> {
  return startProject(test, source, args).finished;
}

/** As `runProject`, with further files, by their paths in the project. */
export function runProjectWith(
  test: TestCase,
  files: Readonly<Record<string, string>>,
  source: string,
  ...args: readonly string[]
): Promise<ProjectRun> {
  return runModuleWith(test, files, `${imports}${source}`, ...args);
}

/** As `runModule`, with further files, by their paths in the project. */
export function runModuleWith(
  test: TestCase,
  files: Readonly<Record<string, string>>,
  source: string,
  ...args: readonly string[]
): Promise<ProjectRun> {
  const folder = makeFolder(test);
  for (const [path, text] of Object.entries({ ...files, 'test_sample.ts': source })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return start(folder, [...args, 'test_sample.ts'], () => {}).finished;
}

/** As `runProject`, with options of node's. */
export function runProjectUnder(test: TestCase, nodeOptions: readonly string[], source: string): Promise<ProjectRun> {
  return runModuleUnder(test, nodeOptions, `${imports}${source}`);
}

/** As `runModule`, with options of node's. */
export function runModuleUnder(test: TestCase, nodeOptions: readonly string[], source: string): Promise<ProjectRun> {
  const folder = makeFolder(test);
  writeFileSync(join(folder, 'test_sample.ts'), source);
  return start(folder, ['test_sample.ts'], () => {}, nodeOptions).finished;
}

/** As `runProject`, of a module that imports what it needs. */
export function runModule(test: TestCase, source: string, ...args: readonly string[]): Promise<ProjectRun> {
  return runModuleWith(test, {}, source, ...args);
}

/** Runs a file that is there, from a folder of its own. */
export function runFile(test: TestCase, file: URL): Promise<ProjectRun> {
  return start(makeFolder(test), [fileURLToPath(file)], () => {}).finished;
}

function makeFolder(test: TestCase): string {
  const folder = resolve(test.mktemp());
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return folder;
}

function start(
  folder: string,
  args: readonly string[],
  onEvent: (event: TestEvent, run: RunningProject) => void,
  nodeOptions: readonly string[] = [],
): RunningProject {
  const child = spawn(process.execPath, [...nodeOptions, command, '--reporter', 'json', ...args], { cwd: folder });
  const events: TestEvent[] = [];
  let rest = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line) as TestEvent;
      events.push(event);
      onEvent(event, run);
    }
  });
  const run: RunningProject = {
    finished: new Promise((done, failed) => {
      child.on('error', failed);
      child.on('close', (status) => done({ status, stderr, events, ...summarize(events) }));
    }),
    kill: (signal) => void child.kill(signal),
  };
  return run;
}

const imports = `
import { TestCase, SkipTest, FailTest } from ${JSON.stringify(import.meta.resolve('txtrial'))};
import { Deferred, fail, reactor } from ${JSON.stringify(import.meta.resolve('txtrial/internet'))};
import * as log from ${JSON.stringify(import.meta.resolve('txtrial/log'))};
class Boom extends Error {}
`;

function summarize(events: readonly TestEvent[]): Omit<ProjectRun, 'status' | 'stderr' | 'events'> {
  const outcomes: Record<string, string[]> = {};
  const started: string[] = [];
  const loadErrors: LoadError[] = [];
  let totals: Totals | undefined;
  for (const event of events) {
    if (event.type === 'testStarted') started.push(shortId(event.id));
    else if (event.type === 'loadError') loadErrors.push(event);
    else if (event.type === 'runFinished') totals = event.totals;
    else if (event.type === 'testFinished' || event.type === 'verdictAmended') {
      const texts = event.outcomes.map(({ kind, errorName }) =>
        errorName === undefined ? kind : `${kind} ${errorName}`,
      );
      const id = shortId(event.id);
      outcomes[id] ??= [];
      outcomes[id].push(...(event.type === 'verdictAmended' ? texts.map((text) => `late ${text}`) : texts));
    }
  }
  return { outcomes, started, loadErrors, totals };
}

/** Class and method of an id. */
export function shortId(id: string): string {
  return id.split('.').slice(-2).join('.');
}
