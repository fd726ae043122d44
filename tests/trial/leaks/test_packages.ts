import { TestCase } from 'txtrial';
import { type ProjectRun, runProjectWith } from '../../support/project.js';

/** What packages do for their users: loggers, clients, watchers. */
const PACKAGE = {
  'node_modules/poems/package.json': '{ "name": "poems", "type": "module", "exports": "./index.js" }',
  'node_modules/poems/index.js': `
    import { EventEmitter } from 'node:events';
    import fs from 'node:fs';
    import { Readable } from 'node:stream';
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
    const ticked = () => new Promise((done) => process.nextTick(done));
    const goOn = async () => { await null; await ticked(); return setInterval(() => {}, 1000); };
    export class Client extends EventEmitter {
      constructor() { super(); goOn().then((timer) => { this.timer = timer; this.emit('ready'); }); }
      end() { clearInterval(this.timer); }
    }
    // As packages do that have a base class of their own.
    export class Mixed { constructor() { EventEmitter.call(this); goOn(); } }
    for (const name of Object.getOwnPropertyNames(EventEmitter.prototype)) {
      Object.defineProperty(Mixed.prototype, name, Object.getOwnPropertyDescriptor(EventEmitter.prototype, name));
    }
    export class Lines extends Readable { constructor() { super({ read() {} }); goOn(); } }
    export const readInTime = () => void goOn();
    export const readAll = async () => { await Promise.all([null, later()]); };
  `,
};

function run(test: TestCase, tests: string): Promise<ProjectRun> {
  const imports =
    "import * as poems from 'poems';\nimport { setTimeout as sleep } from 'node:timers/promises';\nimport { once } from 'node:events';\n";
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
    this.#assertMadeAt(1, await run(this, 'async test_a() {\nawait poems.readAll();\n}'));
  }

  async test_and_where_an_emitter_goes_on_by_itself() {
    for (const name of ['Client', 'Mixed', 'Lines']) {
      const project = await run(this, `async test_a() {\nnew poems.${name}();\nawait sleep(1);\n}`);
      this.#assertMadeAt(1, project);
      const [outcome] = project.events.flatMap((event) => (event.type === 'testFinished' ? event.outcomes : []));
      this.assertRegex(outcome?.stack ?? '', /poems\/index\.js.*test_sample\.ts/s);
    }
  }

  async test_and_where_another_one_was_made_before_or_after() {
    const first = 'const a = new poems.Client();';
    const second = 'const b = new poems.Client();';
    const ready = "await Promise.all([once(a, 'ready'), once(b, 'ready')]);";

    this.#assertMadeAt(1, await run(this, `async test_a() {\n${first}\n${second}\n${ready} b.end();\n}`));
    this.#assertMadeAt(2, await run(this, `async test_a() {\n${first}\n${second}\n${ready} a.end();\n}`));
  }

  async test_the_line_is_the_packages_where_nobody_knows_who_called_it() {
    const { events } = await run(
      this,
      `async test_a() { const client = new poems.Client(); await once(client, 'ready'); client.end(); }
      async test_b() { poems.readInTime(); await sleep(1); }`,
    );

    this.assertRegex(
      messagesOf(events),
      /made at \S+poems\/index\.js:\d+:\d+, in the package poems \(what called it is not known\)\./,
    );
  }

  #assertMadeAt(offset: number, { events }: ProjectRun): void {
    const started = events.find((event) => event.type === 'testStarted');
    const line = started?.type === 'testStarted' ? (started.line ?? 0) + offset : 0;
    this.assertRegex(messagesOf(events), new RegExp(`^[^\n]*made at \\S+test_sample\\.ts:${line}:\\d+\\.`));
  }
}

function messagesOf(events: ProjectRun['events']): string {
  return events
    .flatMap((event) => (event.type === 'testFinished' ? event.outcomes.map(({ message }) => message ?? '') : []))
    .join('');
}
