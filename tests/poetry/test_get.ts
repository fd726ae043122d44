import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { TestCase } from 'txtrial';
import { Deferred, Protocol, ServerFactory } from 'txtrial/internet';
import { NetstringReceiver } from 'txtrial/protocols';
import { FastPoetryFactory } from '../../src/poetry/fast_server.js';
import { TransformFactory } from '../../src/poetry/transform_server.js';
import { TransformService } from '../../src/poetry/transform_service.js';
import { poetry, run, serve, startProgram, unusedPort } from '../support/poetry.js';

const ELAPSED = String.raw`0:00:\d\d\.\d{6}`;

/** The address of a server in this process. */
function at({ host, port }: { host: string; port: number }): string {
  return `${host}:${port}`;
}

const command = fileURLToPath(new URL('../../dist/bin/poetry.js', import.meta.url));

/** A server that takes everything and says nothing. */
class Silent extends Protocol {}

export class GetTests extends TestCase {
  async test_verbose_says_what_comes() {
    class InTwoPieces extends Protocol {
      override connectionMade() {
        this.transport.write('x'.repeat(10));
      }
      finish() {
        this.transport.write('x'.repeat(15));
        this.transport.loseConnection();
      }
    }
    const protocol = new InTwoPieces();
    const slow = at(
      serve(
        this,
        ServerFactory.forProtocol(() => protocol),
      ),
    );
    const fast = at(serve(this, new FastPoetryFactory('two')));
    const client = await startProgram(this, process.execPath, [command, 'get', '--verbose', slow, fast]);
    const closed = once(client.child, 'close');

    // The second piece goes out when the first one was told of: they cannot come as one.
    const said = `Task 1: got 10 bytes of poetry from ${slow}`;
    while (!client.lines.includes(said)) await once(client.child.stdout as Readable, 'data');
    protocol.finish();

    this.assertEqual(await closed, [0, null]);
    this.assertEqual(client.log(), '');
    const { lines } = client;
    this.assertEqual(
      lines.filter((line) => line.startsWith('Task 1')),
      [said, `Task 1: got 15 bytes of poetry from ${slow}`, 'Task 1: 25 bytes of poetry'],
    );
    this.assertEqual(
      lines.filter((line) => line.startsWith('Task 2')),
      [`Task 2: got 3 bytes of poetry from ${fast}`, 'Task 2: 3 bytes of poetry'],
    );
    this.assertRegex(lines.at(-3) ?? '', new RegExp(`^Got 2 poems in ${ELAPSED}$`));
    this.assertEqual(lines.slice(-2), ['x'.repeat(25), 'two']);
  }

  async test_blocking_gets_one_after_another() {
    const [one, two] = [serve(this, new FastPoetryFactory('one ')), serve(this, new FastPoetryFactory('two\n'))].map(
      at,
    );

    const { status, stdout } = await poetry('get', '--blocking', '--verbose', one as string, two as string);

    this.assertEqual(status, 0);
    this.assertRegex(
      stdout,
      new RegExp(
        `^Task 1: get poetry from: ${one}\nTask 1: got 4 bytes of poetry from ${one} in ${ELAPSED}\n` +
          `Task 2: get poetry from: ${two}\nTask 2: got 4 bytes of poetry from ${two} in ${ELAPSED}\n` +
          `Got 2 poems in ${ELAPSED}\none \ntwo\n$`,
      ),
    );
  }

  async test_blocking_goes_on_after_a_failure() {
    const unused = `127.0.0.1:${await unusedPort()}`;
    const good = at(serve(this, new FastPoetryFactory('good\n')));

    const { status, stdout, stderr } = await poetry('get', '--blocking', unused, good);

    this.assertEqual({ status, stdout }, { status: 1, stdout: 'good\n' });
    this.assertRegex(stderr, new RegExp(`^The poem download failed\\. ${unused}: [^\n]+\n$`));
  }

  async test_timeout() {
    const silent = at(serve(this, ServerFactory.forProtocol(Silent)));
    const good = at(serve(this, new FastPoetryFactory('good\n')));

    const { status, stdout, stderr } = await poetry('get', '--timeout', '0.3', silent, good);

    this.assertEqual({ status, stdout }, { status: 1, stdout: 'good\n' });
    this.assertEqual(stderr, `The poem download failed. ${silent}: no poem within 0.3 seconds\n`);
  }

  async test_transformed() {
    const shout = (poem: Buffer) => poem.toString().toUpperCase();
    const transform = at(
      serve(this, new TransformFactory(new TransformService({ shout, cummingsify: () => 'quiet' }))),
    );
    const poem = at(serve(this, new FastPoetryFactory('A. poem')));

    const usual = await poetry('get', '--transform', transform, poem);
    const other = await poetry('get', '--transform', transform, '--transform-name', 'shout', poem);

    this.assertEqual(usual, { status: 0, stdout: 'quiet', stderr: '' });
    this.assertEqual(other, { status: 0, stdout: 'A. POEM', stderr: '' });
  }

