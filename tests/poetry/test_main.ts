import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { TestCase } from 'txtrial';
import { poetry, startServer, unusedPort } from '../support/poetry.js';

export class PoetryCommandTests extends TestCase {
  /** A server says what it serves and where; a client prints just that. */
  async test_fast_and_get() {
    writeFileSync('poem.txt', 'Zeile eins\nZeile zwei — Ende\n');
    const { firstLine, address } = await startServer(this, 'fast', 'poem.txt');

    this.assertRegex(firstLine, /^Serving poem\.txt on 127\.0\.0\.1:\d+\.$/);
    const { status, stdout, stderr } = await poetry('get', address);

    this.assertEqual({ status, stdout, stderr }, { status: 0, stdout: 'Zeile eins\nZeile zwei — Ende\n', stderr: '' });
  }

  /** The host may be left out. */
  async test_get_port_alone() {
    const { address } = await startServer(this, 'fast', 'ozymandias.txt');

    const { status, stdout } = await poetry('get', address.split(':')[1] as string);

    this.assertEqual(status, 0);
    this.assertIn('Look on my works', stdout);
  }

  /** Poems come in the order of the arguments, whichever arrives first. */
  async test_get_several() {
    writeFileSync('one.txt', 'one '.repeat(10));
    writeFileSync('two.txt', 'two');
    const slow = await startServer(this, 'slow', 'one.txt', '--num-bytes', '8', '--delay', '0.01');
    const fast = await startServer(this, 'fast', 'two.txt');

    const { status, stdout } = await poetry('get', slow.address, fast.address);

    this.assertEqual({ status, stdout }, { status: 0, stdout: `${'one '.repeat(10)}two` });
  }

  /** What can be had is printed, what cannot is said, and the status tells. */
  async test_get_some_fail() {
    writeFileSync('poem.txt', 'a poem');
    const { address } = await startServer(this, 'fast', 'poem.txt');
    const port = await unusedPort();

    const { status, stdout, stderr } = await poetry('get', String(port), address);

    this.assertEqual({ status, stdout }, { status: 1, stdout: 'a poem' });
    this.assertRegex(
      stderr,
      new RegExp(`^The poem download failed\\. 127\\.0\\.0\\.1:${port}: [^\\n]*refused[^\\n]*\\n$`, 'i'),
    );
  }

  /** Ctrl-C ends a server cleanly. */
  async test_interrupt_server() {
    const { child } = await startServer(this, 'slow', 'ozymandias.txt');

    child.kill('SIGINT');
    const [status, signal] = (await once(child, 'close')) as [number | null, string | null];

    this.assertEqual([status, signal], [0, null]);
  }
}

export class PoetryServersTests extends TestCase {
  async test_several_poems_on_several_ports() {
    const { lines } = await startServer(this, 'fast', 'ozymandias.txt', 'science.txt');
    while (lines.length < 2) await setImmediate();
    const [first, second] = lines.map((line) => / on (\S+)\.$/.exec(line)?.[1] as string);

    const { stdout } = await poetry('get', second as string, first as string);

    this.assertRegex(stdout, /Sonnet: To Science.*Look on my works/s);
  }

  async test_log() {
    writeFileSync('poem.txt', 'a poem');
    const server = await startServer(this, 'fast', 'poem.txt');

    await poetry('get', server.address);

    await server.logged('sending 6 bytes of poetry to 127.0.0.1:');
    this.assertRegex(server.log(), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} \[/);
  }

  async test_proxy() {
    writeFileSync('poem.txt', 'A Poem');
    const origin = await startServer(this, 'fast', 'poem.txt');
    const transform = await startServer(this, 'transform');
    const proxy = await startServer(this, 'proxy', origin.address, '--transform', transform.port, '--ttl', '100');

    this.assertEqual(proxy.firstLine, `Proxying ${origin.address} on ${proxy.address}.`);
    this.assertEqual((await poetry('get', proxy.address)).stdout, 'a poem');
    this.assertEqual((await poetry('get', proxy.address)).stdout, 'a poem');

    await proxy.logged('Using cached poem.');
    this.assertEqual(proxy.log().split('Fetching poem from server.').length, 2);
  }

  async test_proxy_without_its_server() {
    const proxy = await startServer(this, 'proxy', String(await unusedPort()));

    const { status, stdout, stderr } = await poetry('get', proxy.address);

    this.assertEqual({ status, stdout }, { status: 1, stdout: '' });
    this.assertIn(`The poem download failed. ${proxy.address}: `, stderr);
    await proxy.logged('The poem download failed. ');
  }

