import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { type TestCase as Case, TestCase } from 'txtrial';
import type { Outcome } from 'txtrial/reporter';
import { type ProjectRun, runProject } from '../../support/project.js';
import { CLEAN } from './clean.js';
import { IMPORTS } from './imports.js';
import { LEAKING } from './leaking.js';

/** One test for each body, and after each one that is not finished itself a test that does nothing. */
function project(bodies: Readonly<Record<string, string>>): string {
  const tests = Object.entries(bodies).map(
    ([name, body]) => `async test_${name}() {\nconst path = 'p' + count++ + '.sock'; void path;\n${body}\n}\n`,
  );
  return `${IMPORTS}export class SampleTests extends TestCase {\n${tests.join('')}}\n`;
}

const LEFT = project(Object.fromEntries(Object.entries(LEAKING).map(([name, { body }]) => [name, body])));

function outcomesOf({ events }: ProjectRun, name: string): readonly Outcome[] {
  return events.flatMap((event) =>
    (event.type === 'testFinished' || event.type === 'verdictAmended') && event.id.endsWith(`.test_${name}`)
      ? event.outcomes
      : [],
  );
}

/** Of the text that `runProject` writes: its own imports come first. */
function lineOf(test: Case, run: ProjectRun, name: string): number {
  const started = run.events.find((event) => event.type === 'testStarted' && event.id.endsWith(`.test_${name}`));
  const line = started?.type === 'testStarted' ? started.line : undefined;
  if (line === undefined) return test.fail(`${name} did not run`);
  const body = LEAKING[name]?.body.split('\n') ?? [];
  return line + 2 + body.findIndex((text) => text.endsWith('// LEAK'));
}

export class LeakingTests extends TestCase {
  static timeout = 60;

  test_each_kind_is_found_at_its_line_and_harms_no_other() {
    return this.#finds();
  }

  test_also_where_functions_of_ours_stand_between_it_and_nodes() {
    return this.#finds('--network', 'loopback', '--capture', '-B', '--supervise');
  }

  async test_each_kind_is_a_warning_with_its_line() {
    const run = await runProject(this, LEFT, '--network', 'loopback', '--leaks', 'warn');

    const wrong: string[] = [];
    for (const [name, { says }] of Object.entries(LEAKING)) {
      const place = `test_sample.ts:${lineOf(this, run, name)}:`;
      const warned = run.stderr.split('\n').some((line) => line.includes(place) && line.includes(says));
      if (!warned || outcomesOf(run, name)[0]?.kind !== 'success') wrong.push(`${name}, ${place}`);
    }
    this.assertEqual(wrong, []);
    this.assertEqual(run.status, 0);
  }

  async #finds(...args: string[]): Promise<void> {
    const run = await runProject(this, LEFT, ...args);

    const wrong: string[] = [];
    for (const [name, { kind, says }] of Object.entries(LEAKING)) {
      const outcomes = outcomesOf(run, name);
      const [outcome] = outcomes;
      const at = new RegExp(`made at \\S+test_sample\\.ts:${lineOf(this, run, name)}:\\d+\\.`);
      const isRight =
        outcomes.length === 1 &&
        outcome?.kind === 'error' &&
        outcome.errorName === 'LeakError' &&
        outcome.cause === 'leak' &&
        outcome.leak?.kind === kind &&
        outcome.leak.description.includes(says) &&
        at.test(outcome.message ?? '');
      if (!isRight) wrong.push(`${name}, line ${lineOf(this, run, name)}: ${JSON.stringify(outcomes)}`);
    }
    this.assertEqual(wrong, []);
    this.assertEqual(run.loadErrors, []);
    this.assertEqual(run.totals?.errors, Object.keys(LEAKING).length);
    this.assertEqual(run.stderr, '');
  }
}

export class WatchFileTests extends TestCase {
  static timeout = 60;

  async test_a_file_that_was_left_watched_can_be_watched_again() {
    const body = 'fs.watchFile(file, () => {});';
    const run = await runProject(this, project({ a: body, b: body }));

    this.assertEqual(
      ['a', 'b'].flatMap((name) => outcomesOf(run, name).map(({ leak }) => leak?.kind)),
      ['watcher', 'watcher'],
    );
  }
}

export class CleanTests extends TestCase {
  static timeout = 60;

  test_none_is_reported() {
    return this.#runs();
  }

  test_nor_where_functions_of_ours_stand_in_for_all_of_nodes() {
    return this.#runs('--network', 'loopback', '--capture', '-B', '--supervise');
  }

  async test_nor_while_every_processor_is_busy() {
    const burners = Array.from({ length: availableParallelism() }, () =>
      spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
    );
    this.addCleanup(() =>
      Promise.all(
        burners.map((burner) => {
          burner.kill('SIGKILL');
          return once(burner, 'exit');
        }),
      ),
    );
    await this.#runs();
  }

  async #runs(...args: string[]): Promise<void> {
    const run = await runProject(this, project(CLEAN), ...args);

    const wrong: string[] = [];
    for (const name of Object.keys(CLEAN)) {
      const outcomes = outcomesOf(run, name);
      if (outcomes.length !== 1 || outcomes[0]?.kind !== 'success') wrong.push(`${name}: ${JSON.stringify(outcomes)}`);
    }
    this.assertEqual(wrong, []);
    this.assertEqual(run.loadErrors, []);
  }
}
