import { TestCase } from 'txtrial';
import {
  ClientFactory,
  IPv4Address,
  IPv6Address,
  Protocol,
  type ReactorTCP,
  ServerFactory,
  UNIXAddress,
} from 'txtrial/internet';
import { MemoryReactor, MemoryReactorClock, StringTransport } from 'txtrial/testing';

/** Code under test: it takes whatever reactor it is given. */
function serve(reactor: ReactorTCP) {
  return reactor.listenTCP(10000, ServerFactory.forProtocol(Protocol), { interface: '127.0.0.1' });
}

export class MemoryReactorTests extends TestCase {
  test_writes_down_what_is_listened_on() {
    const reactor = new MemoryReactor();

    const port = serve(reactor);

    const [server] = reactor.tcpServers;
    this.assertEqual([server?.port, server?.interface, server?.backlog], [10000, '127.0.0.1', 4096]);
    this.assertEqual(port.getHost(), new IPv4Address('TCP', '127.0.0.1', 10000));
    this.successResultOf(port.stopListening());
    this.assertFalse(reactor.ports[0]?.listening);
  }

  test_writes_down_who_speaks_tls() {
    const reactor = new MemoryReactor();
    const [server, client] = [ServerFactory.forProtocol(Protocol), ClientFactory.forProtocol(Protocol)];
    const [key, trust] = [{ key: 'a key' }, { ca: 'an authority' }];

    const ports = [reactor.listenSSL(443, server, key), reactor.listenSSL(1, server, key, { handshakeTimeout: 5 })];
    const connector = reactor.connectSSL('poetry.example', 443, client, trust, { timeout: 7 });
    reactor.connectSSL('::1', 1, client);

    const common = { factory: server, contextFactory: key, backlog: 4096, interface: '' };
    this.assertEqual(reactor.sslServers, [
      { ...common, port: 443, handshakeTimeout: 30 },
      { ...common, port: 1, handshakeTimeout: 5 },
    ]);
    this.assertEqual(reactor.sslClients, [
      { host: 'poetry.example', port: 443, factory: client, contextFactory: trust, timeout: 7, bindAddress: undefined },
      { host: '::1', port: 1, factory: client, contextFactory: {}, timeout: 30, bindAddress: undefined },
    ]);
    this.assertEqual(reactor.ports, ports);
    this.assertEqual(ports[0]?.getHost(), new IPv4Address('TCP', '0.0.0.0', 443));
    this.assertIdentical(reactor.connectors[0], connector);
    this.assertEqual(connector.getDestination(), new IPv4Address('TCP', 'poetry.example', 443));
    this.assertEqual([reactor.tcpServers, reactor.tcpClients], [[], []]);
  }

  test_a_test_plays_the_other_side() {
    const reactor = new MemoryReactor();
    serve(reactor);
    const transport = new StringTransport();

    const protocol = reactor.tcpServers[0]?.factory.buildProtocol(transport.getPeer());
    protocol?.makeConnection(transport);

    this.assertIsInstance(protocol, Protocol);
  }

  test_writes_down_what_is_connected_to() {
    const reactor = new MemoryReactor();
    const started: unknown[] = [];
    class Client extends ClientFactory {
      override startedConnecting(connector: unknown) {
        started.push(connector);
      }
    }
    const factory = new Client();

    const connector = reactor.connectTCP('::1', 1, factory, { timeout: 5, bindAddress: ['::1', 2] });

    this.assertEqual(reactor.tcpClients, [{ host: '::1', port: 1, factory, timeout: 5, bindAddress: ['::1', 2] }]);
    this.assertEqual(connector.getDestination(), new IPv6Address('TCP', '::1', 1));
    this.assertIdentical(started[0], connector);
    this.assertIdentical(reactor.connectors[0], connector);
    connector.stopConnecting();
    this.assertEqual([connector.stoppedConnecting, connector.state], [true, 'disconnected']);
    connector.connect();
    connector.disconnect();
    this.assertEqual([connector.connectCalls, connector.disconnected], [1, true]);
  }

  test_writes_down_UNIX_sockets() {
    const reactor = new MemoryReactor();
    const factory = new ClientFactory();

    const port = reactor.listenUNIX('/run/poetry.sock', factory, { mode: 0o600 });
    const connector = reactor.connectUNIX('/run/poetry.sock', factory);

    this.assertEqual(reactor.unixServers, [{ path: '/run/poetry.sock', factory, backlog: 4096, mode: 0o600 }]);
    this.assertEqual(reactor.unixClients, [{ path: '/run/poetry.sock', factory, timeout: 30 }]);
    this.assertEqual(
      [port.getHost(), connector.getDestination()],
      [new UNIXAddress('/run/poetry.sock'), new UNIXAddress('/run/poetry.sock')],
    );
  }

  test_run_calls_what_waits_for_it() {
    const reactor = new MemoryReactor();
    const calls: unknown[] = [];
    reactor.callWhenRunning((...args: unknown[]) => calls.push([reactor.running, ...args]), 1);

    reactor.run();

    this.assertEqual(calls, [[true, 1]]);
    this.assertEqual([reactor.running, reactor.hasRun, reactor.hasStopped], [false, true, true]);
  }
}

export class MemoryReactorClockTests extends TestCase {
  test_its_time_is_moved_by_the_test() {
    const reactor = new MemoryReactorClock();
    const calls: number[] = [];
    reactor.callLater(2, (name: number) => calls.push(name), 2);
    reactor.callLater(1, (name: number) => calls.push(name), 1);
    this.assertEqual(reactor.getDelayedCalls().length, 2);

    reactor.advance(1);
    this.assertEqual([calls, reactor.seconds()], [[1], 1]);
    reactor.pump([0.5, 0.5]);

    this.assertEqual([calls, reactor.seconds()], [[1, 2], 2]);
  }
}
