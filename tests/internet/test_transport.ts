import { AsyncLocalStorage } from 'node:async_hooks';
import { Socket } from 'node:net';
import { TestCase } from 'txtrial';
import {
  ConnectionAborted,
  ConnectionDone,
  ConnectionLost,
  Deferred,
  type Failure,
  type Producer,
  reactor,
} from 'txtrial/internet';
import { connected, HalfCloseableRecorder, Recorder, turn } from '../support/connections.js';

const recorder = (): Recorder => new Recorder();
const halfCloseable = (): HalfCloseableRecorder => new HalfCloseableRecorder();

/** More than the sockets of both ends hold. */
const BIG = Buffer.alloc(16 * 1024 * 1024, 'All changed, changed utterly. ');

export class WriteTests extends TestCase {
  async test_bytes_and_text_arrive_in_order_and_whole() {
    const { server, client } = await connected(this, recorder, recorder);

    client.transport.write('é, ');
    client.transport.write(Buffer.from([0, 255]));
    client.transport.write('');
    client.transport.writeSequence([new Uint8Array([1]), '2', Buffer.from('3')]);

    await server.received(9);
    this.assertEqual(server.bytes, Buffer.from([0xc3, 0xa9, 0x2c, 0x20, 0, 255, 1, 0x32, 0x33]));
  }

  async test_refuses_what_is_no_data() {
    const { client } = await connected(this, recorder, recorder);

    const error = this.assertRaises(TypeError, () => client.transport.write(5 as unknown as string));

    this.assertSubstring('Cannot write 5', error.message);
  }

  async test_what_is_written_in_one_call_is_sent_by_one() {
    const { server, client } = await connected(this, recorder, recorder);
    const calls: number[] = [];
    const { _writev: original } = Socket.prototype;
    this.patch(Socket.prototype, '_writev', function (this: Socket, ...args: Parameters<NonNullable<typeof original>>) {
      calls.push(args[0].length);
      original?.apply(this, args);
    });

    for (let i = 0; i < 100; i++) client.transport.write(String(i % 10));

    this.assertEqual(await server.received(100), '0123456789'.repeat(10));
    this.assertEqual(calls, [100]);
  }

  async test_writes_of_several_calls_arrive_in_order() {
    const { server, client } = await connected(this, recorder, recorder);

    client.transport.write('1');
    await Promise.resolve();
    client.transport.write('2');
    await turn();
    client.transport.write('3');

    this.assertEqual(await server.received(3), '123');
  }

  async test_writing_when_the_connection_is_over_does_nothing() {
    const { client, server } = await connected(this, recorder, recorder);
    server.transport.loseConnection();
    await client.lost;

    client.transport.write('late');
    client.transport.loseConnection();
    client.transport.loseWriteConnection();
    client.transport.abortConnection();
    client.transport.pauseProducing();
    client.transport.resumeProducing();

    await server.lost;
    this.assertEqual(
      [client.events, server.events],
      [
        ['made', 'lost'],
        ['made', 'lost'],
      ],
    );
  }

  async test_socket_options_are_kept() {
    const { client } = await connected(this, recorder, recorder);
    const { transport } = client;
    this.assertEqual([transport.getTcpNoDelay(), transport.getTcpKeepAlive()], [false, false]);

    transport.setTcpNoDelay(true);
    transport.setTcpKeepAlive(true);

    this.assertEqual([transport.getTcpNoDelay(), transport.getTcpKeepAlive()], [true, true]);
  }
}

export class LoseConnectionTests extends TestCase {
  async test_all_that_was_written_is_sent_before() {
    const { server, client } = await connected(this, recorder, recorder);

    server.transport.write(BIG);
    server.transport.loseConnection();

    this.assertTrue(server.transport.disconnecting);
    this.assertIsInstance(await server.lost, ConnectionDone);
    this.assertIsInstance(await client.lost, ConnectionDone);
    this.assertTrue(client.bytes.equals(BIG));
    this.assertEqual(
      [server.events, client.events],
      [
        ['made', 'lost'],
        ['made', 'data', 'lost'],
      ],
    );
  }

