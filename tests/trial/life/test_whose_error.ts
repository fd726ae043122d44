import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TestCase } from 'txtrial';
import { type ProjectRun, runProject } from '../../support/project.js';

/** How something goes wrong without anybody hearing of it. */
const WAYS: Readonly<Record<string, string>> = {
  Rejection: 'void Promise.reject(new Boom());',
  RejectionLater: 'void (async () => { await null; throw new Boom(); })();',
  Exception: 'throw new Boom();',
  ExceptionInMicrotask: 'queueMicrotask(() => { throw new Boom(); });',
  ExceptionInTick: 'process.nextTick(() => { throw new Boom(); });',
  ErrorEvent: "new EventEmitter().emit('error', new Boom());",
  FailedDeferred: 'new Deferred().errback(new Boom());',
  FailedChain: 'new Deferred().addCallback(() => { throw new Boom(); }).callback(null);',
  Logged: 'log.err(new Boom());',
  LoggedWithText: "log.err(new Boom(), 'while it worked');",
};

/** What became of it: by the last part of the test's name, and what was charged to no test. */
interface Charged {
  readonly tests: Readonly<Record<string, readonly string[]>>;
  readonly stray: readonly (readonly [id: string, isGuess: boolean])[];
}

/** A class of tests, in which `goOn` is called when it has gone wrong and `wentWrong` is waited for. */
function classOf(name: string, way: string, source: string): string {
  const text = `
    let goOn = () => {};
    const wentWrong = new Promise((resolve) => { goOn = resolve; });
    ${source.replace('GO WRONG', way.replace('new Boom()', `new Boom('${name}')`))}`;
  return text.replace(/\b(goOn|wentWrong|begin|begun|Sample)\b/g, `$1${name}`);
}

const imports = `
  import { EventEmitter } from 'node:events';
  import fs from 'node:fs';
`;

function chargedIn({ outcomes, loadErrors }: ProjectRun, name: string): Charged {
  const tests: Record<string, readonly string[]> = {};
  for (const [id, all] of Object.entries(outcomes)) {
    const [of, test = ''] = id.split('.test_');
    if (of === `Sample${name}`) tests[test] = all;
  }
  const stray = loadErrors.filter(({ errorName, message }) => errorName === 'Boom' && message.split('\n')[0] === name);
  return { tests, stray: stray.map(({ id, message }) => [id, message.includes('is a guess')]) };
}

const fine = ['success'];
const wrong = ['error Boom'];
const wrongLate = ['success', 'late error Boom'];
const allFine = { a: fine, b: fine, c: fine };

export class WhoseErrorTests extends TestCase {
  static timeout = 60;

  /** Runs the tests for each way, and compares what became of them. */
  async each(source: string, wanted: (name: string) => Charged): Promise<void> {
    const ways = Object.entries(WAYS);
    const run = await runProject(this, imports + ways.map(([name, way]) => classOf(name, way, source)).join(''));
    const charged = ways.map(([name]) => [name, chargedIn(run, name)]);
    this.assertEqual(
      charged,
      ways.map(([name]) => [name, wanted(name)]),
    );
    this.assertEqual(run.status, 1);
    const booms = [...run.loadErrors, ...Object.values(run.outcomes).flat()].filter((all) => all !== 'success');
    this.assertEqual(booms.length, ways.length);
  }

  test_that_of_the_test_that_runs() {
    return this.each(
      `export class Sample extends TestCase {
        async test_a() { setImmediate(() => { setImmediate(() => setImmediate(goOn)); GO WRONG }); await wentWrong; }
        test_b() {}
      }`,
      () => ({ tests: { a: wrong, b: fine }, stray: [] }),
    );
  }

  test_that_of_a_test_that_is_over() {
    return this.each(
      `export class Sample extends TestCase {
        static allowLeaks = ['timer'];
        static aIsOver = false;
        test_a() {
          const timer = setInterval(() => {
            if (!this.constructor.aIsOver) return;
            clearInterval(timer);
            setImmediate(() => setImmediate(goOn));
            GO WRONG
          }, 1);
        }
        async test_b() { this.constructor.aIsOver = true; await wentWrong; }
        test_c() {}
      }`,
      () => ({ tests: { a: wrongLate, b: fine, c: fine }, stray: [] }),
    );
  }

  async test_that_of_the_last_test_when_all_are_over() {
    const source = `export class Sample extends TestCase {
      static allowLeaks = ['request'];
      test_a() {}
      test_b() { fs.readFile('/etc/hosts', () => { GO WRONG }); }
    }`;
    for (const name of ['Rejection', 'Exception', 'ErrorEvent', 'FailedDeferred', 'Logged']) {
      const run = await runProject(this, imports + classOf(name, WAYS[name] ?? this.fail(name), source));

      const { tests, stray } = chargedIn(run, name);
      // A quick disk answers before the test is judged.
      this.assertEqual([tests.a, tests.b?.at(-1)?.replace('late ', ''), stray], [fine, 'error Boom', []], name);
      this.assertEqual([run.status, run.loadErrors], [1, []], name);
    }
  }

  test_that_of_a_module() {
    return this.each(
      `let begin = () => {};
      const begun = new Promise((resolve) => { begin = resolve; });
      void begun.then(() => setImmediate(() => { setImmediate(() => setImmediate(goOn)); GO WRONG }));
      export class Sample extends TestCase {
        test_a() {}
        async test_b() { begin(); await wentWrong; }
        test_c() {}
      }`,
      // As in Twisted: what is logged is an error of the test that runs.
      (name) =>
        name.startsWith('Logged')
          ? { tests: { ...allFine, b: wrong }, stray: [] }
          : { tests: allFine, stray: [['test_sample.ts', false]] },
    );
  }

  /** As of a thing that was there before the command. */
  test_that_of_nobody_while_a_test_runs() {
    const setup = `${resolve(this.mktemp())}.mjs`;
    writeFileSync(
      setup,
      "import { AsyncResource } from 'node:async_hooks'; globalThis.outside = new AsyncResource('x');",
    );
    this.patch(process.env, 'NODE_OPTIONS', `--import=${pathToFileURL(setup)}`);
    return this.each(
      `export class Sample extends TestCase {
        test_a() {}
        async test_b() {
          outside.runInAsyncScope(() => setImmediate(() => { setImmediate(() => setImmediate(goOn)); GO WRONG }));
          await wentWrong;
        }
        test_c() {}
      }`,
      (name) => {
        if (name.startsWith('Logged')) return { tests: { ...allFine, b: wrong }, stray: [] };
        // Whether anybody deals with a failed Deferred is not known before the end.
        return { tests: allFine, stray: [name.startsWith('Failed') ? ['trial', false] : ['test_sample.ts', true]] };
      },
    );
  }
}
