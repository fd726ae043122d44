import { AsyncLocalStorage } from 'node:async_hooks';
import dns from 'node:dns';
import { createServer } from 'node:net';
import { TestCase } from 'txtrial';
import {
  ClientFactory,
  ConnectBindError,
  ConnectError,
  ConnectingCancelledError,
  ConnectionDone,
  ConnectionRefusedError,
  type ConnectorLike,
  ConnectTimeoutError,
  Deferred,
  DNSLookupError,
  IPv4Address,
  IPv6Address,
  NotConnectingError,
  reactor,
  ServerFactory,
} from 'txtrial/internet';
import { connected, OneClientFactory, OneServerFactory, Recorder, turn } from '../support/connections.js';
import { unusedPort } from '../support/poetry.js';

// Reserved for documentation: no machine has it.
const NOWHERE = '192.0.2.1';

const recorder = (): Recorder => new Recorder();

export class ConnectTests extends TestCase {
  async test_the_factory_hears_of_everything_in_order() {
    const { clientFactory, connector, client } = await connected(this, recorder, recorder);
    this.assertEqual(connector.state, 'connected');
    this.assertEqual(clientFactory.numPorts, 1);

    connector.disconnect();

    this.assertIsInstance(await clientFactory.lost, ConnectionDone);
    this.assertEqual(clientFactory.events, ['start', 'connecting:connecting', 'build', 'lost:disconnected', 'stop']);
    this.assertEqual(client.events, ['made', 'lost']);
    this.assertEqual(connector.state, 'disconnected');
    this.assertEqual(reactor.getDelayedCalls(), []);
  }