  async test_connectionLost_comes_in_a_later_turn() {
    const { server } = await connected(this, recorder, recorder);

    server.transport.loseConnection();

    this.assertEqual(server.events, ['made']);
    await server.lost;
    this.assertFalse(server.connected);
  }

  async test_what_is_written_afterwards_is_not_sent() {
    const { server, client } = await connected(this, recorder, recorder);

    server.transport.write('before');
    server.transport.loseConnection();
    server.transport.write('after');

    await client.lost;
    this.assertEqual(client.text, 'before');
  }

  async test_what_comes_in_afterwards_is_dropped() {
    const { server, client } = await connected(this, recorder, recorder);

    client.transport.write('too late');
    server.transport.write(BIG);
    server.transport.loseConnection();

    await server.lost;
    await client.lost;
    this.assertEqual(server.events, ['made', 'lost']);
  }

  async test_the_peer_gets_all_of_it_though_it_has_sent_something_that_nobody_wants() {
    const { server, client } = await connected(this, recorder, recorder);

    client.transport.write(BIG.subarray(0, 1024 * 1024));
    server.transport.write(BIG);
    server.transport.loseConnection();

    this.assertIsInstance(await client.lost, ConnectionDone);
    await server.lost;
    this.assertEqual(client.bytes.length, BIG.length);
  }

  async test_the_peer_gets_all_of_it_though_it_is_sending_still() {
    for (const reply of ['too large', BIG]) {
      for (const isPaused of [false, true]) {
        const { server, client } = await connected(this, recorder, recorder);

        client.transport.write(BIG);
        client.transport.write(BIG);
        if (isPaused) server.transport.pauseProducing();
        server.transport.write(reply);
        server.transport.loseConnection();

        this.assertIsInstance(await server.lost, ConnectionDone);
        this.assertIsInstance(await client.lost, ConnectionDone);
        this.assertEqual(client.bytes.length, reply.length);
      }
    }
  }

  async test_a_peer_that_sends_for_ever_is_not_waited_for() {
    const { server, client } = await connected(this, recorder, halfCloseable);
    const more = setInterval(() => client.transport.write('and another thing. '), 1);
    this.addCleanup(() => clearInterval(more));
    client.transport.write(BIG);

    server.transport.write('too much');
    server.transport.loseConnection();

    this.assertIsInstance(await server.lost, ConnectionDone);
    this.assertIsInstance(await client.lost, ConnectionLost);
  }

  async test_the_peer_may_go_meanwhile() {
    const { server, client } = await connected(this, recorder, recorder);

    client.transport.pauseProducing();
    server.transport.write(BIG);
    server.transport.loseConnection();
    await turn();
    client.transport.abortConnection();

    this.assertIsInstance(await server.lost, ConnectionLost);
    await client.lost;
  }

  async test_the_selectable_says_that_it_is_closing_and_goes_when_it_is_closed() {
    const { server, client } = await connected(this, recorder, recorder);
    const ours = () => [...reactor.selectables].filter((one) => String(one).includes('server connection'));
    this.assertEqual(
      ours().map((one) => one.closing),
      [false],
    );

    server.transport.loseConnection();

    this.assertEqual(
      ours().map((one) => one.closing),
      [true],
    );
    await server.lost;
    this.assertEqual(ours(), []);
    await client.lost;
  }
}

export class AbortConnectionTests extends TestCase {
  async test_each_end_is_told_why() {
    const { server, client } = await connected(this, recorder, recorder);

    server.transport.write(BIG);
    server.transport.abortConnection();
    server.transport.abortConnection();
    server.transport.loseConnection();

    this.assertEqual(server.events, ['made']);
    this.assertIsInstance(await server.lost, ConnectionAborted);
    const reason = await client.lost;
    this.assertIsInstance(reason, ConnectionLost);
    this.assertSubstring('ECONNRESET', String(reason));
    this.assertLess(client.bytes.length, BIG.length);
  }

