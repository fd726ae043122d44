import { TestCase } from 'txtrial';
import { runProject } from '../../support/project.js';

/** The last test leaves something under way that goes wrong. */
export class AfterTheLastTestTests extends TestCase {
  async charged(body: string): Promise<void> {
    const { outcomes, status, stderr } = await runProject(
      this,
      `
      import * as childProcess from 'node:child_process';
      import * as fs from 'node:fs';
      import * as http from 'node:http';
      import * as net from 'node:net';
      export class Sample extends TestCase {
        static allowLeaks = ['file', 'worker'];
        test_it() { ${body} }
      }`,
    );

    const all = outcomes['Sample.test_it'] ?? [];
    this.assertEqual(all.filter((outcome) => outcome.endsWith('error Boom')).length, 1, `${all.join()} ${stderr}`);
    this.assertEqual(status, 1);
  }

  test_a_request_for_a_file() {
    return this.charged("fs.readFile('/etc/hosts', () => { throw new Boom(); });");
  }

  test_a_stream() {
    return this.charged("fs.createReadStream(process.execPath).once('data', () => { throw new Boom(); });");
  }

  test_a_connection_over_the_loopback() {
    return this.charged(`
      const server = net.createServer((socket) => { server.close(); socket.end('x'); });
      server.listen(0, '127.0.0.1', () => {
        net.connect(server.address().port, '127.0.0.1').on('data', () => { throw new Boom(); });
      });`);
  }

  test_an_http_request_over_the_loopback() {
    return this.charged(`
      const server = http.createServer((request, response) => { response.end(); server.close(); });
      server.listen(0, '127.0.0.1', () => {
        http.get({ host: '127.0.0.1', port: server.address().port }, () => { throw new Boom(); });
      });`);
  }

  async test_a_timer_far_off_and_an_open_server_are_not_waited_for() {
    const { status } = await runProject(
      this,
      `
      import * as net from 'node:net';
      setTimeout(() => {}, 1e8);
      net.createServer().listen(0, '127.0.0.1').unref();
      export class Sample extends TestCase {
        test_it() {}
      }`,
    );

    this.assertEqual(status, 0);
  }

  async test_a_request_that_is_never_answered_does_not_keep_the_process() {
    const source = `
      import { execFileSync } from 'node:child_process';
      import * as fs from 'node:fs';
      export class Sample extends TestCase {
        test_it() {
          const pipe = this.mktemp();
          execFileSync('mkfifo', [pipe]);
          fs.readFile(pipe, () => {});
        }
      }`;
    for (const choice of ['--no-supervise', '--supervise']) {
      const { outcomes, stderr, status, totals } = await runProject(this, source, '--timeout', '0.2', choice);

      this.assertEqual(outcomes, { 'Sample.test_it': ['error LeakError'] });
      this.assertEqual(totals?.errors, 1);
      this.assertSubstring('still not answered', stderr);
      // Where the status cannot be kept it is that of a process that was killed.
      this.assertIn(status, choice === '--no-supervise' && !('execve' in process) ? [null] : [1]);
    }
  }

  async test_a_run_that_ends_so_is_no_death_to_its_supervisor() {
    const { outcomes, stderr, status } = await runProject(
      this,
      `
      import { execFileSync } from 'node:child_process';
      import * as fs from 'node:fs';
      export class Sample extends TestCase {
        static allowLeaks = ['request'];
        test_it() {
          const pipe = this.mktemp();
          execFileSync('mkfifo', [pipe]);
          fs.readFile(pipe, () => {});
        }
      }`,
      '--timeout',
      '2.2',
      '--supervise',
    );

    this.assertEqual(outcomes, { 'Sample.test_it': ['success'] });
    this.assertEqual(status, 0, stderr);
    this.assertSubstring('Waiting for a call of fs, dns or crypto', stderr);
    this.assertSubstring('still not answered', stderr);
    this.assertNotSubstring('died', stderr);
  }
}
