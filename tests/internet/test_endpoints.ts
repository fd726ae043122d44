import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestCase } from 'txtrial';
import {
  CannotListenError,
  type ClientEndpoint,
  ClientFactory,
  ConnectError,
  ConnectingCancelledError,
  ConnectionRefusedError,
  clientFromString,
  connectProtocol,
  Factory,
  reactor,
  type ServerEndpoint,
  serverFromString,
  TCP4ClientEndpoint,
  TCP4ServerEndpoint,
  UNIXClientEndpoint,
  UNIXServerEndpoint,
} from 'txtrial/internet';
import { MemoryReactor, StringTransport } from 'txtrial/testing';
import { HalfCloseableRecorder, OneServerFactory, Recorder } from '../support/connections.js';

const socketPath = () => join(tmpdir(), `txtrial-endpoint-${process.pid}.sock`);

export class EndpointTests extends TestCase {
  async roundTrip(server: ServerEndpoint, client: (port: number) => ClientEndpoint) {
    const factory = new OneServerFactory(() => new Recorder());
    const port = await server.listen(factory);
    this.addCleanup(() => port.stopListening());
    const address = port.getHost();
    const near = await client('port' in address ? address.port : 0).connect(Factory.forProtocol(Recorder));
    this.assertEqual(near.events, ['made']);
    const far = await factory.built;

    near.transport.write('question');
    this.assertEqual(await far.received(8), 'question');
    far.transport.write('answer');
    far.transport.loseConnection();

    await near.lost;
    await far.lost;
    this.assertEqual([near.text, near.connected], ['answer', false]);
  }

  test_TCP() {
    const server = new TCP4ServerEndpoint(reactor, 0, { interface: '127.0.0.1' });

    return this.roundTrip(server, (port) => new TCP4ClientEndpoint(reactor, '127.0.0.1', port));
  }

  test_UNIX() {
    const path = socketPath();

    return this.roundTrip(new UNIXServerEndpoint(reactor, path), () => new UNIXClientEndpoint(reactor, path));
  }

  test_from_text() {
    const server = serverFromString(reactor, 'tcp:0:interface=127.0.0.1');

    return this.roundTrip(server, (port) => clientFromString(reactor, `tcp:127.0.0.1:${port}`));
  }

  async test_a_port_in_use_is_the_failure() {
    const port = reactor.listenTCP(0, new Factory(), { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());

    const endpoint = new TCP4ServerEndpoint(reactor, port.getHost().port, { interface: '127.0.0.1' });

    await this.assertFailure(endpoint.listen(new Factory()), CannotListenError);
  }

  async test_a_refused_connection_is_the_failure() {
    const factory = new Factory();

    const connected = new TCP4ClientEndpoint(reactor, '127.0.0.1', -1).connect(factory);

    await this.assertFailure(connected, ConnectionRefusedError);
    this.assertEqual(factory.numPorts, 0);
  }
}

export class ClientEndpointTests extends TestCase {
  readonly memory = new MemoryReactor();
  readonly endpoint = new TCP4ClientEndpoint(this.memory, '127.0.0.1', 1, { timeout: 7 });

  get wrapping() {
    const factory = this.memory.tcpClients[0]?.factory;
    if (factory === undefined) throw new Error('nothing connected');
    return factory;
  }

  test_fires_when_the_connection_is_made() {
    const protocol = new Recorder();
    const connected = connectProtocol(this.endpoint, protocol);
    this.assertEqual(this.memory.tcpClients[0]?.timeout, 7);
    this.assertNoResult(connected);

    this.wrapping.buildProtocol(new StringTransport().getPeer())?.makeConnection(new StringTransport());

    this.assertIdentical(this.successResultOf(connected), protocol);
    this.assertEqual(protocol.events, ['made']);
  }

  test_cancelling_ends_the_attempt() {
    const connected = connectProtocol(this.endpoint, new Recorder());

    connected.cancel();

    const failure = this.failureResultOf(connected, ConnectingCancelledError);
    this.assertSubstring('127.0.0.1:1', failure.getErrorMessage());
    this.assertTrue(this.memory.connectors[0]?.stoppedConnecting);
  }

  test_what_connectionMade_throws_is_the_failure_and_ends_the_connection() {
    const protocol = new Recorder();
    protocol.connectionMade = () => {
      throw new RangeError('broken');
    };
    const connected = connectProtocol(this.endpoint, protocol);
    const transport = new StringTransport();

    this.wrapping.buildProtocol(transport.getPeer())?.makeConnection(transport);

    this.failureResultOf(connected, RangeError);
    this.assertTrue(transport.disconnected);
  }