  async test_ends_a_connection_that_waits_to_close() {
    const { server, client } = await connected(this, recorder, recorder);
    client.transport.pauseProducing();
    server.transport.write(BIG);
    server.transport.loseConnection();
    await turn();

    server.transport.abortConnection();

    this.assertIsInstance(await server.lost, ConnectionAborted);
    client.transport.resumeProducing();
    await client.lost;
  }

  async test_ends_a_connection_that_is_about_to_close() {
    const { server, client } = await connected(this, recorder, recorder);

    server.transport.write('sent at once');
    server.transport.loseConnection();
    server.transport.abortConnection();

    this.assertIsInstance(await server.lost, ConnectionAborted);
    await client.lost;
  }
}

export class ErrorTests extends TestCase {
  async test_an_error_in_dataReceived_is_logged_and_ends_the_connection_with_it() {
    class Broken extends Recorder {
      override dataReceived() {
        throw new RangeError('broken');
      }
    }
    const { server, client } = await connected(this, () => new Broken(), recorder);

    client.transport.write('data');

    this.assertIsInstance(await server.lost, RangeError);
    await client.lost;
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
  }

  async test_an_error_in_connectionMade_is_logged_and_ends_the_connection_with_it() {
    class Broken extends Recorder {
      override connectionMade() {
        super.connectionMade();
        throw new RangeError('broken');
      }
    }
    for (const [makeServer, makeClient] of [
      [() => new Broken(), recorder],
      [recorder, () => new Broken()],
    ] as const) {
      const { server, client } = await connected(this, makeServer, makeClient);

      const reasons = [await server.lost, await client.lost];

      this.assertEqual(reasons.filter((reason) => reason instanceof RangeError).length, 1);
      this.assertEqual(reasons.filter((reason) => reason instanceof ConnectionDone).length, 1);
      this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
    }
  }

  async test_an_error_in_connectionLost_is_logged() {
    class Broken extends Recorder {
      override connectionLost(reason: Failure) {
        super.connectionLost(reason);
        throw new RangeError('broken');
      }
    }
    const { server, client, clientFactory } = await connected(this, recorder, () => new Broken());

    server.transport.loseConnection();

    await client.lost;
    this.assertIsInstance(await clientFactory.lost, ConnectionDone);
    await server.lost;
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
  }

  async test_what_was_written_before_an_error_in_the_same_call_is_not_sent() {
    class Broken extends Recorder {
      override dataReceived() {
        this.transport.write('half an answer');
        throw new RangeError('broken');
      }
    }
    const { server, client } = await connected(this, () => new Broken(), recorder);

    client.transport.write('data');

    await server.lost;
    await client.lost;
    this.assertEqual(client.text, '');
    this.flushLoggedErrors(RangeError);
  }

  async test_no_data_comes_after_an_error() {
    let calls = 0;
    class Broken extends Recorder {
      override dataReceived() {
        calls++;
        throw new RangeError('broken');
      }
    }
    const { server, client } = await connected(this, () => new Broken(), recorder);

    client.transport.write(BIG);

    await server.lost;
    await client.lost;
    this.assertEqual(calls, 1);
    this.flushLoggedErrors(RangeError);
  }
}

export class HalfCloseTests extends TestCase {
  async test_the_connection_is_lost_when_the_peer_has_finished() {
    const { server, client } = await connected(this, recorder, halfCloseable);

    client.transport.write('last words');
    client.transport.loseWriteConnection();
    client.transport.write('too late');

    this.assertIsInstance(await server.lost, ConnectionDone);
    this.assertIsInstance(await client.lost, ConnectionDone);
    this.assertEqual(server.text, 'last words');
    this.assertEqual(client.events.slice(0, 2), ['made', 'writeLost']);
  }

  async test_an_answer_to_the_last_data_is_sent() {
    class Echo extends Recorder {
      override dataReceived(data: Buffer) {
        super.dataReceived(data);
        this.transport.write(data);
      }
    }
    const { server, client } = await connected(this, () => new Echo(), halfCloseable);

    client.transport.write('echo');
    client.transport.loseWriteConnection();

    await client.lost;
    await server.lost;
    this.assertEqual(client.text, 'echo');
  }

