import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestCase } from 'txtrial';
import { reactor, ServerFactory } from 'txtrial/internet';
import { runProject } from '../../support/project.js';

const HELD_BY_SET_UP =
  /\nPort \d+ is held by this process: a server of test_sample\.ATests\.test_\w+, made at .*test_sample\.ts:\d+:\d+\.$/;

const importServerFactory = `import { ServerFactory } from ${JSON.stringify(import.meta.resolve('txtrial/internet'))};`;

/** `this.leasePort()`. */
export class LeaseTests extends TestCase {
  static timeout = 60;

  test_can_be_listened_on() {
    const port = this.leasePort();

    const listening = reactor.listenTCP(port, new ServerFactory());

    this.assertEqual(listening.getHost().port, port);
    return listening.stopListening();
  }

  test_each_is_another() {
    const ports = Array.from({ length: 20 }, () => this.leasePort());

    this.assertEqual(new Set(ports).size, 20);
  }

  /** While this test holds a port, no other process is given it. */
  async test_holds_against_other_processes() {
    const held = Array.from({ length: 1000 }, () => this.leasePort());
    const source = `
      export class ManyTests extends TestCase {
        test_many() {
          const mine = new Set(Array.from({ length: 100 }, () => this.leasePort()));
          this.assertEqual(${JSON.stringify(held)}.filter((port) => mine.has(port)), []);
        }
      }`;

    const { outcomes } = await runProject(this, source);

    this.assertEqual(outcomes, { 'ManyTests.test_many': ['success'] });
  }

  async test_is_free_for_datagrams_too() {
    if (process.platform !== 'linux') this.skipTest('only Linux says so at once');
    const socket = createSocket('udp4').bind(0);
    this.addCleanup(() => new Promise<void>((closed) => socket.close(closed)));
    await once(socket, 'listening');
    const source = `
      import crypto from 'node:crypto';
      export class ATests extends TestCase {
        test_a() {
          let tried = 0;
          this.patch(crypto, 'randomInt', (low) => (tried++ === 0 ? ${socket.address().port} : low + tried));
          this.assertNotEqual(this.leasePort(), ${socket.address().port});
          this.assertGreater(tried, 1);
        }
      }`;
    const { outcomes } = await runProject(this, source);

    this.assertEqual(outcomes, { 'ATests.test_a': ['success'] });
  }

  async test_is_given_back() {
    const source = `
      import { existsSync } from 'node:fs';
      import { tmpdir } from 'node:os';
      let port;
      const isHeld = () => existsSync(tmpdir() + '/txtrial-ports/' + port);
      export class ATests extends TestCase {
        test_1_leased() { port = this.leasePort(); this.assertTrue(isHeld()); }
        test_2_given_back() { this.assertFalse(isHeld()); }
      }`;

    const { outcomes } = await runProject(this, source);

    this.assertEqual(outcomes, { 'ATests.test_1_leased': ['success'], 'ATests.test_2_given_back': ['success'] });
  }
}

/** What the report of a port in use says besides. */
export class HolderTests extends TestCase {
  static timeout = 60;

