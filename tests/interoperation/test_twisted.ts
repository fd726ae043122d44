import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TestCase } from 'txtrial';
import { noTwisted, python3, startTwisted, twisted } from '../support/foreign.js';
import { poetry, startServer, unusedPort } from '../support/poetry.js';
import { differences } from '../support/receivers.js';

const POEM = 'Über allen Gipfeln\nIst Ruh\n';

export class TwistedClientTests extends TestCase {
  static skip = noTwisted;

  override setUp() {
    writeFileSync('poem.txt', POEM);
  }

  async test_fast() {
    const { port } = await startServer(this, 'fast', 'poem.txt');

    this.assertEqual((await twisted('get', port)).stdout, `ConnectionDone ${POEM}`);
  }

  async test_slow() {
    const { port } = await startServer(this, 'slow', 'poem.txt', '--num-bytes', '1', '--delay', '0.001', '--blocking');

    const poems = await Promise.all([twisted('get', port), twisted('get', port)]);

    this.assertEqual(
      poems.map(({ stdout }) => stdout),
      Array(2).fill(`ConnectionDone ${POEM}`),
    );
  }

  async test_transform() {
    const { port } = await startServer(this, 'transform');

    this.assertEqual((await twisted('transform', port, 'cummingsify', 'A. B')).stdout, 'ConnectionDone a. b');
    this.assertEqual((await twisted('transform', port, 'shout', 'A. B')).stdout, 'ConnectionDone (nothing)');
  }

  async test_proxy() {
    const origin = await startServer(this, 'fast', 'poem.txt');
    const { port } = await startServer(this, 'proxy', origin.port);

    this.assertEqual((await twisted('get', port)).stdout, `ConnectionDone ${POEM}`);
    this.assertEqual((await twisted('get', port)).stdout, `ConnectionDone ${POEM}`);
  }

  /** A failure of the proxy's server does not look like an empty poem. */
  async test_proxy_without_its_server() {
    const { port } = await startServer(this, 'proxy', String(await unusedPort()));

    this.assertEqual((await twisted('get', port)).stdout, 'ConnectionLost ');
  }
}

export class TwistedServerTests extends TestCase {
  static skip = noTwisted;

  async test_get() {
    const [fast, slow] = await Promise.all([startTwisted(this, 'serve', POEM), startTwisted(this, 'slow', POEM)]);

    const atOnce = await poetry('get', fast.port, slow.port);
    const blocking = await poetry('get', '--blocking', slow.port, fast.port);

    const expected = { status: 0, stdout: POEM + POEM, stderr: '' };
    this.assertEqual([atOnce, blocking], [expected, expected]);
  }

  async test_transformed() {
    const poem = await startTwisted(this, 'serve', 'A Poem');
    const service = await startTwisted(this, 'service');

    const known = await poetry('get', '--transform', service.port, poem.port);
    const unknown = await poetry('get', '--transform', service.port, '--transform-name', 'shout', poem.port);

    this.assertEqual(known, { status: 0, stdout: 'a poem', stderr: '' });
    this.assertEqual(unknown, { status: 0, stdout: 'A Poem', stderr: 'Cummingsify failed!\n' });
  }

  async test_gibberish() {
    const poem = await startTwisted(this, 'serve', 'A Poem');
    const babbler = await startTwisted(this, 'babble');

    const { status, stdout, stderr } = await poetry('get', '--transform', babbler.port, poem.port);

    this.assertEqual({ status, stdout }, { status: 1, stdout: '' });
    this.assertEqual(stderr, `The poem download failed. ${poem.address}: The transform server answered gibberish.\n`);
  }

  async test_proxied() {
    const origin = await startTwisted(this, 'slow', 'A Poem');
    const service = await startTwisted(this, 'service');
    const proxy = await startServer(this, 'proxy', origin.port, '--transform', service.port);

    this.assertEqual((await poetry('get', proxy.port)).stdout, 'a poem');
  }
}

export class TwistedReceiverTests extends TestCase {
  static skip = noTwisted;

  /** Streams that nobody has seen before are received as Twisted receives them. */
  async test_fresh_streams() {
    const seed = String(randomInt(2 ** 31));
    const record = fileURLToPath(new URL('../fixtures/protocols/record.py', import.meta.url));

    const { stdout } = await python3(record, seed, '100');

    const recorded = stdout.trimEnd().split('\n');
    this.assertEqual(recorded.length, 600);
    this.assertEqual(differences(recorded).slice(0, 3), [], `record.py ${seed} 100`);
  }
}
