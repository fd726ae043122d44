import { TestCase } from 'txtrial';
import { ConnectionDone, type Failure, IPv4Address, Protocol } from 'txtrial/internet';
import { StringTransport, StringTransportWithDisconnection } from 'txtrial/testing';

class Shout extends Protocol {
  readonly lost: unknown[] = [];

  override dataReceived(data: Buffer) {
    this.transport.write(data.toString().toUpperCase());
  }

  override connectionLost(reason: Failure) {
    this.lost.push(reason.value);
  }
}

const producer = { resumeProducing() {}, stopProducing() {} };

export class StringTransportTests extends TestCase {
  test_keeps_what_is_written_until_it_is_cleared() {
    const transport = new StringTransport();
    const protocol = new Shout();
    protocol.makeConnection(transport);

    protocol.dataReceived(Buffer.from('hello '));
    transport.writeSequence(['é', new Uint8Array([255])]);
    this.assertEqual(transport.value(), Buffer.concat([Buffer.from('HELLO é'), Buffer.from([255])]));
    transport.clear();

    this.assertEqual(transport.value(), Buffer.alloc(0));
  }

  test_what_is_kept_does_not_change_with_the_buffer_that_was_written() {
    const transport = new StringTransport();
    const data = Buffer.from('abc');

    transport.write(data);
    data[0] = 0;

    this.assertEqual(transport.value().toString(), 'abc');
  }

  test_remembers_how_it_was_closed() {
    const transport = new StringTransport();
    this.assertEqual([transport.connected, transport.disconnecting, transport.disconnected], [true, false, false]);

    transport.loseWriteConnection();
    transport.loseConnection();
    this.assertEqual(
      [transport.writeDisconnecting, transport.disconnecting, transport.disconnected],
      [true, true, false],
    );
    transport.abortConnection();

    this.assertTrue(transport.disconnected);
  }

  test_its_addresses_can_be_given() {
    const plain = new StringTransport();
    this.assertEqual([String(plain.getHost()), String(plain.getPeer())], ['10.0.0.1:12345', '192.168.1.1:54321']);
    const peerAddress = new IPv4Address('TCP', '127.0.0.1', 1);

    const transport = new StringTransport({ peerAddress, hostAddress: new IPv4Address('TCP', '127.0.0.1', 2) });

    this.assertEqual([transport.getPeer().port, transport.getHost().port], [1, 2]);
  }

  test_remembers_what_the_protocol_makes_of_it_as_a_producer() {
    const transport = new StringTransport();
    this.assertEqual(transport.producerState, 'producing');
    transport.pauseProducing();
    this.assertEqual(transport.producerState, 'paused');
    transport.resumeProducing();
    this.assertEqual(transport.producerState, 'producing');

    transport.stopProducing();

    this.assertEqual(transport.producerState, 'stopped');
    this.assertRaises(Error, () => transport.resumeProducing());
  }

  test_refuses_to_resume_after_loseConnection_unless_it_is_lenient() {
    const strict = new StringTransport();
    const lenient = new StringTransport({ lenient: true });
    for (const transport of [strict, lenient]) transport.loseConnection();

    this.assertRaises(Error, () => strict.resumeProducing());
    lenient.pauseProducing();

    this.assertEqual(lenient.producerState, 'paused');
  }

  test_has_one_producer_at_a_time() {
    const transport = new StringTransport();
    this.assertRaises(Error, () => transport.unregisterProducer());

    transport.registerProducer(producer, true);
    this.assertIdentical(transport.producer, producer);
    this.assertTrue(transport.streaming);
    this.assertRaises(Error, () => transport.registerProducer(producer, true));

    transport.unregisterProducer();
    this.assertIdentical(transport.producer, undefined);
  }

  test_remembers_socket_options() {
    const transport = new StringTransport();

    transport.setTcpNoDelay(true);

    this.assertEqual([transport.getTcpNoDelay(), transport.getTcpKeepAlive()], [true, false]);
  }
}

export class StringTransportWithDisconnectionTests extends TestCase {
  test_tells_the_protocol_once_that_the_connection_is_lost() {
    for (const how of ['loseConnection', 'abortConnection'] as const) {
      const transport = new StringTransportWithDisconnection();
      const protocol = new Shout();
      transport.protocol = protocol;
      protocol.makeConnection(transport);

      transport[how]();
      transport.loseConnection();

      this.assertEqual(protocol.lost.length, 1);
      this.assertIsInstance(protocol.lost[0], ConnectionDone);
      const { connected, disconnecting, disconnected } = transport;
      this.assertEqual([connected, disconnecting, disconnected], [false, false, how === 'abortConnection']);
    }
  }

  test_says_when_it_has_no_protocol() {
    const error = this.assertRaises(Error, () => new StringTransportWithDisconnection().loseConnection());

    this.assertSubstring('set the protocol', error.message);
  }
}
