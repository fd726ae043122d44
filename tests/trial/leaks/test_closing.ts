import { TestCase } from 'txtrial';
import { type ProjectRun, runProject } from '../../support/project.js';
import { IMPORTS } from './imports.js';
import { LEAKING } from './leaking.js';

/** What is there now and was not there when the module was loaded; of immediates the runner has some of its own. */
const LOOK = `
const there = () => [
  ...(process as never as { _getActiveHandles(): object[] })._getActiveHandles().map((handle) => handle.constructor.name),
  ...process.getActiveResourcesInfo(),
];
let before = there();
const news = () => {
  const rest = [...before];
  return there().filter((name) => name !== 'Immediate' && (rest.includes(name) ? void rest.splice(rest.indexOf(name), 1) : true));
};
const tryToListen = async (port: number) => {
  const server = net.createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  await new Promise((done) => server.close(done));
};
// In a file of its own, as the command of a shell.
const serve = "require('net').createServer().listen(0, '127.0.0.1', function () { REPORT(this.address().port); })";
let port = 0;
`;

function run(test: TestCase, body: string, before = ''): Promise<ProjectRun> {
  return runProject(test, `${IMPORTS}${LOOK}${before}export class SampleTests extends TestCase {\n${body}\n}\n`);
}

const again = 'async test_b() { this.assertEqual(news(), []); await tryToListen(port); }';

export class ClosingTests extends TestCase {
  static timeout = 60;

  async test_nothing_of_any_kind_is_there_when_the_next_test_begins() {
    const tests = Object.entries(LEAKING).map(
      ([name, { body }]) =>
        `async test_${name}() {\nconst path = 'p' + count++ + '.sock'; void path;\n${body}\n}
         test_${name}_then() { const found = news(); before = there(); this.assertEqual(found, []); }`,
    );

    const { outcomes } = await run(this, tests.join('\n'));
    const names = Object.keys(outcomes).filter((name) => name.endsWith('_then'));
    this.assertEqual(names.length, Object.keys(LEAKING).length);
    this.assertEqual(
      names.filter((name) => outcomes[name]?.join() !== 'success'),
      [],
    );
  }

  async #isFreeAgain(test: string): Promise<void> {
    const { outcomes } = await run(this, `${test}\n${again}`);