  test_a_factory_that_builds_none_or_throws_is_the_failure() {
    class Refusing extends ClientFactory {
      override buildProtocol() {
        return null;
      }
    }
    const address = new StringTransport().getPeer();
    const refused = this.endpoint.connect(new Refusing());
    this.assertIdentical(this.wrapping.buildProtocol(address), null);
    this.failureResultOf(refused, ConnectError);

    const broken = this.endpoint.connect(new ClientFactory());
    this.assertIdentical(this.memory.tcpClients[1]?.factory.buildProtocol(address), null);

    this.failureResultOf(broken, TypeError);
  }

  test_a_protocol_that_can_be_half_closed_stays_so() {
    const plain = connectProtocol(this.endpoint, new Recorder());
    const protocol = new HalfCloseableRecorder();
    const connected = connectProtocol(this.endpoint, protocol);
    const address = new StringTransport().getPeer();
    const [first, second] = this.memory.tcpClients.map(({ factory }) => factory.buildProtocol(address));

    this.assertFalse('readConnectionLost' in (first ?? {}));
    this.assertTrue('readConnectionLost' in (second ?? {}));
    (second as HalfCloseableRecorder).readConnectionLost();
    (second as HalfCloseableRecorder).writeConnectionLost();

    this.assertEqual(protocol.events, ['readLost', 'writeLost']);
    this.assertNoResult(plain);
    this.assertNoResult(connected);
  }
}

export class EndpointStringTests extends TestCase {
  test_servers() {
    const memory = new MemoryReactor();
    const factory = new Factory();
    for (const text of [
      'tcp:80',
      'tcp:port=80:interface=127.0.0.1:backlog=5',
      'tcp6:80',
      'tcp6:80:interface=\\:\\:1',
    ]) {
      this.successResultOf(serverFromString(memory, text).listen(factory));
    }
    for (const text of ['unix:/run/a.sock', 'unix:address=/run/b\\:c.sock:mode=660:backlog=5']) {
      this.successResultOf(serverFromString(memory, text).listen(factory));
    }

    this.assertEqual(memory.tcpServers, [
      { port: 80, factory, backlog: 4096, interface: '' },
      { port: 80, factory, backlog: 5, interface: '127.0.0.1' },
      { port: 80, factory, backlog: 4096, interface: '::' },
      { port: 80, factory, backlog: 4096, interface: '::1' },
    ]);
    this.assertEqual(memory.unixServers, [
      { path: '/run/a.sock', factory, backlog: 4096, mode: 0o666 },
      { path: '/run/b:c.sock', factory, backlog: 5, mode: 0o660 },
    ]);
  }

  test_clients() {
    const memory = new MemoryReactor();
    const connect = (text: string) => clientFromString(memory, text).connect(new Factory());
    connect('tcp:localhost:80');
    connect('tcp:host=localhost:port=80:timeout=5:bindAddress=127.0.0.1');
    connect('tcp:\\:\\:1:80');
    connect('unix:/run/a.sock:timeout=5');

    this.assertEqual(
      memory.tcpClients.map(({ host, port, timeout, bindAddress }) => [host, port, timeout, bindAddress]),
      [
        ['localhost', 80, 30, undefined],
        ['localhost', 80, 5, ['127.0.0.1', 0]],
        ['::1', 80, 30, undefined],
      ],
    );
    this.assertEqual(
      memory.unixClients.map(({ path, timeout }) => [path, timeout]),
      [['/run/a.sock', 5]],
    );
  }

  test_refuses_what_is_no_endpoint_and_says_why() {
    for (const [text, why] of [
      ['', 'a server listens on'],
      ['carrier-pigeon:1', 'a server listens on'],
      ['tcp', 'its port is missing'],
      ['tcp:http', "its port 'http' is no number"],
      ['tcp:1:2', "'2' has no place in it"],
      ['tcp:1:interfaec=::1', "'interfaec' has no place in it"],
      ['unix:/a:mode=999', "its mode '999' is no number"],
    ] as const) {
      const error = this.assertRaises(TypeError, () => serverFromString(reactor, text));
      this.assertSubstring(why, error.message);
    }
    this.assertRaises(TypeError, () => clientFromString(reactor, 'tcp:localhost'));
    this.assertRaises(TypeError, () => clientFromString(reactor, 'smoke:signals'));
  }
}
