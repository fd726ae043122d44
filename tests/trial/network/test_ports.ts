import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { TestCase } from 'txtrial';
import { reactor, ServerFactory } from 'txtrial/internet';
import { runProject } from '../../support/project.js';

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