    this.assertEqual(outcomes, { 'SampleTests.test_a': ['error LeakError'], 'SampleTests.test_b': ['success'] });
  }

  async test_the_port_of_a_child_process_is_free_then() {
    await this.#isFreeAgain(`async test_a() {
        const child = spawn(process.execPath, ['-e', serve.replace('REPORT', 'console.log')]);
        [port] = (await once(child.stdout, 'data')).map(Number);
      }`);
  }

  async test_and_that_of_what_a_shell_has_started() {
    await this.#isFreeAgain(`async test_a() {
        fs.writeFileSync('serve.cjs', serve.replace('REPORT', 'console.log'));
        const child = exec(JSON.stringify(process.execPath) + ' serve.cjs; true');
        [port] = (await once(child.stdout!, 'data')).map(Number);
      }`);
  }

  async test_and_that_of_a_worker_thread() {
    await this.#isFreeAgain(`async test_a() {
        const worker = new Worker(serve.replace('REPORT', "require('worker_threads').parentPort.postMessage"), { eval: true });
        [port] = await once(worker, 'message');
      }`);
  }

  async test_what_a_listener_makes_of_it_stays_with_the_test() {
    const { outcomes } = await run(
      this,
      `async test_a() {
        const child = spawn('sleep', ['30']).on('exit', () => { throw new Boom(); });
        await once(child, 'spawn');
      }
      async test_b() { await sleep(5); }`,
    );

    const [first] = Object.values(outcomes);
    this.assertCountEqual(first ?? [], ['error LeakError', 'error Boom']);
    this.assertEqual(outcomes['SampleTests.test_b'], ['success']);
  }

  async test_that_a_killed_child_failed_is_no_news() {
    const { outcomes } = await run(
      this,
      `test_a() { void promisify(exec)('sleep 30'); }
      async test_b() { await sleep(5); }`,
    );

    this.assertEqual(outcomes, { 'SampleTests.test_a': ['error LeakError'], 'SampleTests.test_b': ['success'] });
  }

  async test_a_client_that_connects_again_is_one_leak_and_is_ended() {
    const { outcomes } = await run(
      this,
      `async test_a() {
        const server = net.createServer((c) => c.resume()).listen(0, '127.0.0.1');
        await once(server, 'listening');
        this.addCleanup(() => { server.close(); });
        const connect = () => net.connect((server.address() as net.AddressInfo).port, '127.0.0.1').on('error', () => {}).on('close', () => setTimeout(connect, 10));
        await once(connect(), 'connect');
      }
      async test_b() { this.assertEqual(news(), []); await sleep(30); this.assertEqual(news(), []); }`,
    );

    this.assertEqual(outcomes, { 'SampleTests.test_a': ['error LeakError'], 'SampleTests.test_b': ['success'] });
  }

  async test_a_timer_that_makes_the_next_one_is_one_leak() {
    const { outcomes } = await run(
      this,
      `test_a() {
        const tick = (ms: number) => { setTimeout(tick, ms, 1000); };
        tick(2);
        const until = performance.now() + 10;
        while (performance.now() < until);
      }
      test_b() { for (let i = 0; i < 3; i++) setTimeout(() => {}, 1000); }`,
    );

    this.assertEqual(outcomes, {
      'SampleTests.test_a': ['error LeakError'],
      'SampleTests.test_b': Array(3).fill('error LeakError'),
    });
  }

  async test_connections_that_wait_for_one_another_are_not_waited_for() {
    const { outcomes } = await run(
      this,
      `static timeout = 600;
      async test_a() {
        const server = net.createServer({ allowHalfOpen: true }, (c) => c.resume()).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const client = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1').resume();
        await once(server, 'connection');
        client.end();
        server.close();
      }
      async test_b() {
        const server = http2.createServer(() => {}).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const client = http2.connect('http://127.0.0.1:' + (server.address() as net.AddressInfo).port).on('error', () => {});
        client.request().on('error', () => {});
        await once(server, 'stream');
        client.close();
        server.close();
      }
      async test_c() {
        const client = net.connect((slow.address() as net.AddressInfo).port, '127.0.0.1').resume();
        await once(client, 'connect');
        client.end();
      }`,
      `const slow = net.createServer({ allowHalfOpen: true }, (c) => c.resume().on('end', () => setTimeout(() => c.end(), 1500)));
      await once(slow.listen(0, '127.0.0.1').unref(), 'listening');`,
    );

    this.assertEqual(outcomes, {
      'SampleTests.test_a': ['error LeakError'],
      'SampleTests.test_b': ['error LeakError'],
      'SampleTests.test_c': ['success'],
    });
  }

  async test_what_the_reactor_had_open_is_gone_then_as_well() {
    const internet = JSON.stringify(import.meta.resolve('txtrial/internet'));
    const { outcomes } = await run(
      this,
      `test_a() { reactor.listenUDP(0, new DatagramProtocol(), { interface: '127.0.0.1' }); }
      test_a_then() { this.assertEqual(news(), []); }
      async test_b() {
        const answered = new Deferred<string>();
        class Reader extends ProcessProtocol { override outReceived(data: Uint8Array) { answered.callback(String(data)); } }
        fs.writeFileSync('serve.cjs', serve.replace('REPORT', 'console.log'));
        reactor.spawnProcess(new Reader(), '/bin/sh', ['sh', '-c', process.execPath + ' serve.cjs; true']);
        port = Number(await answered);
      }
      async test_b_then() { this.assertEqual(news(), []); await tryToListen(port); }`,
      `import { DatagramProtocol, ProcessProtocol } from ${internet};`,
    );

    const dirty = ['success', 'error DirtyReactorAggregateError'];
    this.assertEqual(outcomes, {
      'SampleTests.test_a': dirty,
      'SampleTests.test_a_then': ['success'],
      'SampleTests.test_b': dirty,
      'SampleTests.test_b_then': ['success'],
    });
  }

  async test_what_the_answer_to_a_request_brings_about_is_a_leak_of_its_own() {
    const { outcomes } = await run(
      this,
      `test_a() { fs.stat(file, () => { setInterval(() => {}, 1000); }); }
      test_b() { this.assertEqual(news(), []); }`,
    );

    this.assertEqual(outcomes, {
      'SampleTests.test_a': ['error LeakError', 'error LeakError'],
      'SampleTests.test_b': ['success'],
    });
  }

  async test_what_does_not_go_is_said_and_the_run_goes_on() {
    const { events, outcomes } = await run(
      this,
      `async test_a() {
        const silent = dgram.createSocket('udp4').bind(0, '127.0.0.1').unref();
        await once(silent, 'listening');
        this.addCleanup(() => { silent.close(); });
        const resolver = new dns.Resolver({ timeout: 10_000, tries: 1 });
        resolver.setServers(['127.0.0.1:' + silent.address().port]);
        resolver.resolve4('poem.test', () => {});
        await sleep(1);
      }
      test_b() {}`,
    );

    this.assertEqual(outcomes, { 'SampleTests.test_a': ['error LeakError'], 'SampleTests.test_b': ['success'] });
    const messages = events.flatMap((event) =>
      event.type === 'testFinished' ? event.outcomes.map(({ message }) => message ?? '') : [],
    );
    this.assertSubstring('It could not be closed (it was still there after a second)', messages.join());
  }
}
