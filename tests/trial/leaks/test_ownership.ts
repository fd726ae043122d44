import { TestCase } from 'txtrial';
import { runProject } from '../../support/project.js';

const imports = `
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import http from 'node:http';
import net from 'node:net';
import fs from 'node:fs';
`;

export class OwnershipTests extends TestCase {
  async test_work_of_one_test_is_not_blamed_on_the_next() {
    const { outcomes } = await runProject(
      this,
      `${imports}
      export class SampleTests extends TestCase {
        test_a() { const go = async () => { await Promise.resolve(); setImmediate(() => { setTimeout(() => {}, 1000); }); }; void go(); }
        async test_b() { await sleep(30); }
        test_c() { void (async () => { await new Promise((r) => setImmediate(r)); await new Promise((r) => process.nextTick(r)); fs.stat('/', () => { setInterval(() => {}, 1000); }); })(); }
        async test_d() { await sleep(30); }
      }`,
    );

    this.assertEqual(outcomes['SampleTests.test_b'], ['success']);
    this.assertEqual(outcomes['SampleTests.test_d'], ['success']);
    this.assertIn('error LeakError', (outcomes['SampleTests.test_a'] ?? []).join().replace('late ', ''));
    this.assertIn('error LeakError', (outcomes['SampleTests.test_c'] ?? []).join().replaceAll('late ', ''));
  }

  async test_what_a_test_left_is_gone_when_the_next_one_begins() {
    const { outcomes } = await runProject(
      this,
      `${imports}
      let ticks = 0;
      let server: net.Server;
      export class SampleTests extends TestCase {
        async test_a() {
          setInterval(() => ticks++, 1);
          process.env.TXTRIAL_POEM = 'x';
          process.chdir('..');
          process.on('SIGALRM', () => {});
          server = net.createServer().listen(0);
          await once(server, 'listening');
        }
        async test_b() {
          const before = ticks;
          await sleep(20);
          this.assertEqual(ticks, before);
          this.assertEqual(process.env.TXTRIAL_POEM, undefined);
          this.assertEqual(process.listenerCount('SIGALRM'), 0);
          this.assertEqual(server.listening, false);
          this.assertSubstring('_trial_temp', process.cwd());
        }
      }`,
    );

    this.assertEqual(outcomes['SampleTests.test_a'], Array(5).fill('error LeakError'));
    this.assertEqual(outcomes['SampleTests.test_b'], ['success']);
  }

  async test_a_descriptor_that_was_closed_for_a_test_is_given_to_no_other() {
    const { outcomes } = await runProject(
      this,
      `${imports}
      let fd = -1;
      export class SampleTests extends TestCase {
        test_a() { fd = fs.openSync('poem', 'w'); }
        async test_b() {
          const server = net.createServer((c) => c.end()).listen(0, '127.0.0.1');
          await once(server, 'listening');
          // What test_a left goes on, and knows nothing of what became of its file.
          this.assertRaises(Error, () => fs.writeSync(fd, 'x'));
          fs.closeSync(fd);
          const { port } = server.address() as net.AddressInfo;
          const client = net.connect(port, '127.0.0.1').resume();
          await once(client, 'close');
          await new Promise((done) => server.close(done));
          const again = fs.openSync('poem', 'w');
          fs.writeSync(again, 'x');
          fs.closeSync(again);
        }
      }`,
    );

    this.assertEqual(outcomes['SampleTests.test_a'], ['error LeakError']);
    this.assertEqual(outcomes['SampleTests.test_b'], ['success']);
  }

  async test_what_was_there_before_a_test_is_not_its_fault() {
    const { outcomes, loadErrors } = await runProject(
      this,
      `${imports}
      const timer = setInterval(() => {}, 1000);
      process.on('exit', () => {});
      process.env.TXTRIAL_POEM = 'x';
      export class SampleTests extends TestCase {
        test_a() {}
        test_b() { clearInterval(timer); }
      }`,
    );

    this.assertEqual(outcomes, { 'SampleTests.test_a': ['success'], 'SampleTests.test_b': ['success'] });
    this.assertEqual(loadErrors, []);
  }

  async test_a_connection_that_is_kept_is_whose_who_uses_it() {
    const { outcomes, events, loadErrors } = await runProject(
      this,
      `${imports}
      const server = http.createServer((q, r) => { if (q.url !== '/hang') r.end('x'); }).listen(0, '127.0.0.1').unref();
      await once(server, 'listening');
      const { port } = server.address() as net.AddressInfo;
      const agent = new http.Agent({ keepAlive: true });
      const get = (path: string, f = () => {}) => http.get({ host: '127.0.0.1', port, path, agent }, (r) => r.resume().on('end', f)).on('error', () => {});
      const answered = (path: string) => new Promise<void>((done) => get(path, done));
      const fetched = async (path: string) => (await fetch('http://127.0.0.1:' + port + path)).text();
      export class SampleTests extends TestCase {
        async test_a() { await answered('/'); await fetched('/'); }
        async test_b() { await answered('/'); await fetched('/'); await answered('/'); await fetched('/'); }
        async test_c() { get('/hang'); await once(server, 'request'); }
        async test_d() { await answered('/'); }
        async test_e() { fetched('/hang').catch(() => {}); await once(server, 'request'); }
        async test_f() { await answered('/'); await fetched('/'); }
      }`,
    );

    const leak = ['error LeakError'];
    const ok = ['success'];
    this.assertEqual(Object.values(outcomes), [ok, ok, leak, ok, leak, ok]);
    this.assertEqual(loadErrors, []);
    const ports = new Set(
      events.flatMap((event) =>
        event.type === 'testFinished'
          ? event.outcomes.flatMap(({ message = '' }) => /from port \d+/.exec(message) ?? [])
          : [],
      ),
    );
    this.assertEqual(ports.size, 2);
  }