  async test_without_its_transform_a_poem_stays_as_it_was() {
    const poem = at(serve(this, new FastPoetryFactory('A Poem')));
    const service = at(serve(this, new TransformFactory(new TransformService())));
    const silent = at(serve(this, ServerFactory.forProtocol(Silent)));
    const expected = { status: 0, stdout: 'A Poem', stderr: 'Cummingsify failed!\n' };

    const nobody = await poetry('get', '--transform', `127.0.0.1:${await unusedPort()}`, poem);
    const unknown = await poetry('get', '--transform', service, '--transform-name', 'shout', poem);
    const late = await poetry('get', '--transform', silent, '--timeout', '0.3', poem);

    this.assertEqual([nobody, unknown, late], [expected, expected, expected]);
  }

  async test_gibberish_for_a_transform_is_a_failure() {
    class Babbler extends NetstringReceiver {
      override stringReceived() {
        this.transport.write('gibberish');
      }
    }
    const transform = at(serve(this, ServerFactory.forProtocol(Babbler)));
    const poem = at(serve(this, new FastPoetryFactory('A Poem')));

    const { status, stdout, stderr } = await poetry('get', '--transform', transform, poem);

    this.assertEqual({ status, stdout }, { status: 1, stdout: '' });
    this.assertEqual(stderr, `The poem download failed. ${poem}: The transform server answered gibberish.\n`);
  }

  /** `head` reads as much as it likes. */
  async test_a_reader_that_stops_early_is_no_error() {
    const poem = at(serve(this, new FastPoetryFactory('x'.repeat(4_000_000))));

    const { stdout, stderr } = await run('sh', ['-c', `"$0" "$1" get ${poem} | head -c 5`, process.execPath, command]);

    this.assertEqual({ stdout, stderr }, { stdout: 'xxxxx', stderr: '' });
  }
}

/** Ctrl-C, while a poem is awaited. */
export class InterruptedGetTests extends TestCase {
  /** A server that tells when somebody has come, and when he has gone. */
  visited() {
    const [came, left] = [new Deferred<void>(), new Deferred<void>()];
    class Visited extends Protocol {
      override connectionMade() {
        this.transport.write('A poem that never ends');
        came.callback();
      }
      override connectionLost() {
        left.callback();
      }
    }
    return { address: at(serve(this, ServerFactory.forProtocol(Visited))), came, left };
  }

  /** How the command ends when it gets `signal` while it waits for the poem. */
  async endedBy(signal: NodeJS.Signals, ...args: string[]) {
    const { address, came, left } = this.visited();
    const child: ChildProcess = spawn(process.execPath, [command, 'get', ...args, address]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += data));
    await came;

    child.kill(signal);

    const [status] = (await once(child, 'close')) as [number | null];
    await left;
    return { status, output };
  }

  async test_quiet_with_the_status_of_an_interrupted_program() {
    this.assertEqual(await this.endedBy('SIGINT'), { status: 130, output: '' });
    this.assertEqual(await this.endedBy('SIGINT', '--blocking', '--timeout', '9'), { status: 130, output: '' });
  }

  /** A reader that takes its time does not keep the command from ending. */
  async test_while_the_poem_is_printed() {
    const poem = at(serve(this, new FastPoetryFactory('x'.repeat(4_000_000))));
    const child = spawn(process.execPath, [command, 'get', poem], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'readable');

    child.kill('SIGINT');

    const [status, signal] = await once(child, 'exit');
    this.assertEqual([status, signal], [null, 'SIGINT']);
  }

  async test_terminated() {
    this.assertEqual(await this.endedBy('SIGTERM'), { status: 143, output: '' });
  }
}

export class SeveralPoemsTests extends TestCase {
  /** A poem is printed as it came; the next one begins on a line of its own. */
  async test_each_begins_on_a_line_of_its_own() {
    const [one, two, none, letter] = ['one', 'two\n', '', 'O'].map((poem) =>
      at(serve(this, new FastPoetryFactory(poem))),
    ) as [string, string, string, string];

    this.assertEqual((await poetry('get', one)).stdout, 'one');
    this.assertEqual((await poetry('get', one, two, one)).stdout, 'one\ntwo\none');
    this.assertEqual((await poetry('get', none, one, none, two, none)).stdout, 'one\ntwo\n');
    this.assertEqual((await poetry('get', letter, two)).stdout, 'O\ntwo\n');
  }
}
