import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SkipTest, TestCase, todo } from 'txtrial';
import { poetry, run, startProgram, startServer, unusedPort } from '../support/poetry.js';

const command = fileURLToPath(new URL('../../dist/bin/poetry.js', import.meta.url));

export class PoetryCommandTests extends TestCase {
  /** A server says what it serves and where; a client prints just that. */
  async test_fast_and_get() {
    writeFileSync('poem.txt', 'Zeile eins\nZeile zwei — Ende\n');
    const { firstLine, address } = await startServer(this, 'fast', 'poem.txt');

    this.assertRegex(firstLine, /^Serving poem\.txt on 127\.0\.0\.1:\d+\.$/);
    const { status, stdout, stderr } = await poetry('get', address);

    this.assertEqual({ status, stdout, stderr }, { status: 0, stdout: 'Zeile eins\nZeile zwei — Ende\n', stderr: '' });
  }

  /** What a shell's `<(…)` gives is no file, but can be read. */
  async test_poem_from_a_pipe() {
    const server = await startProgram(this, 'sh', [
      '-c',
      'exec "$0" "$1" fast /dev/stdin <<END\na poem\nEND\n',
      process.execPath,
      command,
    ]);

    this.assertEqual((await poetry('get', server.address)).stdout, 'a poem\n');
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

    this.assertEqual({ status, stdout }, { status: 0, stdout: `${'one '.repeat(10)}\ntwo` });
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

  /** Ctrl-C and SIGTERM end a server cleanly: that is how one ends. */
  async test_interrupt_server() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      for (const args of [['slow', 'ozymandias.txt'], ['fast', 'ozymandias.txt'], ['transform'], ['proxy', '1']]) {
        const { child, log } = await startServer(this, ...args);

        child.kill(signal);

        this.assertEqual(await once(child, 'close'), [0, null], args[0]);
        this.assertRegex(log(), new RegExp(`^[^\n]*Received ${signal}, shutting down\\.\n`), args[0]);
      }
    }
  }

  /** The system closes the connections of a killed process in order, as a server does at the end of a poem. */
  @todo('a poem does not say how long it is')
  async test_kill_server_half_way() {
    const { child, address, logged } = await startServer(this, 'slow', 'ozymandias.txt', '--delay', '60');
    const got = poetry('get', address);
    await logged('sending ');

    child.kill('SIGKILL');

    this.assertEqual((await got).status, 1);
  }

  /** Whoever types pairs may give up. */
  async test_interrupt_deferred() {
    const child = spawn(process.execPath, [command, 'deferred']);
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => output.push(data));
    // More than a pipe holds: when it is written, the command is reading.
    await new Promise((resolve) => child.stdin.write('p p\n'.repeat(500_000), resolve));

    child.kill('SIGINT');

    this.assertEqual(await once(child, 'close'), [130, null]);
    this.assertEqual(Buffer.concat(output).toString(), '');
  }
}

/** Output that cannot be written. */
export class PoetryOutputTests extends TestCase {
  static skip = existsSync('/dev/full') ? null : 'there is no /dev/full';

  /** Runs `poetry` with stdout or stderr where nothing can be written. */
  full(redirection: '>' | '2>', ...args: string[]) {
    return run('sh', ['-c', `"$0" "$@" ${redirection}/dev/full`, process.execPath, command, ...args], 'p p\n');
  }

  async test_one_line_says_so() {
    const { address } = await startServer(this, 'fast', 'ozymandias.txt');
    const expected = { status: 1, stdout: '', stderr: 'poetry: Cannot write the output: no space left on device.\n' };

    for (const args of [['get', address], ['get', '--verbose', address], ['fast', 'ozymandias.txt'], ['transform']]) {
      const { status, stdout, stderr } = await this.full('>', ...args);

      // A server may have logged that it listens.
      const lines = stderr.replace(/^\d{4}-.*\n/gm, '');
      this.assertEqual({ status, stdout, stderr: lines }, expected, args.join(' '));
    }
    this.assertEqual(await this.full('>', 'deferred'), expected);
    this.assertEqual(await this.full('>', '--help'), expected);
  }

  async test_errors_that_cannot_be_shown_leave_the_status() {
    this.assertEqual(await this.full('2>', 'fast', 'no/such/poem.txt'), { status: 2, stdout: '', stderr: '' });
    this.assertEqual(await this.full('2>', 'get', String(await unusedPort())), { status: 1, stdout: '', stderr: '' });
  }

  /** A server whose log has nowhere to go serves all the same. */
  async test_a_log_that_cannot_be_written() {
    const args = ['-c', '"$0" "$@" 2>/dev/full', process.execPath, command, 'fast', 'ozymandias.txt'];
    const server = await startProgram(this, 'sh', ['-c', `exec ${args[1]}`, ...args.slice(2)]);

    const poems = [await poetry('get', server.address), await poetry('get', server.address)];

    for (const { stdout } of poems) this.assertSubstring('Look on my works', stdout);
  }

