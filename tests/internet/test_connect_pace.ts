import { connect, type Socket } from 'node:net';
import { TestCase } from 'txtrial';
import { ClientFactory, Deferred, type Failure, Protocol, reactor, ServerFactory } from 'txtrial/internet';

class Greeter extends Protocol {
  override connectionMade() {
    this.transport.write('hello');
    this.transport.loseConnection();
  }
}

/** Many connections that are asked for in one call, before this process can take in any. */
export class ManyAtOnceTests extends TestCase {
  static timeout = 30;

  /** `backlog` as `listenTCP` takes it. */
  #listen(options: { backlog?: number } = {}): number {
    const factory = ServerFactory.forProtocol(Greeter);
    factory.noisy = false;
    const port = reactor.listenTCP(0, factory, { interface: '127.0.0.1', ...options });
    this.addCleanup(() => port.stopListening());
    return port.getHost().port;
  }

  async test_more_than_may_wait_at_the_port_all_get_through() {
    const many = 1000;
    const port = this.#listen({ backlog: 50 });
    const done = new Deferred<void>();
    const problems: Failure[] = [];
    let greeted = 0;
    let over = 0;
    class Greeted extends Protocol {
      override dataReceived() {
        greeted++;
      }
    }
    const factory = ClientFactory.forProtocol(Greeted);
    factory.noisy = false;
    factory.clientConnectionFailed = (_connector, reason) => void problems.push(reason);
    factory.clientConnectionLost = () => {
      if (++over === many) done.callback();
    };

    for (let i = 0; i < many; i++) reactor.connectTCP('127.0.0.1', port, factory);
    await done;

    this.assertEqual(problems, []);
    this.assertEqual(greeted, many);
  }

  async test_one_that_waits_for_its_turn_can_be_stopped() {
    const port = this.#listen();
    const over = new Deferred<void>();
    const outcomes: string[] = [];
    let lost = 0;
    const factory = ClientFactory.forProtocol(Protocol);
    factory.noisy = false;
    factory.clientConnectionFailed = (_connector, reason) => void outcomes.push(reason.type?.name ?? '');
    factory.clientConnectionLost = () => {
      if (++lost === 199) over.callback();
    };
    const connectors = Array.from({ length: 200 }, () => reactor.connectTCP('127.0.0.1', port, factory));

    connectors.at(-1)?.stopConnecting();
    await over;

    this.assertEqual(outcomes, ['ConnectingCancelledError']);
    this.assertEqual(connectors.at(-1)?.state, 'disconnected');
  }

  async test_other_programs_may_come_by_the_thousand() {
    const port = this.#listen();
    const all = new Deferred<void>();
    let greeted = 0;
    const sockets: Socket[] = [];
    this.addCleanup(() => {
      for (const socket of sockets) socket.destroy();
    });

    for (let i = 0; i < 2000; i++) {
      const socket = connect(port, '127.0.0.1');
      socket.on('data', () => {
        if (++greeted === 2000) all.callback();
      });
      sockets.push(socket);
    }
    await all;

    this.assertEqual(greeted, 2000);
  }
}
