import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestCase } from 'txtrial';
import { ClientCreator, ConnectError, ConnectingCancelledError, reactor, ServerFactory } from 'txtrial/internet';
import { OneServerFactory, Recorder } from '../support/connections.js';

class Named extends Recorder {
  readonly poem: string;

  constructor(poem: string) {
    super();
    this.poem = poem;
  }
}

export class ClientCreatorTests extends TestCase {
  async test_connects_over_TCP() {
    const factory = new OneServerFactory(() => new Recorder());
    const port = reactor.listenTCP(0, factory, { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());

    const client = await new ClientCreator(reactor, Named, 'ecstasy').connectTCP('127.0.0.1', port.getHost().port);

    this.assertEqual([client.poem, client.events], ['ecstasy', ['made']]);
    client.transport.write('hello');
    const server = await factory.built;
    this.assertEqual(await server.received(5), 'hello');
    client.transport.loseConnection();
    await client.lost;
    await server.lost;
  }

  async test_connects_over_a_UNIX_socket() {
    const path = join(tmpdir(), `txtrial-creator-${process.pid}.sock`);
    const factory = new OneServerFactory(() => new Recorder());
    const port = reactor.listenUNIX(path, factory);
    this.addCleanup(() => port.stopListening());

    const client = await new ClientCreator(reactor, Recorder).connectUNIX(path);

    client.transport.loseConnection();
    await client.lost;
    await (await factory.built).lost;
  }

  async test_fails_when_nobody_listens() {
    const port = reactor.listenTCP(0, new ServerFactory(), { interface: '127.0.0.1' });
    const { port: number } = port.getHost();
    await port.stopListening();

    await this.assertFailure(new ClientCreator(reactor, Recorder).connectTCP('127.0.0.1', number), ConnectError);
  }

  async test_a_cancel_ends_the_attempt() {
    const attempt = new ClientCreator(reactor, Recorder).connectTCP('192.0.2.1', 1, { timeout: 5 });

    attempt.cancel();

    await this.assertFailure(attempt, ConnectingCancelledError);
  }
}
