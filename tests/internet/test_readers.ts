import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { TestCase } from 'txtrial';
import {
  CONNECTION_DONE,
  CONNECTION_LOST,
  ConnectionRefusedError,
  Deferred,
  type Failure,
  type Reader,
  reactor,
  type Writer,
} from 'txtrial/internet';
import { turn } from '../support/connections.js';

/** Reads a poem by itself, as the first asynchronous client of the introduction does. */
class PoetrySocket implements Reader {
  readonly chunks: string[] = [];
  readonly lost = new Deferred<unknown>();
  closeAtOnce: Error | undefined;

  constructor(readonly source: Socket | number) {
    reactor.addReader(this);
  }

  fileno() {
    return this.source;
  }

  doRead(stream: Readable): unknown {
    let poem = '';
    for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) poem += chunk;
    if (poem === '') return CONNECTION_DONE;
    this.chunks.push(poem);
    return this.closeAtOnce;
  }

  connectionLost(reason: Failure): void {
    if (typeof this.source !== 'number') this.source.destroy();
    this.lost.callback(reason.value);
  }
}

/** A raw server, and a raw socket that is connected to it. */
async function rawPair(test: TestCase): Promise<{ readonly far: Socket; readonly near: Socket }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const far = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const near = connect(port, '127.0.0.1').on('error', () => {});
  const pair = { far: await far, near };
  test.addCleanup(() => {
    for (const socket of [pair.far, near]) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return pair;
}

export class ReaderTests extends TestCase {
  async test_reads_until_the_end() {
    const { far, near } = await rawPair(this);
    const reader = new PoetrySocket(near);
    this.assertEqual(reactor.getReaders(), [reader]);

    far.write('All changed, ');
    while (reader.chunks.length === 0) await turn();
    far.end('changed utterly');

    this.assertIdentical(await reader.lost, CONNECTION_DONE);
    this.assertEqual(reader.chunks.join(''), 'All changed, changed utterly');
    this.assertEqual(reactor.getReaders(), []);
  }

  async test_an_empty_poem_is_read_once() {
    const { far, near } = await rawPair(this);
    const reader = new PoetrySocket(near);

    far.end();

    this.assertIdentical(await reader.lost, CONNECTION_DONE);
    this.assertEqual(reader.chunks, []);
  }

  async test_the_error_that_doRead_returns_is_the_reason() {
    const { far, near } = await rawPair(this);
    const reader = new PoetrySocket(near);
    reader.closeAtOnce = CONNECTION_LOST;

    far.write('data');

    this.assertIdentical(await reader.lost, CONNECTION_LOST);
    this.assertEqual(reactor.getReaders(), []);
  }

  async test_what_doRead_throws_is_logged_and_is_the_reason() {
    const { far, near } = await rawPair(this);
    const reader = new PoetrySocket(near);
    reader.doRead = () => {
      throw new RangeError('broken');
    };

    far.write('data');

    this.assertIsInstance(await reader.lost, RangeError);
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
  }

  async test_is_called_again_as_long_as_something_is_left() {
    const { far, near } = await rawPair(this);
    const reader = new PoetrySocket(near);
    reader.doRead = (stream) => {
      const byte: Buffer | null = stream.read(1);
      if (byte === null) return CONNECTION_DONE;
      reader.chunks.push(byte.toString());
      return undefined;
    };

    far.end('poem');

    await reader.lost;
    this.assertEqual(reader.chunks, ['p', 'o', 'e', 'm']);
  }

  async test_a_reader_that_was_removed_is_not_called_and_its_stream_stays_open() {
    const { far, near } = await rawPair(this);
    const reader = new PoetrySocket(near);
    reactor.addReader(reader);

    reactor.removeReader(reader);
    reactor.removeReader(reader);
    far.write('data');
    for (let turns = 0; turns < 5; turns++) await turn();

    this.assertEqual([reader.chunks, reactor.getReaders(), near.destroyed], [[], [], false]);
    reactor.addReader(reader);
    while (reader.chunks.length === 0) await turn();
    reactor.removeReader(reader);
  }

  async test_a_connection_that_is_refused() {
    const { far, near } = await rawPair(this);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));

    const reader = new PoetrySocket(connect(port, '127.0.0.1'));

    this.assertIsInstance(await reader.lost, ConnectionRefusedError);
    far.destroy();
    near.destroy();
  }

  async test_a_pipe_by_its_number() {
    const path = this.mktemp();
    execFileSync('mkfifo', [path]);
    const end = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY);
    const reader = new PoetrySocket(end);

    writeSync(writer, 'through a pipe');
    closeSync(writer);

    this.assertIdentical(await reader.lost, CONNECTION_DONE);
    this.assertEqual(reader.chunks.join(''), 'through a pipe');
  }

  test_a_file_can_not_be_watched() {
    const file = openSync(this.mktemp(), 'w');
    this.addCleanup(() => closeSync(file));

    const error = this.assertRaises(TypeError, () => new PoetrySocket(file));

    this.assertSubstring('it is no pipe', error.message);
    this.assertEqual(reactor.getReaders(), []);
  }

  async test_removeAll_forgets_it_and_says_what_it_was() {
    const { near } = await rawPair(this);
    const reader = new PoetrySocket(near);

    const removed = reactor.removeAll();

    this.assertEqual(removed.map(String), ['<Reader PoetrySocket>']);
    this.assertSubstring('test_readers.ts', String(removed[0]?.origin));
    this.assertEqual(reactor.getReaders(), []);
    this.assertFalse(reader.lost.called);
  }
}

export class WriterTests extends TestCase {
  async test_writes_while_there_is_room() {
    const { far, near } = await rawPair(this);
    const pieces = ['one ', 'two ', 'three'];
    const lost = new Deferred<unknown>();
    const writer: Writer = {
      fileno: () => near,
      doWrite(stream: Writable) {
        const piece = pieces.shift();
        if (piece === undefined) return CONNECTION_DONE;
        stream.write(piece);
        return undefined;
      },
      connectionLost(reason) {
        near.end();
        lost.callback(reason.value);
      },
    };
    let received = '';
    far.on('data', (data) => {
      received += String(data);
    });
    const ended = new Promise((resolve) => far.on('end', resolve));

    reactor.addWriter(writer);

    this.assertEqual(reactor.getWriters(), [writer]);
    this.assertIdentical(await lost, CONNECTION_DONE);
    this.assertEqual(reactor.getWriters(), []);
    await ended;
    this.assertEqual(received, 'one two three');
  }

  async test_waits_when_there_is_none() {
    const { far, near } = await rawPair(this);
    let calls = 0;
    const writer: Writer = {
      fileno: () => near,
      doWrite(stream: Writable) {
        calls++;
        stream.write(Buffer.alloc(1024 * 1024));
      },
      connectionLost() {},
    };
    reactor.addWriter(writer);
    let before = -1;
    for (let turns = 0; turns < 20; turns++) {
      if (before !== calls) turns = 0;
      before = calls;
      await turn();
    }

    far.resume();
    while (calls === before) await turn();
    reactor.removeWriter(writer);
    near.destroy();
  }
}
