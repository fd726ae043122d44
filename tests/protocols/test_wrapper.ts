import { TestCase } from 'txtrial';
import {
  ClientFactory,
  ConnectionDone,
  ConnectionRefusedError,
  Failure,
  IPv4Address,
  Protocol,
  reactor,
  ServerFactory,
} from 'txtrial/internet';
import { ProtocolWrapper, WrappingFactory } from 'txtrial/protocols';
import { StringTransport } from 'txtrial/testing';
import { HalfCloseableRecorder, OneClientFactory, OneServerFactory, Recorder } from '../support/connections.js';

const ADDRESS = new IPv4Address('TCP', '127.0.0.1', 1);

/** Says everything louder. */
class Louder extends ProtocolWrapper {
  override write(data: Uint8Array | string) {
    super.write(String(data).toUpperCase());
  }
  override dataReceived(data: Buffer) {
    super.dataReceived(Buffer.from(data.toString().toUpperCase()));
  }
}

class Wrapped extends Recorder {
  override connectionMade() {
    super.connectionMade();
    this.transport.write('made');
  }
}

export class ProtocolWrapperTests extends TestCase {
  factory!: WrappingFactory;
  wrapped!: Wrapped;
  wrapper!: Louder;
  transport!: StringTransport;

  override setUp() {
    this.factory = new WrappingFactory(ServerFactory.forProtocol(Wrapped));
    this.factory.protocol = Louder;
    this.wrapper = this.factory.buildProtocol(ADDRESS) as Louder;
    this.wrapped = this.wrapper.wrappedProtocol as Wrapped;
    this.transport = new StringTransport();
    this.wrapper.makeConnection(this.transport);
  }

  test_what_passes_can_be_changed_both_ways() {
    this.wrapper.dataReceived(Buffer.from('hello'));

    this.assertEqual(this.wrapped.text, 'HELLO');
    this.assertEqual(this.transport.value().toString(), 'MADE');
    this.assertIdentical(this.wrapped.transport, this.wrapper);
  }

  test_begins_TLS_from_the_usual_side_unless_told_otherwise() {
    const asked: unknown[] = [];
    this.patch(this.transport, 'startTLS', (...args) => void asked.push(args));

    this.wrapper.startTLS({});
    this.wrapper.startTLS({}, false);

    this.assertEqual(asked, [
      [{}, true],
      [{}, false],
    ]);
  }

  test_it_is_a_transport() {
    this.wrapper.writeSequence(['a', 'b']);
    this.assertEqual(this.transport.value().toString(), 'MADEab');
    this.assertEqual(this.wrapper.getHost(), this.transport.getHost());
    this.assertEqual(this.wrapper.getPeer(), this.transport.getPeer());

    this.wrapper.setTcpNoDelay(true);
    this.wrapper.setTcpKeepAlive(true);
    this.assertTrue(this.transport.getTcpNoDelay() && this.wrapper.getTcpNoDelay());
    this.assertTrue(this.transport.getTcpKeepAlive() && this.wrapper.getTcpKeepAlive());

    const producer = { resumeProducing() {}, pauseProducing() {}, stopProducing() {} };
    this.wrapper.registerProducer(producer, true);
    this.assertIdentical(this.transport.producer, producer);
    this.wrapper.unregisterProducer();
    this.assertIdentical(this.transport.producer, undefined);

    this.wrapper.pauseProducing();
    this.assertEqual(this.transport.producerState, 'paused');
    this.wrapper.resumeProducing();
    this.assertEqual(this.transport.producerState, 'producing');
    this.wrapper.stopProducing();
    this.assertEqual(this.transport.producerState, 'stopped');

    this.wrapper.loseWriteConnection();
    this.assertTrue(this.transport.writeDisconnecting);
    this.assertFalse(this.wrapper.disconnecting);
    this.wrapper.loseConnection();
    this.assertTrue(this.wrapper.disconnecting && this.transport.disconnecting);
    this.wrapper.abortConnection();
    this.assertTrue(this.transport.disconnected);
  }

  async test_the_end_is_handed_on() {
    this.assertEqual([...this.factory.protocols], [this.wrapper]);

    this.wrapper.connectionLost(new Failure(new ConnectionDone('over')));

    this.assertIsInstance(await this.wrapped.lost, ConnectionDone);
    this.assertFalse(this.wrapped.connected);
    this.assertEqual(this.factory.protocols.size, 0);
  }

  test_the_log_names_both() {
    this.assertEqual(this.wrapper.logPrefix(), 'Wrapped (Louder)');
    this.assertEqual(this.factory.logPrefix(), 'ServerFactory (WrappingFactory)');
  }

  test_half_closes_reach_a_protocol_that_takes_them() {
    const inside = new HalfCloseableRecorder();
    const wrapper = new ProtocolWrapper(this.factory, inside);

    (wrapper as unknown as HalfCloseableRecorder).readConnectionLost();
    (wrapper as unknown as HalfCloseableRecorder).writeConnectionLost();

    this.assertEqual(inside.events, ['readLost', 'writeLost']);
    this.assertFalse('readConnectionLost' in this.wrapper);
  }

  test_a_refused_connection_stays_refused() {
    class Refusing extends ServerFactory {
      override buildProtocol() {
        return null;
      }
    }
    this.assertNull(new WrappingFactory(new Refusing()).buildProtocol(ADDRESS));
  }
}

export class WrappingFactoryTests extends TestCase {
  async test_server_and_client_over_tcp() {
    const served = new OneServerFactory(() => new Wrapped());
    const serving = new WrappingFactory(served);
    serving.noisy = false;
    serving.protocol = Louder;
    const port = reactor.listenTCP(0, serving, { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    const got = new OneClientFactory(() => new Recorder());
    const getting = new WrappingFactory(got);
    getting.noisy = false;

    reactor.connectTCP('127.0.0.1', port.getHost().port, getting);
    const server = await served.built;
    const client = await got.connected;
    this.assertEqual(await client.received(4), 'MADE');
    client.transport.loseConnection();
    await server.lost;
    await got.lost;

    this.assertEqual(serving.protocols.size + getting.protocols.size, 0);
    this.assertEqual(got.events[0], 'start');
    this.assertIn('lost', got.events.join().toLowerCase());
  }

  test_connecting_is_told_to_the_factory_inside() {
    const told: string[] = [];
    class Told extends ClientFactory {
      override protocol = Protocol;
      override noisy = false;
      override startFactory() {
        told.push('start');
      }
      override stopFactory() {
        told.push('stop');
      }
      override startedConnecting() {
        told.push('connecting');
      }
      override clientConnectionFailed() {
        told.push('failed');
      }
      override clientConnectionLost() {
        told.push('lost');
      }
    }
    const factory = new WrappingFactory(new Told());
    factory.noisy = false;
    const connector = {
      state: 'connecting',
      connect() {},
      disconnect() {},
      stopConnecting() {},
      getDestination: () => ADDRESS,
    } as const;

    factory.doStart();
    factory.startedConnecting(connector);
    factory.clientConnectionFailed(connector, new Failure(new ConnectionRefusedError('no')));
    factory.clientConnectionLost(connector, new Failure(new ConnectionDone('over')));
    factory.doStop();

    this.assertEqual(told, ['start', 'connecting', 'failed', 'lost', 'stop']);
    this.assertEqual(factory.numPorts, 0);
  }
}