  async test_proxy_cancels() {
    const origin = await startServer(this, 'slow', 'ozymandias.txt', '--delay', '60');
    const proxy = await startServer(this, 'proxy', origin.address);

    await poetry('get', proxy.address, '--timeout', '0.3');

    await proxy.logged('Canceling poem download.');
  }

  async test_slow_blocking() {
    const server = await startServer(
      this,
      'slow',
      'ozymandias.txt',
      '--blocking',
      '--num-bytes',
      '200',
      '--delay',
      '0.02',
    );

    const { status, stdout } = await poetry('get', server.address, server.address);

    this.assertEqual(status, 0);
    this.assertEqual(stdout.split('Look on my works').length, 3);
  }
}

export class PoetryMistakeTests extends TestCase {
  /** Each mistake is one line on stderr, with status 2. */
  async assertMistake(args: readonly string[], line: RegExp): Promise<void> {
    const { status, stdout, stderr } = await poetry(...args);

    this.assertEqual({ status, stdout }, { status: 2, stdout: '' });
    this.assertRegex(stderr, line);
    this.assertRegex(stderr, /^[^\n]+\n$/, `one line: ${stderr}`);
  }

  test_missing_file() {
    return this.assertMistake(
      ['fast', 'no/such/poem.txt'],
      /^poetry: Cannot read no\/such\/poem\.txt: there is no such file\./,
    );
  }

  test_folder() {
    return this.assertMistake(['slow', '.'], /^poetry: Cannot read \.: it is a folder\./);
  }

  async test_port_in_use() {
    const { address } = await startServer(this, 'fast', 'ozymandias.txt');
    const port = address.split(':')[1] as string;

    await this.assertMistake(
      ['slow', 'ozymandias.txt', '--port', port],
      new RegExp(`^poetry: Cannot listen on 127\\.0\\.0\\.1:${port}: another program does\\.`),
    );
  }

  test_unknown_option() {
    return this.assertMistake(['fast', 'ozymandias.txt', '--speed', '9'], /^poetry: unknown option '--speed'/);
  }

  test_unknown_command() {
    return this.assertMistake(['quick', 'ozymandias.txt'], /^poetry: unknown command 'quick'/);
  }

  test_bad_port() {
    return this.assertMistake(['fast', 'ozymandias.txt', '--port', '70000'], /Write a whole number from 0 to 65535\./);
  }

  test_ports_for_other_poems() {
    return this.assertMistake(
      ['fast', 'ozymandias.txt', '--port', '0', '--port', '0'],
      /^poetry: Cannot tell which poem goes to which port: there are 1 poems and 2 ports\./,
    );
  }

  test_ports_beyond_the_last() {
    return this.assertMistake(
      ['fast', 'ozymandias.txt', 'science.txt', '--port', '65535'],
      /^poetry: Cannot listen on 2 ports from 65535 on/,
    );
  }

  /** The poem that could be served is not served either. */
  async test_second_port_in_use() {
    const { port } = await startServer(this, 'fast', 'ozymandias.txt');

    await this.assertMistake(
      ['fast', 'science.txt', 'science.txt', '--port', '0', '--port', port],
      new RegExp(`^poetry: Cannot listen on 127\\.0\\.0\\.1:${port}: another program does\\.`),
    );
  }

  test_bad_transform() {
    return this.assertMistake(['get', '1', '--transform', 'x'], /^poetry: Cannot read the address 'x'/);
  }

  test_bad_transform_name() {
    return this.assertMistake(['get', '1', '--transform-name', 'a.b'], /Write a name without a dot\./);
  }

  test_bad_number_of_bytes() {
    return this.assertMistake(['slow', 'ozymandias.txt', '--num-bytes', '0'], /Write a whole number of 1 or more\./);
  }

  test_bad_delay() {
    return this.assertMistake(['slow', 'ozymandias.txt', '--delay', 'soon'], /Write a number of seconds/);
  }

  test_bad_address() {
    return this.assertMistake(
      ['get', 'localhost:http'],
      /^poetry: Cannot read the address 'localhost:http': write PORT/,
    );
  }

  test_no_address() {
    return this.assertMistake(['get'], /^poetry: missing required argument/);
  }
}