  /** As `head` does. */
  async test_a_reader_that_has_gone() {
    const { stderr } = await run('sh', ['-c', `"$0" "$1" --help | true`, process.execPath, command]);

    this.assertEqual(stderr, '');
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
  // What is no mistake would serve for ever.
  static timeout = 30;

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
      /^poetry: Cannot read no\/such\/poem\.txt: there is no such file\.\n$/,
    );
  }

  test_name_of_no_poem() {
    return this.assertMistake(
      ['fast', 'limerick.txt'],
      /^poetry: Cannot read limerick\.txt: there is no such file\. These poems can be had anywhere: nachtlied\.txt, ozymandias/,
    );
  }

  /** The poems that can be had anywhere are no help then. */
  test_file_that_cannot_be_reached() {
    symlinkSync('loop.txt', 'loop.txt');
    return this.assertMistake(
      ['fast', 'loop.txt'],
      /^poetry: Cannot read loop\.txt: too many symbolic links[^.]*\.\n$/,
    );
  }

  test_folder() {
    return this.assertMistake(['slow', '.'], /^poetry: Cannot read \.: it is a folder\./);
  }

  test_no_name() {
    return this.assertMistake(['fast', ''], /^poetry: Cannot read '': this is no name of a file\./);
  }

  async test_no_interface() {
    for (const iface of ['', ' ']) {
      await this.assertMistake(
        ['fast', 'ozymandias.txt', '--iface', iface],
        /Write an address; 0\.0\.0\.0 stands for all interfaces\./,
      );
    }
  }

  async test_names_of_several_lines() {
    await this.assertMistake(['fast', 'two\nlines'], /^poetry: Cannot read two\\u000alines: there is no such file/);
    await this.assertMistake(['get', 'two\nlines'], /^poetry: Cannot read the address 'two\\u000alines'/);
  }

  test_file_in_a_file() {
    writeFileSync('poem.txt', 'a poem');
    return this.assertMistake(['fast', 'poem.txt/poem'], /^poetry: Cannot read poem\.txt\/poem: not a directory\.\n$/);
  }

  /** Nobody may ever write to it. */
  async test_pipe_with_a_name() {
    if ((await run('mkfifo', ['pipe'])).status !== 0) throw new SkipTest('mkfifo cannot make a pipe here');
    await this.assertMistake(['fast', 'pipe'], /^poetry: Cannot read pipe: it is a pipe\. Name a file/);
  }

  test_device() {
    return this.assertMistake(['fast', '/dev/zero'], /^poetry: Cannot read \/dev\/zero: it is a device\. Name a file/);
  }

  test_unreadable_file() {
    if (process.getuid?.() === 0) throw new SkipTest('nothing is unreadable for root');
    writeFileSync('poem.txt', 'a poem', { mode: 0 });
    return this.assertMistake(['fast', 'poem.txt'], /^poetry: Cannot read poem\.txt: permission denied\.\n$/);
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
    return this.assertMistake(['quick', 'ozymandias.txt'], /^poetry: unknown command 'quick'\. See poetry --help\.\n$/);
  }

  test_misspelt_command() {
    return this.assertMistake(
      ['fats'],
      /^poetry: unknown command 'fats' \(Did you mean fast\?\)\. See poetry --help\.\n$/,
    );
  }

  test_missing_argument() {
    return this.assertMistake(['fast'], /^poetry: missing required argument 'file'\. See poetry --help\.\n$/);
  }

  test_bad_port() {
    return this.assertMistake(['fast', 'ozymandias.txt', '--port', '70000'], /Write a whole number from 0 to 65535\./);
  }

  test_ports_for_other_poems() {
    return this.assertMistake(
      ['fast', 'ozymandias.txt', '--port', '0', '--port', '0'],
      /^poetry: Cannot tell which poem goes to which port: --port was given 2 times, and the number of poems is 1\./,
    );
  }

  /** Other servers have one port each: nothing is said of poems. */
  async test_help_speaks_of_several_ports_where_there_can_be_several() {
    for (const [name, several] of Object.entries({ fast: true, slow: true, transform: false, proxy: false })) {
      const { stdout } = await run(process.execPath, [command, name, '--help']);

      this.assertRegex(stdout, /--port <n> [^-]+\(default: 0\)/);
      this.assertEqual(stdout.includes('second poem'), several, name);
    }
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

  async test_bad_transform_name() {
    for (const name of ['a.b', '']) {
      await this.assertMistake(['get', '1', '--transform-name', name], /Write a name without a dot\./);
    }
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
