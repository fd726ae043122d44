import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { connect, isIPv6, type Socket } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { TestCase } from 'txtrial';
import {
  CannotListenError,
  Deferred,
  type Failure,
  IPv4Address,
  IPv6Address,
  Protocol,
  reactor,
  ServerFactory,
} from 'txtrial/internet';
import { connected, OneServerFactory, Recorder, turn } from '../support/connections.js';

const hasIPv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => isIPv6(address)));

/** A raw client, so that only the server's end is this package's. */
function rawClient(test: TestCase, port: number, host = '127.0.0.1'): Socket {
  const socket = connect(port, host).on('error', () => {});
  const closed = once(socket, 'close').catch(() => {});
  test.addCleanup(() => {
    socket.destroy();
    return closed;
  });
  return socket;
}

export class ListenTests extends TestCase {
  async test_is_bound_when_it_returns() {
    const port = reactor.listenTCP(0, ServerFactory.forProtocol(Protocol), { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());

    const address = port.getHost();

    this.assertIsInstance(address, IPv4Address);
    this.assertEqual([address.type, address.host], ['TCP', '127.0.0.1']);
    this.assertGreater(address.port, 0);
    this.assertEqual(String(port), `<Port of ServerFactory on 127.0.0.1:${address.port}>`);
    const socket = rawClient(this, address.port);
    await once(socket, 'connect');
  }

  test_a_port_in_use_is_an_error_of_the_call() {
    const port = reactor.listenTCP(0, new ServerFactory(), { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    const factory = new ServerFactory();

    const error = this.assertRaises(CannotListenError, () =>
      reactor.listenTCP(port.getHost().port, factory, { interface: '127.0.0.1' }),
    );

    this.assertEqual([error.interface, error.port], ['127.0.0.1', port.getHost().port]);
    this.assertEqual((error.cause as { code?: string }).code, 'EADDRINUSE');
    this.assertEqual(factory.numPorts, 0);
  }

  test_a_port_or_an_interface_that_is_none_is_an_error_of_the_call() {
    for (const port of [-1, 65536, 1.5, Number.NaN]) {
      this.assertRaises(CannotListenError, () => reactor.listenTCP(port, new ServerFactory()));
    }
    for (const iface of ['192.0.2.1', 'no-such-host.invalid']) {
      this.assertRaises(CannotListenError, () => reactor.listenTCP(0, new ServerFactory(), { interface: iface }));
    }
  }

  async test_the_interface_may_be_left_out_or_named() {
    for (const [iface, host] of [
      ['', '0.0.0.0'],
      ['localhost', '127.0.0.1'],
      [hostname(), undefined],
    ] as const) {
      const port = reactor.listenTCP(0, ServerFactory.forProtocol(Protocol), { interface: iface });
      this.addCleanup(() => port.stopListening());
      if (host !== undefined) this.assertEqual(port.getHost().host, host);
      const socket = rawClient(this, port.getHost().port, host === undefined ? port.getHost().host : '127.0.0.1');
      await once(socket, 'connect');
    }
  }

  async test_IPv6() {
    if (!hasIPv6) this.skipTest('this machine has no IPv6');
    for (const iface of ['::', '::1']) {
      const factory = new OneServerFactory(() => new Recorder());
      const port = reactor.listenTCP(0, factory, { interface: iface });
      this.addCleanup(() => port.stopListening());
      this.assertEqual(port.getHost(), new IPv6Address('TCP', iface, port.getHost().port));
      const socket = rawClient(this, port.getHost().port, '::1');

      const server = await factory.built;

      this.assertEqual(server.transport.getPeer(), new IPv6Address('TCP', '::1', socket.localPort ?? 0));
      socket.end();
      await server.lost;
    }
  }

  async test_connections_wait_while_the_loop_is_busy() {
    const factory = new OneServerFactory(() => new Recorder());
    const port = reactor.listenTCP(0, factory, { interface: '127.0.0.1', backlog: 10 });
    this.addCleanup(() => port.stopListening());
    const sockets = Array.from({ length: 10 }, () => rawClient(this, port.getHost().port));

    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const server = await factory.built;

    for (const socket of sockets) socket.end();
    await server.lost;
    await Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));
  }
}

export class StopListeningTests extends TestCase {
  async test_fires_when_the_port_is_closed_and_connections_go_on() {
    const { port, server, client } = await connected(
      this,
      () => new Recorder(),
      () => new Recorder(),
    );
    const { port: number } = port.getHost();

    await port.stopListening();

    this.assertRaises(Error, () => port.getHost());
    this.assertEqual(String(port), '<Port of OneServerFactory (not listening)>');
    client.transport.write('still here');
    this.assertEqual(await server.received(10), 'still here');
    const again = reactor.listenTCP(number, new ServerFactory(), { interface: '127.0.0.1' });
    await again.stopListening();
  }

