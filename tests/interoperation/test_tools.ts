import { writeFileSync } from 'node:fs';
import { TestCase } from 'txtrial';
import { missing } from '../support/foreign.js';
import { run, startServer } from '../support/poetry.js';

const POEM = 'Über allen Gipfeln\nIst Ruh\n';

export class NetcatTests extends TestCase {
  static skip = missing('nc', 'netcat-openbsd');

  override setUp() {
    writeFileSync('poem.txt', POEM);
  }

  async test_fast() {
    const { port } = await startServer(this, 'fast', 'poem.txt');

    this.assertEqual((await run('nc', ['127.0.0.1', port])).stdout, POEM);
  }

  async test_slow() {
    const { port } = await startServer(this, 'slow', 'poem.txt', '--delay', '0.01');

    this.assertEqual((await run('nc', ['127.0.0.1', port])).stdout, POEM);
  }

  async test_proxy() {
    const origin = await startServer(this, 'fast', 'poem.txt');
    const { port } = await startServer(this, 'proxy', origin.port);

    this.assertEqual((await run('nc', ['127.0.0.1', port])).stdout, POEM);
  }

  async test_transform() {
    const { port } = await startServer(this, 'transform');

    this.assertEqual(
      (await run('nc', ['127.0.0.1', port], '27:cummingsify.HERE IS MY POEM,')).stdout,
      '15:here is my poem,',
    );
    this.assertEqual((await run('nc', ['127.0.0.1', port], '5:shout,')).stdout, '');
    this.assertEqual((await run('nc', ['127.0.0.1', port], 'what?')).stdout, '');
  }
}

export class CurlTests extends TestCase {
  static skip = missing('curl', 'curl');

  curl(address: string, ...options: string[]) {
    return run('curl', ['--silent', '--noproxy', '*', ...options, `telnet://${address}`]);
  }

  override setUp() {
    writeFileSync('poem.txt', POEM);
  }

  async test_fast() {
    const { address } = await startServer(this, 'fast', 'poem.txt');

    this.assertEqual((await this.curl(address)).stdout, POEM);
  }

  /** A client that is interrupted ends the proxy's download. */
  async test_proxy_cancels() {
    const origin = await startServer(this, 'slow', 'poem.txt', '--delay', '60');
    const proxy = await startServer(this, 'proxy', origin.port);

    await this.curl(proxy.address, '--max-time', '1');

    await proxy.logged('Canceling poem download.');
    this.assertRegex(proxy.log(), /Fetching poem from server\..*Canceling poem download\./s);
  }
}
