import { TestCase } from 'txtrial';
import { ConnectionAborted, ConnectionDone, ConnectionLost, Protocol } from 'txtrial/internet';
import { Clock, connectedServerAndClient, waitUntilAllDisconnected } from 'txtrial/testing';
import { HalfCloseableRecorder, Recorder } from '../support/connections.js';

class Greeter extends Recorder {
  override connectionMade() {
    super.connectionMade();
    this.transport.write('welcome');
  }
}

class Echo extends Recorder {
  override dataReceived(data: Buffer) {
    super.dataReceived(data);
    this.transport.write(data);
  }
}

export class ConnectedServerAndClientTests extends TestCase {
  test_greets_unless_told_not_to() {
    const [client, server] = connectedServerAndClient(Greeter, Recorder);
    this.assertEqual([client.text, client.events], ['welcome', ['made', 'data']]);
    this.assertEqual(server.transport.getHost(), client.transport.getPeer());

    const [shy, , pump] = connectedServerAndClient(Greeter, Recorder, { greet: false });

    this.assertEqual(shy.text, '');
    this.assertTrue(pump.pump());
    this.assertEqual(shy.text, 'welcome');
    this.assertFalse(pump.pump());
  }

  test_an_answer_comes_with_the_next_pump() {
    const [client, server, pump] = connectedServerAndClient(Echo, Recorder);

    client.transport.write('hello');
    pump.pump();
    this.assertEqual([server.text, client.text], ['hello', '']);
    pump.pump();

    this.assertEqual(client.text, 'hello');
  }

  test_closing_sends_what_was_written_and_tells_both() {
    const [client, server, pump] = connectedServerAndClient(Recorder, Recorder);

    server.transport.write('last words');
    server.transport.loseConnection();
    server.transport.write('too late');
    client.transport.write('too late');
    pump.flush();

    this.assertEqual([client.text, server.text], ['last words', '']);
    this.assertEqual(
      [client.events, server.events],
      [
        ['made', 'data', 'lost'],
        ['made', 'lost'],
      ],
    );
    for (const end of [client, server]) this.assertIsInstance(this.successResultOf(end.lost), ConnectionDone);
    this.assertFalse(pump.flush());
  }

  test_aborting_loses_what_was_written_and_tells_each_why() {
    const [client, server, pump] = connectedServerAndClient(Recorder, Recorder);

    client.transport.write('never sent');
    client.transport.abortConnection();
    pump.flush();

    this.assertEqual(server.text, '');
    this.assertIsInstance(this.successResultOf(client.lost), ConnectionAborted);
    this.assertIsInstance(this.successResultOf(server.lost), ConnectionLost);
  }

  test_half_closed_connections() {
    const [client, server, pump] = connectedServerAndClient(HalfCloseableRecorder, HalfCloseableRecorder);

    client.transport.loseWriteConnection();
    pump.flush();
    server.transport.write('still here');
    pump.flush();

    this.assertEqual(client.text, 'still here');
    this.assertEqual(
      [client.events, server.events],
      [
        ['made', 'writeLost', 'data'],
        ['made', 'readLost'],
      ],
    );
  }

  test_the_end_of_the_data_closes_a_connection_that_can_not_be_half_closed() {
    const [client, server, pump] = connectedServerAndClient(Recorder, HalfCloseableRecorder);

    client.transport.loseWriteConnection();
    pump.flush();

    this.assertEqual(
      [client.events, server.events],
      [
        ['made', 'writeLost', 'lost'],
        ['made', 'lost'],
      ],
    );
  }

  test_a_paused_end_receives_nothing() {
    const [client, server, pump] = connectedServerAndClient(Recorder, Recorder);

    server.transport.pauseProducing();
    client.transport.write('waits');
    pump.flush();
    this.assertEqual(server.text, '');
    server.transport.resumeProducing();
    pump.flush();

    this.assertEqual(server.text, 'waits');
  }

  test_producers_are_paused_and_resumed() {
    const [client, server, pump] = connectedServerAndClient(Recorder, Recorder);
    const events: string[] = [];
    client.transport.registerProducer(
      {
        pauseProducing: () => events.push('pause'),
        resumeProducing: () => events.push('resume'),
        stopProducing: () => events.push('stop'),
      },
      true,
    );

    client.transport.write(Buffer.alloc(65536));
    this.assertEqual(events, []);
    client.transport.write('x');
    this.assertEqual(events, ['pause']);
    pump.flush();
    this.assertEqual(events, ['pause', 'resume']);
    server.transport.loseConnection();
    pump.flush();

    this.assertEqual(events, ['pause', 'resume', 'stop']);
  }

  test_endless_talk_is_an_error() {
    class Talker extends Protocol {
      override connectionMade() {
        this.transport.write('?');
      }
      override dataReceived(data: Buffer) {
        this.transport.write(data);
      }
    }

    const error = this.assertRaises(Error, () => connectedServerAndClient(Talker, Talker));

    this.assertSubstring('answer each other for ever', error.message);
  }
}

export class WaitUntilAllDisconnectedTests extends TestCase {
  test_fires_when_the_last_one_is_disconnected() {
    const clock = new Clock();
    const [client, server, pump] = connectedServerAndClient(Recorder, Recorder);
    const over = waitUntilAllDisconnected(clock, [client, server]);
    clock.advance(1);
    this.assertNoResult(over);

    client.transport.loseConnection();
    pump.flush();
    clock.advance(1);

    this.successResultOf(over);
    this.assertEqual(clock.getDelayedCalls(), []);
  }

  test_can_be_cancelled() {
    const clock = new Clock();
    const [client] = connectedServerAndClient(Recorder, Recorder);
    const over = waitUntilAllDisconnected(clock, [client]);

    over.cancel();

    this.failureResultOf(over);
    this.assertEqual(clock.getDelayedCalls(), []);
  }
}
