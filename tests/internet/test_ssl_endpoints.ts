import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { TestCase } from 'txtrial';
import { clientFromString, connectProtocol, Factory, reactor, SSLError, serverFromString } from 'txtrial/internet';
import { MemoryReactor } from 'txtrial/testing';
import { OneServerFactory, Recorder } from '../support/connections.js';
import { identity, tlsFile } from '../support/tls.js';

const SERVER = `privateKey=${tlsFile('server.key')}:certKey=${tlsFile('server.pem')}`;

export class SSLEndpointTests extends TestCase {
  /** Listens as the text says; returns the port's number, and what comes in. */
  async #listen(description: string) {
    const factory = new OneServerFactory(() => new Recorder());
    const port = await serverFromString(reactor, description).listen(factory);
    this.addCleanup(() => port.stopListening());
    const address = port.getHost();
    if (!('port' in address)) throw new Error(`no port: ${address}`);
    return { number: address.port, factory };
  }

  async #talk(client: string, factory: OneServerFactory<Recorder>) {
    const protocol = await connectProtocol(clientFromString(reactor, client), new Recorder());
    protocol.transport.write('secret');
    const server = await factory.built;
    this.assertEqual(await server.received(6), 'secret');
    const subject = protocol.transport.getPeerCertificate()?.subject;
    protocol.transport.loseConnection();
    await protocol.lost;
    await server.lost;
    return subject;
  }

  override setUp() {
    mkdirSync('roots', { recursive: true });
    copyFileSync(tlsFile('ca.pem'), 'roots/ca.pem');
    writeFileSync('roots/README', 'no certificate');
    const { key, cert } = identity('server');
    writeFileSync('server.pem', Buffer.concat([key, cert]));
  }

  async test_ssl() {
    const { number, factory } = await this.#listen(`ssl:0:${SERVER}:interface=127.0.0.1:backlog=5`);

    const subject = await this.#talk(`ssl:127.0.0.1:${number}:caCertsDir=roots:hostname=poetry.test`, factory);

    this.assertEqual(subject, 'CN=localhost');
  }

  async test_tls_and_the_key_where_Twisted_looks_for_it() {
    const { number, factory } = await this.#listen('ssl:0:interface=127.0.0.1');
    const own = `certificate=${tlsFile('client.pem')}:privateKey=${tlsFile('client.key')}`;

    await this.#talk(`tls:host=localhost:port=${number}:trustRoots=roots:${own}:timeout=5`, factory);
  }

  async test_a_client_verifies_the_server() {
    const { number } = await this.#listen('ssl:0:interface=127.0.0.1');

    for (const client of [`ssl:127.0.0.1:${number}`, `ssl:127.0.0.1:${number}:caCertsDir=roots:hostname=example.org`]) {
      const d = connectProtocol(clientFromString(reactor, client), new Recorder());

      this.assertIsInstance(await this.assertFailure(d, SSLError), SSLError);
    }
  }

  test_texts_that_are_no_endpoints() {
    const { listenTCP, connectTCP, listenUNIX, connectUNIX } = MemoryReactor.prototype;
    const withoutTLS = { listenTCP, connectTCP, listenUNIX, connectUNIX };
    const cases = [
      [() => serverFromString(reactor, 'ssl:0:privateKey=none.pem'), /its privateKey can not be read: ENOENT/],
      [() => serverFromString(reactor, 'ssl:0:sslmethod=SSLv3_METHOD'), /'sslmethod' has no place in it/],
      [() => clientFromString(reactor, 'ssl:host:443:caCertsDir=nowhere'), /its caCertsDir 'nowhere' is no folder/],
      [() => clientFromString(reactor, 'tls:host'), /its port is missing/],
      [() => clientFromString(withoutTLS, 'tls:host:443'), /this reactor speaks no TLS/],
    ] as const;
    for (const [make, expected] of cases) this.assertRaisesRegex(TypeError, expected, make);
  }

  test_a_text_makes_a_client_with_its_host_and_timeout() {
    const memory = new MemoryReactor();

    clientFromString(memory, 'tls:poetry.example:443:timeout=7').connect(Factory.forProtocol(Recorder));

    const [client] = memory.sslClients;
    this.assertEqual([client?.host, client?.port, client?.timeout], ['poetry.example', 443, 7]);
    this.assertEqual(memory.tcpClients, []);
  }

  async test_a_key_that_is_none_fails_the_listening() {
    writeFileSync('bad.pem', 'no key');

    const d = serverFromString(reactor, 'ssl:0:privateKey=bad.pem').listen(Factory.forProtocol(Recorder));

    await this.assertFailure(d, SSLError);
  }
}