  async #messageOf(source: string): Promise<string> {
    const { events } = await runProject(this, source);
    for (const event of events) {
      if (event.type === 'testFinished') return event.outcomes[0]?.message ?? '';
      if (event.type === 'loadError') return event.message;
    }
    return '';
  }

  async test_a_port_of_the_reactor() {
    const message = await this.#messageOf(`${importServerFactory}
      export class ATests extends TestCase {
        test_a() {
          const port = this.leasePort();
          const first = reactor.listenTCP(port, new ServerFactory());
          this.addCleanup(() => first.stopListening());
          reactor.listenTCP(port, new ServerFactory());
        }
      }`);

    this.assertRegex(
      message,
      /\nPort (\d+) is held by this process: <Port of ServerFactory on 0\.0\.0\.0:\1>, made at .*test_sample\.ts:\d+:\d+, leased by test_sample\.ATests\.test_a\.$/,
    );
  }

  async test_another_process() {
    if (process.platform !== 'linux') this.skipTest('only Linux is asked who has a port');
    const script = "const s = require('net').createServer().listen(0, () => console.log(s.address().port))";
    const server = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.addCleanup(async () => {
      const gone = once(server, 'close');
      server.kill();
      await gone;
    });
    const [said] = await once(server.stdout, 'data');
    const port = Number(said);

    const message = await this.#messageOf(`${importServerFactory}
      export class ATests extends TestCase {
        test_a() { reactor.listenTCP(${port}, new ServerFactory()); }
      }`);

    this.assertSubstring(`\nPort ${port} is held by process ${server.pid} (${process.execPath} -e `, message);
  }

  async test_of_a_module() {
    if (process.platform !== 'linux') this.skipTest('only Linux is asked who has a port');
    const server = createServer().listen(0);
    this.addCleanup(() => new Promise((closed) => server.close(closed)));
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const message = await this.#messageOf(`
      import net from 'node:net';
      await new Promise((listening, failed) => net.createServer().listen(${port}, listening).on('error', failed));`);

    this.assertSubstring(`\nPort ${port} is held by process ${process.pid} (`, message);
  }

  async test_of_a_server_of_the_test_itself() {
    const message = await this.#messageOf(`
      import net from 'node:net';
      import { once } from 'node:events';
      export class ATests extends TestCase {
        async test_a() {
          const one = net.createServer().listen(0, '127.0.0.1');
          await once(one, 'listening');
          this.addCleanup(() => one.close());
          await once(net.createServer().listen(one.address().port, '127.0.0.1'), 'listening');
        }
      }`);

    this.assertRegex(
      message ?? '',
      /\nPort \d+ is held by this process: a server of test_sample\.ATests\.test_a, made at .*test_sample\.ts:\d+:\d+\.$/,
    );
  }

  async test_of_datagrams() {
    if (process.platform !== 'linux') this.skipTest('only Linux is asked who has a port');
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    this.addCleanup(() => new Promise<void>((closed) => socket.close(closed)));
    await once(socket, 'listening');
    const { port } = socket.address();

    const message = await this.#messageOf(`
      import dgram from 'node:dgram';
      import { once } from 'node:events';
      export class ATests extends TestCase {
        async test_a() {
          const socket = dgram.createSocket('udp4').bind(${port}, '127.0.0.1');
          this.addCleanup(() => socket.close());
          await once(socket, 'listening');
        }
      }`);

    this.assertSubstring(`\nPort ${port} is held by process ${process.pid} (`, message);
  }

  /** By the time that these errors are reported, the cleanups have closed the server. */
  async test_of_an_error_that_nobody_throws() {
    const { events } = await runProject(
      this,
      `import net from 'node:net';
      import { once } from 'node:events';
      export class ATests extends TestCase {
        async setUp() {
          const one = net.createServer().listen(0);
          await once(one, 'listening');
          this.addCleanup(() => new Promise((closed) => one.close(closed)));
          this.port = one.address().port;
        }
        async test_unhandled() {
          net.createServer().listen(this.port);
          await new Promise(setImmediate);
        }
        async test_logged() {
          const [error] = await once(net.createServer().listen(this.port).on('listening', () => {}), 'error');
          log.err(error);
        }
        async test_among_others() {
          const [error] = await once(net.createServer().listen(this.port), 'error');
          throw new AggregateError([new Error('another'), error], 'no server would start');
        }
      }`,
    );

    const messages = events.flatMap((event) => (event.type === 'testFinished' ? event.outcomes : []));
    this.assertEqual(messages.length, 3);
    for (const { message } of messages) this.assertRegex(message ?? '', HELD_BY_SET_UP);
  }

  async test_of_a_server_and_a_socket_of_the_module() {
    const { events } = await runProject(
      this,
      `import dgram from 'node:dgram';
      import net from 'node:net';
      import { once } from 'node:events';
      const server = net.createServer().listen(0).unref();
      const socket = dgram.createSocket('udp4').bind(0).unref();
      await Promise.all([once(server, 'listening'), once(socket, 'listening')]);
      export class ATests extends TestCase {
        async test_server() { await once(net.createServer().listen(server.address().port), 'listening'); }
        async test_socket() {
          const other = dgram.createSocket('udp4').bind(socket.address().port);
          this.addCleanup(() => other.close());
          await once(other, 'listening');
        }
      }`,
    );

    const messages = events.flatMap((event) => (event.type === 'testFinished' ? event.outcomes : []));
    this.assertRegex(
      messages[0]?.message ?? '',
      /held by this process: a server, made at .*test_sample\.ts:\d+:\d+\.$/,
    );
    this.assertRegex(messages[1]?.message ?? '', /held by this process: a UDP socket, made at .*test_sample\.ts:\d+:/);
  }

  async test_of_a_leased_port_that_a_child_process_has() {
    if (process.platform !== 'linux') this.skipTest('only Linux is asked who has a port');
    const port = this.leasePort();
    const server = createServer().listen(port);
    this.addCleanup(() => new Promise((closed) => server.close(closed)));
    await once(server, 'listening');

    const message = await this.#messageOf(`${importServerFactory}
      export class ATests extends TestCase {
        test_a() { reactor.listenTCP(${port}, new ServerFactory()); }
      }`);

    this.assertSubstring(`, leased by ${this.id()}.`, message);
  }

  async test_of_a_unix_socket() {
    const message = await this.#messageOf(`
      import net from 'node:net';
      import { once } from 'node:events';
      export class ATests extends TestCase {
        async test_a() {
          const one = net.createServer().listen('a.sock');
          await once(one, 'listening');
          this.addCleanup(() => new Promise((closed) => one.close(closed)));
          await once(net.createServer().listen('a.sock'), 'listening');
        }
      }`);
    this.assertRegex(message, /\na\.sock is held by this process: a server of test_sample\.ATests\.test_a, made at /);

    const ofReactor = await this.#messageOf(`${importServerFactory}
      export class ATests extends TestCase {
        test_a() {
          const one = reactor.listenUNIX('a.sock', new ServerFactory());
          this.addCleanup(() => one.stopListening());
          reactor.listenUNIX('a.sock', new ServerFactory());
        }
      }`);
    this.assertRegex(ofReactor, /\na\.sock is held by this process: <Port of ServerFactory on unix:a\.sock>, made at /);
  }

  async test_of_a_unix_socket_of_another_process_and_of_none() {
    if (process.platform !== 'linux') this.skipTest('only Linux is asked who has a socket');
    const folder = mkdtempSync(join(tmpdir(), 'txtrial-'));
    this.addCleanup(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'a.sock');
    const script = "require('net').createServer().listen(process.argv[1], () => console.log('listening'))";
    const server = spawn(process.execPath, ['-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = once(server, 'close');
    this.addCleanup(() => server.kill('SIGKILL') && gone);
    await once(server.stdout, 'data');
    const source = `
      import net from 'node:net';
      import { once } from 'node:events';
      export class ATests extends TestCase {
        async test_a() { await once(net.createServer().listen(${JSON.stringify(path)}), 'listening'); }
      }`;

    this.assertSubstring(
      `\n${path} is held by process ${server.pid} (${process.execPath} -e `,
      await this.#messageOf(source),
    );
    server.kill('SIGKILL');
    await gone;
    this.assertSubstring(`\nNobody listens at ${path} any more`, await this.#messageOf(source));
  }

  async test_of_the_local_port_of_a_connection() {
    const message = await this.#messageOf(`
      import net from 'node:net';
      import { once } from 'node:events';
      export class ATests extends TestCase {
        async test_a() {
          const [one, other] = [net.createServer().listen(0), net.createServer().listen(0)];
          await Promise.all([once(one, 'listening'), once(other, 'listening')]);
          this.addCleanup(() => { one.close(); other.close(); });
          const localPort = other.address().port;
          await once(net.connect({ port: one.address().port, host: '127.0.0.1', localPort }), 'connect');
        }
      }`);

    this.assertRegex(message, /\nPort \d+ is held by this process: a server of test_sample\.ATests\.test_a, made at /);
  }

  async test_nobody_is_made_up() {
    const message = await this.#messageOf(`
      export class ATests extends TestCase {
        test_a() {
          throw Object.assign(new Error('in use, it is said'), { code: 'EADDRINUSE', port: this.leasePort() });
        }
      }`);

    this.assertEqual(message, 'in use, it is said');
  }
}
