import { existsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestCase } from 'txtrial';
import {
  CannotListenError,
  ConnectError,
  ConnectionDone,
  ConnectionRefusedError,
  reactor,
  ServerFactory,
  UNIXAddress,
} from 'txtrial/internet';
import { OneClientFactory, OneServerFactory, Recorder } from '../support/connections.js';

const recorder = (): Recorder => new Recorder();
let paths = 0;

export class UNIXSocketTests extends TestCase {
  // Not mktemp: a socket's path is limited to about a hundred bytes, wherever the tests run.
  readonly path = join(tmpdir(), `txtrial-${process.pid}-${paths++}.sock`);

  async connect(path: string) {
    const serverFactory = new OneServerFactory(recorder);
    const port = reactor.listenUNIX(path, serverFactory);
    this.addCleanup(() => port.stopListening());
    const clientFactory = new OneClientFactory(recorder);
    const connector = reactor.connectUNIX(path, clientFactory);
    return { port, connector, clientFactory, client: await clientFactory.connected, server: await serverFactory.built };
  }

  async test_data_goes_both_ways_and_the_end_is_clean() {
    const { client, server, clientFactory, connector } = await this.connect(this.path);

    client.transport.write('question');
    this.assertEqual(await server.received(8), 'question');
    server.transport.write('answer');
    server.transport.loseConnection();

    this.assertIsInstance(await client.lost, ConnectionDone);
    this.assertIsInstance(await server.lost, ConnectionDone);
    this.assertEqual(client.text, 'answer');
    await clientFactory.lost;
    this.assertEqual(connector.state, 'disconnected');
  }

  async test_knows_its_addresses() {
    const { port, connector, client, server } = await this.connect(this.path);
    const address = new UNIXAddress(this.path);

    this.assertEqual([port.getHost(), connector.getDestination()], [address, address]);
    this.assertEqual([server.transport.getHost(), client.transport.getPeer()] as unknown[], [address, address]);
    this.assertEqual(
      [String(port), String(server.transport), String(client.transport)],
      [
        `<Port of OneServerFactory on unix:${this.path}>`,
        `<Recorder server connection from unix: on unix:${this.path}>`,
        `<Recorder client connection to unix:${this.path} from unix:>`,
      ],
    );

    client.transport.abortConnection();
    await client.lost;
    await server.lost;
  }

  async test_the_file_is_there_while_the_port_is_open() {
    const port = reactor.listenUNIX(this.path, new ServerFactory(), { mode: 0o600 });
    this.assertEqual(statSync(this.path).mode & 0o777, 0o600);

    await port.stopListening();
    this.assertFalse(existsSync(this.path));

    port.startListening();
    this.assertTrue(existsSync(this.path));
    await port.stopListening();
  }

  test_a_path_in_use_is_an_error_of_the_call() {
    const path = this.mktemp();
    writeFileSync(path, '');

    const error = this.assertRaises(CannotListenError, () => reactor.listenUNIX(path, new ServerFactory()));

    this.assertEqual(error.port, path);
    this.assertEqual(error.message, `Cannot listen on ${path}: address already in use.`);
  }

  async test_a_path_that_can_not_be_used() {
    for (const path of ['/no/such/folder/sock', 'x'.repeat(200)]) {
      this.assertRaises(CannotListenError, () => reactor.listenUNIX(path, new ServerFactory()));
      const factory = new OneClientFactory(recorder);
      reactor.connectUNIX(path, factory);
      this.assertIsInstance(await factory.failed, ConnectError);
    }
  }

  async test_nobody_listens() {
    const port = reactor.listenUNIX(this.path, new ServerFactory());
    await port.stopListening();
    const factory = new OneClientFactory(recorder);

    reactor.connectUNIX(this.path, factory);

    const error = await factory.failed;
    this.assertIsInstance(error, ConnectError);
    this.assertNotIsInstance(error, ConnectionRefusedError);
    this.assertSubstring('ENOENT', String(error));
  }

  async test_a_name_in_the_abstract_namespace() {
    if (process.platform !== 'linux') this.skipTest('only Linux has abstract names');

    const { client, server } = await this.connect(`\0txtrial-${process.pid}`);

    client.transport.loseConnection();
    await client.lost;
    await server.lost;
  }
}
