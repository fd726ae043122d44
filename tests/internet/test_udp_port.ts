import { TestCase } from 'txtrial';
import {
  CannotListenError,
  DatagramProtocol,
  Deferred,
  type InternetAddress,
  IPv4Address,
  NodeReactor,
  reactor,
  type UDPPort,
} from 'txtrial/internet';
import { turn } from '../support/connections.js';

class Recorder extends DatagramProtocol {
  override noisy = false;
  readonly events: string[] = [];
  readonly refused = new Deferred<void>();
  #waiting: Deferred<{ readonly data: string; readonly address: InternetAddress }> | undefined;

  override startProtocol() {
    this.events.push('start');
  }

  override stopProtocol() {
    this.events.push('stop');
  }

  override datagramReceived(data: Buffer, address: InternetAddress) {
    this.events.push(data.toString());
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.callback({ data: data.toString(), address });
  }

  override connectionRefused() {
    if (!this.refused.called) this.refused.callback();
  }

  /** The next datagram that comes. */
  next() {
    this.#waiting = new Deferred();
    return this.#waiting;
  }
}

export class UDPPortTests extends TestCase {
  listen(protocol: DatagramProtocol, options: { readonly maxPacketSize?: number } = {}): UDPPort {
    const port = reactor.listenUDP(0, protocol, { interface: '127.0.0.1', ...options });
    this.addCleanup(() => port.stopListening());
    return port;
  }

  test_is_bound_when_it_returns() {
    const protocol = new Recorder();

    const port = this.listen(protocol);

    const address = port.getHost();
    this.assertEqual(address, new IPv4Address('UDP', '127.0.0.1', address.port));
    this.assertGreater(address.port, 0);
    this.assertEqual(String(port), `<UDP port of Recorder on ${address}>`);
    this.assertIdentical(protocol.transport, port);
    this.assertEqual(protocol.events, ['start']);
  }

  test_a_port_in_use_is_an_error_of_the_call() {
    const port = this.listen(new Recorder());
    const protocol = new Recorder();

    const error = this.assertRaises(CannotListenError, () =>
      reactor.listenUDP(port.getHost().port, protocol, { interface: '127.0.0.1' }),
    );

    this.assertEqual((error.cause as { code?: string }).code, 'EADDRINUSE');
    this.assertEqual(protocol.events, []);
    this.assertRaises(CannotListenError, () => reactor.listenUDP(-1, protocol));
    this.assertRaises(CannotListenError, () => reactor.listenUDP(0, protocol, { interface: '192.0.2.1' }));
  }

  async test_datagrams_go_both_ways() {
    const server = new Recorder();
    const client = new Recorder();
    const serverPort = this.listen(server);
    this.listen(client);
    const question = server.next();
    const answer = client.next();

    client.transport.write('question', serverPort.getHost());
    const { data, address } = await question;
    this.assertEqual([data, address], ['question', client.transport.getHost()]);
    server.transport.writeSequence(['ans', Buffer.from('wer')], address);

    this.assertEqual(await answer, { data: 'answer', address: serverPort.getHost() });
  }

  async test_a_connected_port_needs_no_address_and_hears_of_refusals() {
    const server = new Recorder();
    const client = new Recorder();
    const serverPort = this.listen(server);
    const port = this.listen(client);
    const { host, port: number } = serverPort.getHost();
    port.connect(host, number);
    this.assertRaises(Error, () => port.connect(host, number));
    this.assertRaises(Error, () => port.write('elsewhere', { host, port: 1 }));
    const received = server.next();

    port.write('hello');
    this.assertEqual((await received).data, 'hello');
    await serverPort.stopListening();
    port.write('anybody there?');

    await client.refused;
  }

  test_refuses_what_can_not_be_sent() {
    const port = this.listen(new Recorder());

    this.assertRaises(TypeError, () => port.write('without an address'));
    this.assertRaises(TypeError, () => port.write('by name', { host: 'localhost', port: 1 }));
    this.assertRaises(TypeError, () => port.write('IPv6', { host: '::1', port: 1 }));
    this.assertRaises(RangeError, () => port.write(Buffer.alloc(65508), { host: '127.0.0.1', port: 1 }));
  }

  async test_long_datagrams_are_cut() {
    const server = new Recorder();
    const serverPort = this.listen(server, { maxPacketSize: 4 });
    const received = server.next();

    this.listen(new Recorder()).write('0123456789', serverPort.getHost());

    this.assertEqual((await received).data, '0123');
  }

  async test_what_datagramReceived_throws_is_logged_and_the_port_goes_on() {
    const server = new Recorder();
    const port = this.listen(server);
    const { datagramReceived } = Recorder.prototype;
    const seen = server.next();
    server.datagramReceived = (data, address) => {
      datagramReceived.call(server, data, address);
      throw new RangeError('broken');
    };

    port.write('one', port.getHost());
    await seen;
    const again = server.next();
    port.write('two', port.getHost());
    await again;

    await turn();
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 2);
  }

  async test_the_protocol_hears_when_the_port_is_closed_and_can_be_opened_again() {
    const protocol = new Recorder();
    const port = this.listen(protocol);

    const closed = port.stopListening();
    this.assertNoResult(closed);
    await closed;
    await port.stopListening();
    this.assertEqual(protocol.events, ['start', 'stop']);
    this.assertRaises(Error, () => port.getHost());
    this.assertRaises(Error, () => port.write('x', { host: '127.0.0.1', port: 1 }));

    port.startListening();
    this.assertRaises(Error, () => port.startListening());
    this.assertEqual(protocol.events, ['start', 'stop', 'start']);
  }

  async test_nothing_is_received_before_the_run() {
    const other = new NodeReactor();
    const protocol = new Recorder();
    const port = other.listenUDP(0, protocol, { interface: '127.0.0.1' });
    this.listen(new Recorder()).write('early', port.getHost());
    for (let turns = 0; turns < 5; turns++) await turn();
    this.assertEqual(protocol.events, ['start']);
    protocol.next().addCallback(() => other.stop());

    await other.run({ installSignalHandlers: false });

    this.assertEqual(protocol.events, ['start', 'early', 'stop']);
  }

  test_removeAll_closes_it_and_says_where_it_was() {
    const protocol = new Recorder();
    const port = this.listen(protocol);
    const shown = String(port);

    const removed = reactor.removeAll();

    this.assertEqual(removed.map(String), [shown]);
    this.assertEqual(protocol.events, ['start']);
  }
  test_one_that_removeAll_has_closed_is_connected_to_nobody_when_it_is_opened_again() {
    const port = this.listen(new Recorder());
    port.connect('127.0.0.1', port.getHost().port);
    reactor.removeAll();

    port.startListening();

    this.assertRaisesRegex(TypeError, /without an address/, () => port.write('to nobody'));
  }
}
