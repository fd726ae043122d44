import { TestCase } from 'txtrial';
import { type ProjectRun, runProjectWith } from '../../support/project.js';

/** What packages do for their users: loggers, clients, watchers. */
const PACKAGE = {
  'node_modules/poems/package.json': '{ "name": "poems", "type": "module", "exports": "./index.js" }',
  'node_modules/poems/index.js': `
    import fs from 'node:fs';
    export const flushAtTheEnd = () => { process.on('exit', () => {}); process.on('beforeExit', () => {}); };
    export const heed = () => { process.on('SIGALRM', () => {}); process.on('uncaughtException', () => {}); };
    const log = (path) => {
      const fd = fs.openSync(path, 'w');
      const end = () => fs.write(fd, 'x', () => fs.fsync(fd, () => fs.fdatasync(fd, () => fs.close(fd))));
      return { end, write: () => fs.write(fd, 'x', () => {}) };
    };
    export const writeAndEnd = (path) => log(path).end();
    export const write = (path) => log(path).write();
    const later = async () => { await null; setInterval(() => {}, 1000); };
    export const readAll = async () => { await Promise.all([null, later()]); };
  `,
};

function run(test: TestCase, tests: string): Promise<ProjectRun> {
  const imports = "import * as poems from 'poems';\nimport { setTimeout as sleep } from 'node:timers/promises';\n";
  return runProjectWith(test, PACKAGE, `${imports}export class SampleTests extends TestCase {\n${tests}\n}`);
}

export class PackageTests extends TestCase {
  async test_what_a_package_does_when_the_process_ends_is_no_leak() {
    const { outcomes, events } = await run(this, 'test_a() { poems.flushAtTheEnd(); }\ntest_b() { poems.heed(); }');

    this.assertEqual(outcomes['SampleTests.test_a'], ['success']);
    this.assertEqual(outcomes['SampleTests.test_b'], ['error LeakError', 'error LeakError']);
    this.assertEqual(events.at(-1)?.type, 'runFinished');
  }

  async test_a_file_that_a_package_is_about_to_close_is_waited_for() {
    const { outcomes } = await run(this, "test_a() { poems.writeAndEnd('a'); }\ntest_b() { poems.write('b'); }");

    this.assertEqual(outcomes, { 'SampleTests.test_a': ['success'], 'SampleTests.test_b': ['error LeakError'] });
  }

  async test_the_line_is_the_users_where_a_package_waits_for_several_promises() {
    const { events } = await run(this, 'async test_a() {\nawait poems.readAll(); // LEAK\n}');

    const messages = events.flatMap((event) =>
      event.type === 'testFinished' ? event.outcomes.map(({ message }) => message ?? '') : [],
    );
    const started = events.find((event) => event.type === 'testStarted');
    const line = started?.type === 'testStarted' ? (started.line ?? 0) + 1 : 0;
    this.assertRegex(messages.join(), new RegExp(`made at \\S+test_sample\\.ts:${line}:\\d+\\.`));
  }
}
