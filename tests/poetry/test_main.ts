import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TestCase } from 'txtrial';

const command = fileURLToPath(new URL('../../dist/bin/poetry.js', import.meta.url));

/** What a finished command left behind. */
interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `poetry` to its end. */
async function poetry(...args: string[]): Promise<Finished> {
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

/** A `poetry` server that runs until the test is over. */
interface Server {
  readonly child: ChildProcess;
  readonly firstLine: string;
  /** Where it listens, `HOST:PORT`. */
  readonly address: string;
}

async function startServer(test: TestCase, ...args: string[]): Promise<Server> {
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  test.addCleanup(async () => {
    child.kill();
    await closed;
  });
  const [firstLine] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, firstLine, address: / on (\S+)\.$/.exec(firstLine)?.[1] ?? '' };
}

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
    const unused = createServer().listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const { port } = unused.address() as { port: number };
    unused.close();
    await once(unused, 'close');

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