  async test_a_leak_stands_after_a_failure() {
    const { outcomes, totals } = await runProject(
      this,
      `export class SampleTests extends TestCase { test_a() { setTimeout(() => {}, 5000); this.fail('x'); } }`,
    );

    this.assertEqual(outcomes['SampleTests.test_a'], ['failure FailTest', 'error LeakError']);
    this.assertEqual(totals?.failures, 1);
    this.assertEqual(totals?.errors, 1);
  }

  async test_the_reactors_are_told_of_by_the_reactor_alone() {
    const { outcomes, events } = await runProject(
      this,
      `import { Protocol, ServerFactory, ClientCreator } from ${JSON.stringify(import.meta.resolve('txtrial/internet'))};
      export class SampleTests extends TestCase {
        test_call() { reactor.callLater(100, () => {}); }
        test_port() { reactor.listenTCP(0, new ServerFactory(), { interface: '127.0.0.1' }); }
        test_udp() { reactor.listenUDP(0, new (class { makeConnection() {} doStart() {} doStop() {} })() as never, { interface: '127.0.0.1' }); }
        test_client() {
          const port = reactor.listenTCP(0, ServerFactory.forProtocol(Protocol), { interface: '127.0.0.1' });
          return new ClientCreator(reactor, Protocol).connectTCP('127.0.0.1', port.getHost().port);
        }
      }`,
    );

    this.assertEqual(outcomes['SampleTests.test_call'], ['error DirtyReactorAggregateError']);
    for (const name of ['port', 'udp', 'client']) {
      this.assertEqual(outcomes[`SampleTests.test_${name}`], ['success', 'error DirtyReactorAggregateError'], name);
    }
    const messages = events.flatMap((event) =>
      event.type === 'testFinished' || event.type === 'verdictAmended'
        ? event.outcomes.map(({ message }) => message ?? '')
        : [],
    );
    // Functions of ours may stand between the user's and the reactor's.
    const places = messages.join('\n').match(/made at \S+/g) ?? [];
    this.assertEqual(
      places.filter((place) => !place.includes('test_sample.ts:')),
      [],
    );
    this.assertEqual(places.length, 6);
  }
}

export class ModuleLevelTests extends TestCase {
  async test_a_server_that_is_left_is_an_error_of_its_file() {
    const { outcomes, loadErrors, status } = await runProject(
      this,
      `${imports}
      net.createServer().listen(0);
      export class SampleTests extends TestCase { test_a() {} }`,
    );

    this.assertEqual(outcomes, { 'SampleTests.test_a': ['success'] });
    this.assertEqual(
      loadErrors.map(({ id, errorName }) => [id, errorName]),
      [['test_sample.ts', 'LeakError']],
    );
    this.assertRegex(loadErrors[0]?.message ?? '', /server on \S+, made at \S+test_sample\.ts:\d+:\d+/);
    this.assertEqual(status, 1);
  }

  async test_one_that_is_unrefd_or_closed_is_not() {
    const { outcomes, loadErrors } = await runProject(
      this,
      `${imports}
      const closed = net.createServer().listen(0);
      const unrefd = http.createServer((q, r) => r.end('x')).listen(0).unref();
      export class SampleTests extends TestCase {
        async test_a() { await (await fetch('http://127.0.0.1:' + (unrefd.address() as net.AddressInfo).port)).text(); }
        async test_b() {
          await new Promise<void>((done) => http.get({ port: (unrefd.address() as net.AddressInfo).port }, (r) => r.resume().on('end', done)));
        }
        test_c() { closed.close(); }
      }`,
    );

    this.assertEqual(Object.values(outcomes).flat(), ['success', 'success', 'success']);
    this.assertEqual(loadErrors, []);
  }

  async test_what_it_accepts_belongs_to_the_file() {
    const { outcomes, loadErrors } = await runProject(
      this,
      `${imports}
      const server = net.createServer({ allowHalfOpen: true }, (c) => c.resume()).listen(0).unref();
      export class SampleTests extends TestCase {
        async test_a() {
          const c = net.connect((server.address() as net.AddressInfo).port);
          await once(server, 'connection');
          c.destroy();
        }
      }`,
    );

    this.assertEqual(outcomes['SampleTests.test_a'], ['success']);
    this.assertEqual(
      loadErrors.map(({ id, errorName }) => [id, errorName]),
      [['test_sample.ts', 'LeakError']],
    );
    this.assertRegex(loadErrors[0]?.message ?? '', /accepted socket/);
  }
}