  async test_a_protocol_may_go_on_writing_when_the_peer_has_finished() {
    const { server, client } = await connected(this, halfCloseable, halfCloseable);

    client.transport.loseWriteConnection();
    await client.writeLost;
    await server.readLost;
    server.transport.write('still writing');
    this.assertEqual(await client.received(13), 'still writing');
    this.assertEqual(server.events, ['made', 'readLost']);
    server.transport.loseConnection();

    await client.readLost;
    client.transport.loseConnection();
    this.assertIsInstance(await server.lost, ConnectionDone);
    this.assertIsInstance(await client.lost, ConnectionDone);
  }

  async test_the_other_half_is_closed_by_loseConnection() {
    const { server, client } = await connected(this, halfCloseable, halfCloseable);
    client.transport.loseWriteConnection();
    await client.writeLost;
    await server.readLost;

    client.transport.loseConnection();

    this.assertIsInstance(await client.lost, ConnectionDone);
    server.transport.loseConnection();
    await server.lost;
  }

  async test_what_its_methods_throw_is_logged_and_ends_the_connection() {
    class Broken extends HalfCloseableRecorder {
      override readConnectionLost() {
        throw new RangeError('broken');
      }
    }
    const { server, client } = await connected(this, () => new Broken(), halfCloseable);

    client.transport.loseWriteConnection();

    this.assertIsInstance(await server.lost, RangeError);
    await client.lost;
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
  }
}

export class PauseTests extends TestCase {
  async test_a_paused_transport_delivers_nothing_until_it_is_resumed() {
    class Paused extends Recorder {
      override connectionMade() {
        super.connectionMade();
        this.transport.pauseProducing();
      }
    }
    const { server, client } = await connected(this, () => new Paused(), recorder);

    client.transport.write('waits');
    for (let turns = 0; turns < 10; turns++) await turn();
    this.assertEqual(server.events, ['made']);
    server.transport.resumeProducing();

    this.assertEqual(await server.received(5), 'waits');
  }

  async test_a_slow_reader_slows_the_writer_down() {
    const { server, client } = await connected(this, recorder, recorder);
    server.transport.pauseProducing();
    const producer = new PushProducer(client, 1024);
    client.transport.registerProducer(producer, true);

    producer.resumeProducing();
    await producer.paused;
    // Until the system's buffers are full too.
    let written = -1;
    for (let turns = 0; turns < 20; turns++) {
      if (written !== producer.written) turns = 0;
      written = producer.written;
      await turn();
    }
    this.assertLess(written, 64 * 1024 * 1024);

    producer.finishAt = written + 1024 * 1024;
    server.transport.resumeProducing();
    await server.lost;
    await client.lost;
    this.assertEqual(server.bytes.length, producer.written);
  }

  async test_stopProducing_closes_the_connection() {
    const { server, client } = await connected(this, recorder, recorder);

    server.transport.stopProducing();

    this.assertIsInstance(await server.lost, ConnectionDone);
    await client.lost;
  }
}

/** Writes while it may; when it has written enough it says that it has finished. */
class PushProducer implements Producer {
  readonly events: string[] = [];
  readonly paused = new Deferred<void>();
  written = 0;
  finishAt = Number.POSITIVE_INFINITY;
  #going = false;

  constructor(
    readonly owner: Recorder,
    readonly size: number,
  ) {}

  resumeProducing(): void {
    this.events.push('resume');
    this.#going = true;
    while (this.#going && this.written < this.finishAt) {
      this.owner.transport.write(Buffer.alloc(this.size, 'x'));
      this.written += this.size;
    }
    if (this.written < this.finishAt) return;
    this.owner.transport.unregisterProducer();
    this.owner.transport.loseConnection();
  }

  pauseProducing(): void {
    this.events.push('pause');
    this.#going = false;
    if (!this.paused.called) this.paused.callback();
  }

  stopProducing(): void {
    this.events.push('stop');
    this.#going = false;
  }
}

