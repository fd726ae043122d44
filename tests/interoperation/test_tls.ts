import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TestCase } from 'txtrial';
import { ConnectionDone, reactor } from 'txtrial/internet';
import { OneClientFactory, OneServerFactory, Recorder } from '../support/connections.js';
import { missing, noTwisted, python3, startPython3 } from '../support/foreign.js';
import { run } from '../support/poetry.js';
import { identity, tlsFile, trusting } from '../support/tls.js';

const script = fileURLToPath(new URL('../fixtures/interoperation/tls.py', import.meta.url));
const SECRET = 'A Poem'.repeat(10_000);

/** Answers with a poem and closes. */
class Poet extends Recorder {
  override dataReceived(data: Buffer) {
    super.dataReceived(data);
    if (this.text === 'STARTTLS\n') {
      this.transport.write('READY\n');
      this.transport.startTLS(identity('server'));
    } else if (this.text.endsWith('please')) {
      this.transport.write(SECRET);
      this.transport.loseConnection();
    }
  }
}

function noTwistedTLS(): string | null {
  if (noTwisted !== null) return noTwisted;
  const program = 'import OpenSSL, service_identity';
  const { status } = spawnSync('/usr/bin/python3', ['-c', program], { stdio: 'ignore' });
  return status === 0 ? null : 'Twisted lacks TLS here (apt-get install python3-openssl python3-service-identity)';
}

export class TwistedTLSTests extends TestCase {
  static skip = noTwistedTLS();

  async test_its_client() {
    const factory = new OneServerFactory(() => new Poet());
    const port = reactor.listenSSL(0, factory, identity('server'), { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());

    const { stdout } = await python3(script, 'get', String(port.getHost().port), tlsFile('ca.pem'));

    this.assertEqual(stdout, 'ConnectionDone 60000 A Poem\n');
    this.assertIsInstance(await (await factory.built).lost, ConnectionDone);
  }

  async test_its_client_that_starts_in_the_clear() {
    const factory = new OneServerFactory(() => new Poet());
    const port = reactor.listenTCP(0, factory, { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());

    const { stdout } = await python3(script, 'upgrade', String(port.getHost().port), tlsFile('ca.pem'));

    this.assertEqual(stdout, 'ConnectionDone 60000 A Poem\n');
    this.assertIsInstance(await (await factory.built).lost, ConnectionDone);
  }

  async test_its_server() {
    const { port } = await startPython3(this, script, 'serve', tlsFile('server.key'), tlsFile('server.pem'));
    const factory = new OneClientFactory(() => new Recorder());

    reactor.connectSSL('127.0.0.1', Number(port), factory, trusting);
    const client = await factory.connected;
    await client.received(SECRET.length);
    client.transport.write('thanks');

    this.assertIsInstance(await client.lost, ConnectionDone);
    this.assertEqual(client.text, SECRET);
  }
}

export class OpenSSLTests extends TestCase {
  static skip = missing('openssl', 'openssl');

  async test_s_client() {
    const factory = new OneServerFactory(() => new Poet());
    const port = reactor.listenSSL(0, factory, identity('server'), { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    const to = `127.0.0.1:${port.getHost().port}`;
    const options = ['-quiet', '-verify_return_error', '-CAfile', tlsFile('ca.pem'), '-connect', to];

    const { stdout } = await run('sh', ['-c', 'printf please | openssl s_client "$@"', 'sh', ...options]);

    this.assertEqual(stdout, SECRET);
    await (await factory.built).lost;
  }
}