  async test_localhost_is_looked_up() {
    const factory = new OneServerFactory(recorder);
    const port = reactor.listenTCP(0, factory, { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    for (const host of ['localhost', '']) {
      const clientFactory = new OneClientFactory(recorder);
      const connector = reactor.connectTCP(host, port.getHost().port, clientFactory);
      const client = await clientFactory.connected;

      this.assertEqual(client.transport.getPeer(), port.getHost());
      connector.disconnect();
      await clientFactory.lost;
    }
    const server = await factory.built;
    await server.lost;
    while (reactor.selectables.size > 1) await turn();
  }

  async test_of_a_names_addresses_the_IPv4_one_is_taken() {
    const found = [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    const lookup = (_name: string, _options: unknown, done: (error: null, addresses: typeof found) => void) =>
      done(null, found);
    this.patch(dns, 'lookup', lookup as unknown as typeof dns.lookup);
    const port = reactor.listenTCP(0, ServerFactory.forProtocol(Recorder), { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    const factory = new OneClientFactory(recorder);

    const connector = reactor.connectTCP('both.invalid', port.getHost().port, factory);

    const client = await factory.connected;
    this.assertEqual(client.transport.getPeer(), port.getHost());
    connector.disconnect();
    await factory.lost;
    while (reactor.selectables.size > 1) await turn();
  }

  async test_the_local_end_can_be_chosen() {
    const serverFactory = new OneServerFactory(recorder);
    const port = reactor.listenTCP(0, serverFactory, { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    const local = await unusedPort();
    const factory = new OneClientFactory(recorder);

    reactor.connectTCP('127.0.0.1', port.getHost().port, factory, { bindAddress: ['127.0.0.1', local] });

    const client = await factory.connected;
    this.assertEqual(client.transport.getHost(), new IPv4Address('TCP', '127.0.0.1', local));
    client.transport.abortConnection();
    await factory.lost;
    await (await serverFactory.built).lost;
  }

  async test_this_end_is_known_after_the_close_to_who_asked_before() {
    const { client, server } = await connected(this, recorder, recorder);
    const address = server.transport.getPeer();
    this.assertSubstring(`from ${address}`, String(client.transport));
    server.transport.loseConnection();
    await client.lost;

    this.assertEqual(client.transport.getHost(), address);
    this.assertEqual(client.transport.getPeer(), server.transport.getHost());
    await server.lost;
  }

  async test_this_end_is_not_known_after_the_close_to_who_did_not_ask() {
    const { client, server } = await connected(this, recorder, recorder);
    server.transport.loseConnection();
    await client.lost;

    this.assertRaises(Error, () => client.transport.getHost());
    await server.lost;
  }

  test_the_destination_is_what_was_given() {
    for (const [host, address] of [
      ['example.invalid', new IPv4Address('TCP', 'example.invalid', 1)],
      ['::1', new IPv6Address('TCP', '::1', 1)],
    ] as const) {
      const factory = new OneClientFactory(recorder);
      const connector = reactor.connectTCP(host, 1, factory);

      this.assertEqual(connector.getDestination(), address);
      this.assertEqual(String(connector), `<Connector of OneClientFactory to ${address}>`);
      connector.stopConnecting();
    }
  }

  async test_no_protocol_closes_the_connection() {
    const serverFactory = new OneServerFactory(recorder);
    const port = reactor.listenTCP(0, serverFactory, { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    const lost = new Deferred<unknown>();
    class Refusing extends ClientFactory {
      override buildProtocol() {
        return null;
      }
      override clientConnectionLost(_connector: ConnectorLike, reason: { value: unknown }) {
        lost.callback(reason.value);
      }
    }

    reactor.connectTCP('127.0.0.1', port.getHost().port, new Refusing());

    this.assertIsInstance(await lost, ConnectionDone);
    this.assertIsInstance(await (await serverFactory.built).lost, ConnectionDone);
  }

  async test_what_buildProtocol_throws_is_logged_and_connecting_has_failed() {
    const serverFactory = new OneServerFactory(recorder);
    const port = reactor.listenTCP(0, serverFactory, { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    const factory = new OneClientFactory((): Recorder => {
      throw new RangeError('broken');
    });

    reactor.connectTCP('127.0.0.1', port.getHost().port, factory);

    const error = await factory.failed;
    this.assertIsInstance(error, ConnectError);
    this.assertIsInstance((error as Error).cause, RangeError);
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
    await (await serverFactory.built).lost;
  }

  async test_callbacks_run_in_the_async_context_of_connectTCP() {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const server = createServer((socket) => socket.end('data'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.addCleanup(() => new Promise((resolve) => server.close(resolve)));
    class Watching extends Recorder {
      override connectionMade() {
        seen.push(storage.getStore());
      }
      override dataReceived(data: Buffer) {
        seen.push(storage.getStore());
        super.dataReceived(data);
      }
    }
    const factory = new OneClientFactory(() => new Watching());

    const { port } = server.address() as { port: number };
    const connector = storage.run('caller', () => reactor.connectTCP('localhost', port, factory));
    factory.lost.addBoth((error) => {
      seen.push(storage.getStore());
      return error;
    });

    await factory.lost;
    this.assertEqual(seen, ['caller', 'caller', 'caller']);
    this.assertEqual(connector.state, 'disconnected');
  }
}

export class ConnectFailureTests extends TestCase {
  async test_nobody_listens() {
    const factory = new OneClientFactory(recorder);
    const port = await unusedPort();

    reactor.connectTCP('127.0.0.1', port, factory);

    const error = await this.assertFailureOf(factory, ConnectionRefusedError);
    this.assertSubstring(`127.0.0.1:${port}`, error.message);
    this.assertEqual(factory.events, ['start', 'connecting:connecting', 'failed:disconnected', 'stop']);
    this.assertEqual(reactor.getDelayedCalls(), []);
  }

  async test_a_port_that_is_none_is_refused_in_a_later_turn() {
    for (const port of [-1, 0, 65536, 1.5, Number.NaN]) {
      const factory = new OneClientFactory(recorder);

      reactor.connectTCP('127.0.0.1', port, factory);

      this.assertEqual(factory.events, ['start', 'connecting:connecting']);
      await Promise.resolve();
      this.assertFalse(factory.failed.called);
      await this.assertFailureOf(factory, ConnectionRefusedError);
    }
  }

  async test_a_host_that_is_none() {
    for (const host of ['no-such-host.invalid', 'a b', '%', 'x'.repeat(300), 'a\0b']) {
      const factory = new OneClientFactory(recorder);
      reactor.connectTCP(host, 1, factory);
      await this.assertFailureOf(factory, DNSLookupError);
    }
    const factory = new OneClientFactory(recorder);
    reactor.connectTCP(undefined as unknown as string, 1, factory);
    await this.assertFailureOf(factory, ConnectError);
  }

  async test_a_local_end_that_is_none() {
    for (const bindAddress of [
      [NOWHERE, 0],
      ['no number', 0],
      ['127.0.0.1', -1],
    ] as const) {
      const factory = new OneClientFactory(recorder);
      reactor.connectTCP('127.0.0.1', 1, factory, { bindAddress });
      await this.assertFailureOf(factory, ConnectBindError);
    }
  }

  async test_the_time_is_up() {
    const factory = new OneClientFactory(recorder);
    this.patch(dns, 'lookup', (() => {}) as unknown as typeof dns.lookup);
    const connector = reactor.connectTCP('slow.invalid', 1, factory, { timeout: 0 });
    const pending = [...reactor.selectables].map(String);

    await this.assertFailureOf(factory, ConnectTimeoutError);

    this.assertEqual(pending, ['<Connector to slow.invalid:1 (connecting)>']);
    this.assertEqual(connector.state, 'disconnected');
    this.assertEqual(factory.numPorts, 0);
  }

  test_the_timeout_is_a_delayed_call_of_the_reactor() {
    const connector = reactor.connectTCP(NOWHERE, 1, new OneClientFactory(recorder), { timeout: 7 });
    const [call] = reactor.getDelayedCalls();

    this.assertSubstring('connectTimedOut()', String(call));
    this.assertSubstring('test_stream_client.ts', String(call?.origin));
    this.assertLess(Math.abs((call?.getTime() ?? 0) - reactor.seconds() - 7), 1);

    connector.stopConnecting();
    this.assertEqual(reactor.getDelayedCalls(), []);
    const patient = reactor.connectTCP(NOWHERE, 1, new OneClientFactory(recorder), { timeout: null });
    this.assertEqual(reactor.getDelayedCalls(), []);
    patient.stopConnecting();
  }

  async assertFailureOf<E extends Error>(
    factory: OneClientFactory<Recorder>,
    expected: abstract new (...args: never[]) => E,
  ): Promise<E> {
    const error = await factory.failed;
    this.assertIsInstance(error, expected);
    return error as E;
  }
}

export class ConnectorTests extends TestCase {
  test_stopConnecting_reports_at_once() {
    const factory = new OneClientFactory(recorder);
    const connector = reactor.connectTCP(NOWHERE, 1, factory);
    this.assertEqual(connector.state, 'connecting');
    this.assertRaises(Error, () => connector.connect());

    connector.stopConnecting();

    this.assertIsInstance(this.successResultOf(factory.failed), ConnectingCancelledError);
    this.assertRaises(NotConnectingError, () => connector.stopConnecting());
    this.assertEqual(factory.events, ['start', 'connecting:connecting', 'failed:disconnected', 'stop']);
  }

  test_disconnect_ends_an_attempt_as_well() {
    const factory = new OneClientFactory(recorder);

    reactor.connectTCP(NOWHERE, 1, factory).disconnect();

    this.assertIsInstance(this.successResultOf(factory.failed), ConnectingCancelledError);
  }

  test_startedConnecting_may_stop_it() {
    const failed: unknown[] = [];
    class Hesitant extends ClientFactory {
      override startedConnecting(connector: ConnectorLike) {
        connector.stopConnecting();
      }
      override clientConnectionFailed(_connector: ConnectorLike, reason: { value: unknown }) {
        failed.push(reason.value);
      }
    }

    const connector = reactor.connectTCP('127.0.0.1', 1, new Hesitant());

    this.assertEqual(connector.state, 'disconnected');
    this.assertIsInstance(failed[0], ConnectingCancelledError);
  }

  async test_a_name_that_is_being_looked_up_can_be_given_up() {
    const factory = new OneClientFactory(recorder);
    const connector = reactor.connectTCP('localhost', 1, factory);

    connector.stopConnecting();

    this.assertEqual(reactor.selectables.size, 0);
    for (let turns = 0; turns < 5; turns++) await turn();
    this.assertEqual(factory.events.filter((event) => event.startsWith('failed')).length, 1);
  }

  async test_the_factory_may_connect_again_when_the_connection_is_lost() {
    const serverFactory = new (class extends ServerFactory {
      override noisy = false;
      override buildProtocol() {
        return new (class extends Recorder {
          override connectionMade() {
            this.transport.loseConnection();
          }
        })();
      }
    })();
    const port = reactor.listenTCP(0, serverFactory, { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    const events: string[] = [];
    const done = new Deferred<void>();
    class Stubborn extends ClientFactory {
      override startFactory() {
        events.push('start');
      }
      override stopFactory() {
        events.push('stop');
        done.callback();
      }
      override buildProtocol() {
        return new Recorder();
      }
      override clientConnectionLost(connector: ConnectorLike) {
        events.push('lost');
        if (events.length < 4) connector.connect();
      }
    }

    reactor.connectTCP('127.0.0.1', port.getHost().port, new Stubborn());

    await done;
    this.assertEqual(events, ['start', 'lost', 'lost', 'lost', 'stop']);
    while (reactor.selectables.size > 1) await turn();
  }

  async test_the_factory_may_connect_again_when_connecting_has_failed() {
    const events: string[] = [];
    const done = new Deferred<void>();
    const port = await unusedPort();
    class Stubborn extends ClientFactory {
      override clientConnectionFailed(connector: ConnectorLike) {
        events.push('failed');
        if (events.length < 3) connector.connect();
      }
      override stopFactory() {
        events.push('stop');
        done.callback();
      }
    }

    reactor.connectTCP('127.0.0.1', port, new Stubborn());

    await done;
    this.assertEqual(events, ['failed', 'failed', 'failed', 'stop']);
  }

  test_a_connector_that_has_stopped_its_factory_starts_it_again() {
    const factory = new OneClientFactory(recorder);
    const connector = reactor.connectTCP(NOWHERE, 1, factory);
    connector.stopConnecting();
    this.assertEqual(factory.numPorts, 0);
    factory.clientConnectionFailed = () => {};

    connector.connect();
    this.assertEqual(factory.numPorts, 1);
    connector.stopConnecting();

    this.assertEqual(
      factory.events.filter((event) => event === 'start' || event === 'stop').join(),
      'start,stop,start,stop',
    );
  }

  async test_what_the_factory_throws_is_logged() {
    class Broken extends ClientFactory {
      override clientConnectionFailed() {
        throw new RangeError('broken');
      }
    }
    const factory = new Broken();
    const connector = reactor.connectTCP(NOWHERE, 1, factory);

    connector.stopConnecting();

    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
    this.assertEqual(factory.numPorts, 0);
    await turn();
  }
}
