import { TestCase } from 'txtrial';
import {
  type Address,
  Clock,
  ConnectError,
  type ConnectorLike,
  Failure,
  IPv4Address,
  NotConnectingError,
  Protocol,
  ReconnectingClientFactory,
  reactor,
  ServerFactory,
} from 'txtrial/internet';
import { OneServerFactory, Recorder, turn } from '../support/connections.js';

const reason = new Failure(new ConnectError('gone'));

/** Remembers what it was asked to do. */
class FakeConnector implements ConnectorLike<Address> {
  state: ConnectorLike['state'] = 'disconnected';
  readonly asked: string[] = [];

  connect(): void {
    this.asked.push('connect');
    this.state = 'connecting';
  }
  disconnect(): void {
    this.asked.push('disconnect');
  }
  stopConnecting(): void {
    if (this.state !== 'connecting') throw new NotConnectingError('not connecting');
    this.asked.push('stopConnecting');
  }
  getDestination(): Address {
    return new IPv4Address('TCP', '127.0.0.1', 1);
  }
  toString(): string {
    return 'CONNECTOR';
  }
}

function steady(clock: Clock): ReconnectingClientFactory {
  const factory = new ReconnectingClientFactory();
  factory.clock = clock;
  factory.jitter = null;
  factory.noisy = false;
  return factory;
}

export class ReconnectingClientFactoryTests extends TestCase {
  readonly clock = new Clock();
  readonly connector = new FakeConnector();
  readonly factory = steady(this.clock);

  test_begins_with_the_documented_figures() {
    const { delay, initialDelay, maxDelay, factor, jitter, retries, maxRetries, continueTrying } =
      new ReconnectingClientFactory();
    this.assertEqual(
      [delay, initialDelay, maxDelay, factor, jitter, retries, maxRetries, continueTrying],
      [1, 1, 3600, Math.E, 0.119626565582, 0, null, true],
    );
  }

  test_waits_longer_each_time_up_to_the_most() {
    const waits: number[] = [];
    for (let i = 0; i < 10; i++) {
      if (i % 2 === 0) this.factory.clientConnectionFailed(this.connector, reason);
      else this.factory.clientConnectionLost(this.connector, reason);
      const before = this.clock.seconds();
      const [call] = this.clock.getDelayedCalls();
      waits.push((call?.getTime() ?? Number.NaN) - before);
      this.clock.advance(this.factory.delay);
    }

    // Asked of Twisted 22.4.
    const expected = [Math.E, 7.389, 20.086, 54.598, 148.413, 403.429, 1096.633, 2980.958, 3600, 3600];
    this.assertEqual(
      waits.map((wait) => wait.toFixed(3)),
      expected.map((wait) => wait.toFixed(3)),
    );
    this.assertEqual(this.factory.retries, 10);
    this.assertEqual(
      this.connector.asked,
      expected.map(() => 'connect'),
    );
  }

  test_jitter_varies_the_wait() {
    this.factory.jitter = 0.1;
    this.factory.factor = 1;
    const waits: number[] = [];
    for (let i = 0; i < 2000; i++) {
      this.factory.delay = 100;
      this.factory.retry(this.connector);
      waits.push(this.factory.delay);
      this.clock.advance(1000);
    }

    const mean = waits.reduce((sum, wait) => sum + wait) / waits.length;
    const deviation = Math.sqrt(waits.reduce((sum, wait) => sum + (wait - mean) ** 2, 0) / waits.length);
    // Ten times as far off as chance has it.
    this.assertApproximates(mean, 100, 2.5);
    this.assertApproximates(deviation, 10, 1.6);
  }

  test_gives_up_after_the_most_retries() {
    this.factory.maxRetries = 2;
    for (let i = 0; i < 3; i++) {
      this.factory.clientConnectionFailed(this.connector, reason);
      this.clock.advance(3600);
    }

    this.assertEqual(this.connector.asked, ['connect', 'connect']);
    this.assertEqual(this.factory.retries, 3);
  }

  test_resetDelay_begins_anew() {
    this.factory.clientConnectionLost(this.connector, reason);
    this.factory.stopTrying();
    this.factory.resetDelay();

    this.assertEqual([this.factory.delay, this.factory.retries, this.factory.continueTrying], [1, 0, true]);
    this.factory.retry();
    this.clock.advance(Math.E);
    this.assertEqual(this.connector.asked, ['connect']);
  }

  test_stopTrying_ends_the_wait() {
    this.factory.clientConnectionLost(this.connector, reason);

    this.factory.stopTrying();

    this.assertEqual(this.clock.getDelayedCalls(), []);
    this.factory.clientConnectionLost(this.connector, reason);
    this.factory.retry(this.connector);
    this.assertEqual(this.clock.getDelayedCalls(), []);
    this.assertFalse(this.factory.continueTrying);
  }

  test_stopTrying_ends_an_attempt() {
    this.factory.clientConnectionFailed(this.connector, reason);
    this.clock.advance(3);

    this.factory.stopTrying();

    this.assertEqual(this.connector.asked, ['connect', 'stopConnecting']);
  }

  test_stopTrying_before_the_first_connection() {
    this.factory.stopTrying();

    this.assertFalse(this.factory.continueTrying);
  }

  test_retry_needs_a_connector() {
    this.assertRaises(TypeError, () => this.factory.retry());
  }

  async test_connects_again_to_a_server_that_comes_back() {
    const serverFactory = new OneServerFactory(() => new Recorder());
    const port = reactor.listenTCP(0, ServerFactory.forProtocol(Dismissive), { interface: '127.0.0.1' });
    const address = port.getHost();
    const factory = ReconnectingClientFactory.forProtocol(Recorder);
    Object.assign(factory, { noisy: false, initialDelay: 0.001, delay: 0.001, maxDelay: 0.01 });
    reactor.connectTCP('127.0.0.1', address.port, factory);
    while (factory.retries < 2) await turn();
    await port.stopListening();
    const { retries } = factory;
    while (factory.retries < retries + 2) await turn();

    const again = reactor.listenTCP(address.port, serverFactory, { interface: '127.0.0.1' });
    const server = await serverFactory.built;
    factory.stopTrying();

    server.transport.loseConnection();
    await server.lost;
    await again.stopListening();
    while (factory.numPorts > 0) await turn();
    this.assertEqual(reactor.getDelayedCalls(), []);
  }
}

class Dismissive extends Protocol {
  override connectionMade(): void {
    this.transport.loseConnection();
  }
}