export class ProducerTests extends TestCase {
  async test_a_push_producer_is_paused_above_64_KiB_and_resumed_when_all_is_sent() {
    const { server, client } = await connected(this, recorder, recorder);
    const producer = new PushProducer(client, 1);
    client.transport.registerProducer(producer, true);
    this.assertEqual(producer.events, []);

    client.transport.write(Buffer.alloc(64 * 1024));
    this.assertEqual(producer.events, []);
    client.transport.write('x');
    this.assertEqual(producer.events, ['pause']);
    producer.finishAt = 0;

    await server.lost;
    await client.lost;
    this.assertEqual(producer.events, ['pause', 'resume']);
    this.assertEqual(server.bytes.length, 64 * 1024 + 1);
  }

  async test_a_pull_producer_is_asked_once_for_each_piece() {
    const { server, client } = await connected(this, recorder, recorder);
    const pieces = ['one ', 'two ', 'three'];
    const producer: Producer = {
      resumeProducing() {
        const piece = pieces.shift();
        if (piece === undefined) client.transport.unregisterProducer();
        else client.transport.write(piece);
      },
      stopProducing() {},
    };

    client.transport.registerProducer(producer, false);
    this.assertEqual(pieces.length, 2);
    client.transport.loseConnection();

    await server.lost;
    await client.lost;
    this.assertEqual(server.text, 'one two three');
  }

  async test_loseConnection_waits_for_the_producer() {
    const { server, client } = await connected(this, recorder, recorder);
    client.transport.registerProducer(new PushProducer(client, 1), true);
    client.transport.loseConnection();
    for (let turns = 0; turns < 10; turns++) await turn();
    client.transport.write('the producer goes on');
    this.assertEqual(await server.received(20), 'the producer goes on');
    this.assertEqual(client.events, ['made']);

    client.transport.unregisterProducer();

    this.assertIsInstance(await client.lost, ConnectionDone);
    await server.lost;
  }

  async test_loseWriteConnection_waits_for_the_producer() {
    const { server, client } = await connected(this, recorder, halfCloseable);
    client.transport.registerProducer(new PushProducer(client, 1), true);
    client.transport.loseWriteConnection();
    client.transport.write('goes on');
    this.assertEqual(await server.received(7), 'goes on');

    client.transport.unregisterProducer();

    await client.writeLost;
    await server.lost;
    await client.lost;
  }

  async test_the_producer_is_stopped_when_the_connection_is_lost() {
    const { server, client } = await connected(this, recorder, recorder);
    const producer = new PushProducer(client, 1);
    client.transport.registerProducer(producer, true);

    server.transport.abortConnection();
    await client.lost;

    this.assertEqual(producer.events, ['stop']);
    client.transport.registerProducer(producer, true);
    this.assertEqual(producer.events, ['stop', 'stop']);
    await server.lost;
  }

  async test_there_is_one_producer_at_a_time() {
    const { client } = await connected(this, recorder, recorder);
    client.transport.registerProducer(new PushProducer(client, 1), true);

    this.assertRaises(Error, () => client.transport.registerProducer(new PushProducer(client, 1), true));

    client.transport.unregisterProducer();
    client.transport.registerProducer(new PushProducer(client, 1), true);
    client.transport.unregisterProducer();
  }

  async test_producers_and_losses_keep_the_async_context_of_the_connection() {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    class Watching extends Recorder {
      override connectionLost(reason: Failure) {
        seen.push(storage.getStore());
        super.connectionLost(reason);
      }
    }
    const { server, client } = await storage.run('test', () => connected(this, recorder, () => new Watching()));
    const resumed = new Deferred<void>();
    client.transport.registerProducer(
      {
        resumeProducing: () => {
          seen.push(storage.getStore());
          if (seen.length === 2) resumed.callback();
          if (seen.length === 1) storage.run('writer', () => client.transport.write('data'));
        },
        stopProducing() {},
      },
      false,
    );
    await resumed;
    client.transport.unregisterProducer();

    storage.run('closer', () => client.transport.loseConnection());

    await client.lost;
    await server.lost;
    this.assertEqual(seen.slice(1), ['test', 'test']);
  }
}