  async test_fires_in_a_later_turn_and_for_everybody_who_asked() {
    const port = reactor.listenTCP(0, new ServerFactory(), { interface: '127.0.0.1' });

    const first = port.stopListening();
    const second = port.stopListening();

    this.assertNoResult(first);
    await first;
    await second;
    await port.stopListening();
  }

  async test_the_port_can_be_opened_again() {
    const factory = new OneServerFactory(() => new Recorder());
    const port = reactor.listenTCP(0, factory, { interface: '127.0.0.1' });
    this.assertRaises(Error, () => port.startListening());
    await port.stopListening();
    this.assertEqual(factory.numPorts, 0);

    port.startListening();

    this.addCleanup(() => port.stopListening());
    this.assertEqual(factory.numPorts, 1);
    const socket = rawClient(this, port.getHost().port);
    const server = await factory.built;
    socket.end();
    await server.lost;
  }

  async test_the_factory_is_started_and_stopped_with_its_ports() {
    const events: string[] = [];
    class Counting extends ServerFactory {
      override startFactory() {
        events.push('start');
      }
      override stopFactory() {
        events.push('stop');
      }
    }
    const factory = new Counting();
    const ports = [1, 2].map(() => reactor.listenTCP(0, factory, { interface: '127.0.0.1' }));
    this.assertEqual([events, factory.numPorts], [['start'], 2]);

    await ports[0]?.stopListening();
    this.assertEqual(events, ['start']);
    await ports[1]?.stopListening();

    this.assertEqual(events, ['start', 'stop']);
  }

  async test_what_stopFactory_throws_is_the_result() {
    class Broken extends ServerFactory {
      override stopFactory() {
        throw new RangeError('broken');
      }
    }
    const port = reactor.listenTCP(0, new Broken(), { interface: '127.0.0.1' });

    await this.assertFailure(port.stopListening(), RangeError);
  }
}

export class AcceptTests extends TestCase {
  async test_protocols_know_both_ends() {
    const { port, server, client } = await connected(
      this,
      () => new Recorder(),
      () => new Recorder(),
    );

    this.assertEqual(server.transport.getHost(), port.getHost());
    this.assertEqual(client.transport.getPeer(), port.getHost());
    this.assertEqual(server.transport.getPeer(), client.transport.getHost());
    this.assertEqual(
      String(server.transport),
      `<Recorder server connection from ${client.transport.getHost()} on ${port.getHost()}>`,
    );
  }

  async test_on_every_interface_the_host_is_the_address_that_was_connected_to() {
    const factory = new OneServerFactory(() => new Recorder());
    const port = reactor.listenTCP(0, factory);
    this.addCleanup(() => port.stopListening());
    const socket = rawClient(this, port.getHost().port);

    const server = await factory.built;

    this.assertEqual(server.transport.getHost(), new IPv4Address('TCP', '127.0.0.1', port.getHost().port));
    socket.end();
    await server.lost;
  }

  async test_no_protocol_closes_the_connection() {
    class Refusing extends ServerFactory {
      override buildProtocol() {
        return null;
      }
    }
    const port = reactor.listenTCP(0, new Refusing(), { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    const socket = rawClient(this, port.getHost().port);

    await once(socket.resume(), 'end');
  }

  async test_what_buildProtocol_throws_is_logged_and_the_port_goes_on() {
    let builds = 0;
    const server = new Recorder();
    class Broken extends ServerFactory {
      override buildProtocol() {
        builds++;
        if (builds === 1) throw new RangeError('broken');
        return server;
      }
    }
    const port = reactor.listenTCP(0, new Broken(), { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    await once(rawClient(this, port.getHost().port).resume(), 'close');

    rawClient(this, port.getHost().port).end();

    await server.lost;
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
  }

  async test_callbacks_run_in_the_async_context_of_listenTCP() {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const over = new Deferred<void>();
    class Watching extends Protocol {
      override connectionMade() {
        seen.push(storage.getStore());
      }
      override dataReceived() {
        seen.push(storage.getStore());
      }
      override connectionLost(_reason: Failure) {
        seen.push(storage.getStore());
        over.callback();
      }
    }
    const port = storage.run('listener', () =>
      reactor.listenTCP(0, ServerFactory.forProtocol(Watching), { interface: '127.0.0.1' }),
    );
    this.addCleanup(() => port.stopListening());

    storage.run('somebody else', () => rawClient(this, port.getHost().port).end('data'));

    await over;
    this.assertEqual(seen, ['listener', 'listener', 'listener']);
    await turn();
  }
}
