import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTLS, createSecureContext } from 'node:tls';
import { TestCase } from 'txtrial';
import {
  CertificateOptions,
  ConnectError,
  ConnectionAborted,
  ConnectionDone,
  ConnectionLost,
  ConnectTimeoutError,
  Deferred,
  optionsForClientTLS,
  type Port,
  race,
  reactor,
  SSLError,
  type TLSOptions,
} from 'txtrial/internet';
import { addObserver, type LogEvent, removeObserver } from 'txtrial/log';
import { TLSLayer } from '../../src/internet/tls_layer.js';
import {
  connected,
  HalfCloseableRecorder,
  OneClientFactory,
  OneServerFactory,
  Recorder,
  turn,
} from '../support/connections.js';
import { identity, overTLS, tlsFile, trusting } from '../support/tls.js';

/** Seconds. */
export const timeout = 10;

const recorder = (): Recorder => new Recorder();
const halfCloseable = (): HalfCloseableRecorder => new HalfCloseableRecorder();
const server = identity('server');
const BIG = Buffer.alloc(8 * 1024 * 1024, 'All changed, changed utterly. ');

/** Listens for one client. */
function listen(test: TestCase, options: TLSOptions, handshakeTimeout = 30) {
  const factory = new OneServerFactory(recorder);
  const port = reactor.listenSSL(0, factory, options, { interface: '127.0.0.1', handshakeTimeout });
  test.addCleanup(() => port.stopListening());
  return { port, factory };
}

/** Connects where it fails, and says why. */
async function failure(port: Port, options: TLSOptions, host = '127.0.0.1', timeout = 30): Promise<Error> {
  const factory = new OneClientFactory(recorder);
  reactor.connectSSL(host, port.getHost().port, factory, options, { timeout });
  const error = await factory.failed;
  if (factory.events.includes('build')) throw new Error('A protocol was built.');
  return error as Error;
}

/** Collects what is logged. */
function logged(test: TestCase): string[] {
  const lines: string[] = [];
  const observer = (event: LogEvent): void => {
    lines.push(String(event.message));
  };
  addObserver(observer);
  test.addCleanup(() => removeObserver(observer));
  return lines;
}

/** A socket that knows nothing of TLS. */
async function plainSocket(test: TestCase, port: Port): Promise<{ socket: Socket; closed: Deferred<void> }> {
  const socket = connectSocket(port.getHost().port, '127.0.0.1');
  const closed = new Deferred<void>();
  socket.on('error', () => {});
  socket.on('close', () => closed.callback());
  test.addCleanup(() => {
    socket.destroy();
    return closed.called ? undefined : closed;
  });
  await new Promise((resolve) => {
    socket.once('connect', resolve);
  });
  return { socket, closed };
}

/** Until the register holds no more than the ports of the test. */
async function allClosedBut(count: number): Promise<void> {
  while (reactor.selectables.size > count) await turn();
}

export class ConnectSSLTests extends TestCase {
  async test_bytes_go_both_ways_and_the_end_is_clean() {
    const ends = await connected(this, recorder, recorder, overTLS(server));

    ends.client.transport.write('é, ');
    ends.server.transport.write(BIG);
    ends.client.transport.write(Buffer.from([0, 255]));
    await ends.server.received(6);
    ends.server.transport.loseConnection();

    this.assertIsInstance(await ends.client.lost, ConnectionDone);
    this.assertIsInstance(await ends.server.lost, ConnectionDone);
    this.assertTrue(ends.client.bytes.equals(BIG));
    this.assertEqual(ends.server.bytes, Buffer.from([0xc3, 0xa9, 0x2c, 0x20, 0, 255]));
    this.assertIsInstance(await ends.clientFactory.lost, ConnectionDone);
  }

  async test_what_a_client_wrote_before_it_closed_arrives() {
    const ends = await connected(this, recorder, recorder, overTLS(server));

    ends.client.transport.write(BIG);
    ends.client.transport.loseConnection();
    ends.client.transport.write('too late');

    this.assertIsInstance(await ends.server.lost, ConnectionDone);
    this.assertIsInstance(await ends.client.lost, ConnectionDone);
    this.assertTrue(ends.server.bytes.equals(BIG));
  }

  async test_a_paused_end_closes_too() {
    const ends = await connected(this, recorder, recorder, overTLS(server));

    ends.client.transport.pauseProducing();
    ends.server.transport.write(BIG);
    ends.client.transport.loseConnection();

    this.assertIsInstance(await ends.client.lost, ConnectionDone);
    await ends.server.lost;
    this.assertEqual(ends.client.events, ['made', 'lost']);
  }

  async test_the_ends_know_each_other() {
    const options = { ...server, ...trusting, requestCert: true, ALPNProtocols: ['poem/2', 'poem/1'] };
    const client = { ...identity('client'), ...trusting, ALPNProtocols: ['poem/1'] };

    const ends = await connected(this, recorder, recorder, overTLS(options, client));

    this.assertEqual(ends.client.transport.getPeerCertificate()?.subject, 'CN=localhost');
    this.assertEqual(ends.server.transport.getPeerCertificate()?.subject, 'CN=a poet');
    this.assertEqual(ends.client.transport.negotiatedProtocol, 'poem/1');
    this.assertEqual(ends.server.transport.negotiatedProtocol, 'poem/1');
    this.assertEqual(ends.client.transport.getPeer().port, ends.port.getHost().port);
    this.assertSubstring('client connection to 127.0.0.1:', String(ends.client.transport));
  }

  async test_without_TLS_there_is_no_certificate() {
    const { client } = await connected(this, recorder, recorder);

    this.assertIdentical(client.transport.getPeerCertificate(), undefined);
    this.assertIdentical(client.transport.negotiatedProtocol, undefined);
  }

  async test_a_client_whose_certificate_nobody_vouches_for_is_sent_away() {
    const lines = logged(this);
    for (const client of [trusting, { ...identity('stranger'), ...trusting }]) {
      const { port, factory } = listen(this, { ...server, ...trusting, requestCert: true });
      const clientFactory = new OneClientFactory(recorder);
      reactor.connectSSL('127.0.0.1', port.getHost().port, clientFactory, client);

      // With TLS 1.3 a client knows only later what the server thinks of it.
      const reason = await race([clientFactory.failed, clientFactory.lost]);

      this.assertFalse(reason[1] instanceof ConnectionDone, String(reason[1]));
      this.assertFalse(factory.built.called);
    }
    await allClosedBut(2);
    this.assertEqual(lines.filter((line) => line.startsWith('The TLS handshake with 127.0.0.1:')).length, 2);
  }

  async test_a_certificate_that_is_not_to_be_trusted() {
    const cases = [
      [server, {}, '127.0.0.1', /unable to verify/],
      [identity('stranger'), trusting, '127.0.0.1', /self-signed certificate/],
      [identity('expired'), trusting, '127.0.0.1', /certificate has expired \(CERT_HAS_EXPIRED\)/],
      [server, { ...trusting, servername: 'example.org' }, '127.0.0.1', /example\.org/],
      [identity('client'), trusting, 'localhost', /localhost/],
    ] as const;
    for (const [shown, trusted, host, expected] of cases) {
      const { port, factory } = listen(this, shown);

      const error = await failure(port, trusted, host);

      this.assertIsInstance(error, SSLError);
      this.assertIsInstance(error, ConnectError);
      this.assertRegex(error.message, expected);
      this.assertSubstring(`The TLS handshake with ${host}:${port.getHost().port} failed: `, error.message);
      this.assertFalse(factory.built.called);
    }
    await allClosedBut(cases.length);
  }

  async test_any_certificate_will_do_when_the_user_says_so() {
    const way = overTLS(identity('expired'), { rejectUnauthorized: false });

    const { client } = await connected(this, recorder, recorder, way);

    this.assertEqual(client.transport.getPeerCertificate()?.subject, 'CN=localhost');
  }

  async test_any_client_will_do_when_the_user_says_so() {
    const anybody = { ...server, ...trusting, requestCert: true, rejectUnauthorized: false };

    const ends = await connected(this, recorder, recorder, overTLS(anybody, { ...identity('stranger'), ...trusting }));

    this.assertRegex(ends.server.transport.getPeerCertificate()?.subject ?? '', /^CN=/);
  }

  async test_a_server_that_does_not_speak_TLS() {
    class Babbler extends Recorder {
      override connectionMade() {
        this.transport.write('220 poetry.test ready\r\n');
      }
    }
    const factory = new OneServerFactory(() => new Babbler());
    const port = reactor.listenTCP(0, factory, { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());

    const error = await failure(port, trusting);

    this.assertIsInstance(error, SSLError);
    this.assertRegex(error.message, /failed: (wrong version number|packet length too long)/);
    await (await factory.built).lost;
  }

  async test_a_server_that_hangs_up() {
    class Rude extends Recorder {
      override connectionMade() {
        this.transport.loseConnection();
      }
    }
    const port = reactor.listenTCP(0, new OneServerFactory(() => new Rude()), { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());

    this.assertIsInstance(await failure(port, trusting), SSLError);
    await allClosedBut(1);
  }

  async test_the_timeout_is_for_the_handshake_too() {
    const factory = new OneServerFactory(recorder);
    const port = reactor.listenTCP(0, factory, { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());

    const error = await failure(port, trusting, '127.0.0.1', 0.05);

    this.assertIsInstance(error, ConnectTimeoutError);
    await (await factory.built).lost;
    this.assertEqual(reactor.getDelayedCalls(), []);
  }

  async test_stopConnecting_ends_a_handshake() {
    const factory = new OneServerFactory(recorder);
    const port = reactor.listenTCP(0, factory, { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    const clientFactory = new OneClientFactory(recorder);
    const connector = reactor.connectSSL('127.0.0.1', port.getHost().port, clientFactory);
    const protocol = await factory.built;
    await protocol.received(1);

    connector.stopConnecting();

    this.assertEqual(connector.state, 'disconnected');
    this.assertRegex(String(await clientFactory.failed), /was cancelled/);
    await protocol.lost;
    await allClosedBut(1);
  }

  async test_a_port_that_nobody_listens_on() {
    const { port } = listen(this, server);
    const { port: number } = port.getHost();
    await port.stopListening();
    const factory = new OneClientFactory(recorder);

    reactor.connectSSL('127.0.0.1', number, factory, trusting);

    this.assertRegex(String(await factory.failed), /ConnectionRefusedError/);
  }

  test_a_key_that_can_not_be_read_is_told_at_once() {
    const options = { key: 'no key', cert: server.cert };

    this.assertRaisesRegex(SSLError, /^Cannot speak TLS with this key/, () =>
      reactor.listenSSL(0, new OneServerFactory(recorder), options),
    );
    this.assertRaises(SSLError, () => reactor.connectSSL('127.0.0.1', 1, new OneClientFactory(recorder), options));
  }

  async test_Nodes_own_client_and_a_second_connection_that_resumes() {
    const { port, factory } = listen(this, server);
    factory.buildProtocol = () => new Recorder();
    const once = (session?: Buffer): Promise<{ session: Buffer; resumed: boolean }> =>
      new Promise((resolve, reject) => {
        const options = { port: port.getHost().port, host: '127.0.0.1', ...trusting, ...(session && { session }) };
        let seen = { session: Buffer.alloc(0), resumed: false };
        const socket = connectTLS(options, () => {
          seen.resumed = socket.isSessionReused();
          if (seen.resumed) socket.end();
        });
        socket.on('error', reject);
        socket.once('session', (data) => {
          seen = { ...seen, session: data };
          // Not inside Node's own call: it would not say that it has ended.
          setImmediate(() => socket.end());
        });
        socket.on('close', () => resolve(seen));
        socket.resume();
      });

    const first = await once();
    const second = await once(first.session);

    this.assertEqual([first.resumed, second.resumed], [false, true]);
    await allClosedBut(1);
  }
}

export class ListenSSLTests extends TestCase {
  async test_a_client_that_never_speaks_is_sent_away_and_leaves_nothing() {
    const lines = logged(this);
    const { port, factory } = listen(this, server, 0.05);

    const { closed } = await plainSocket(this, port);

    await closed;
    await allClosedBut(1);
    this.assertFalse(factory.built.called);
    this.assertEqual(reactor.getDelayedCalls(), []);
    this.assertEqual(lines.filter((line) => line.includes('longer than 0.05 seconds')).length, 1);
  }

  async test_a_client_that_speaks_something_else_is_sent_away() {
    const lines = logged(this);
    const { port, factory } = listen(this, server);
    const { socket, closed } = await plainSocket(this, port);

    socket.write('GET / HTTP/1.1\r\n\r\n');

    await closed;
    await allClosedBut(1);
    this.assertFalse(factory.built.called);
    this.assertEqual(reactor.getDelayedCalls(), []);
    this.assertEqual(lines.filter((line) => /^The TLS handshake .* failed: http request/.test(line)).length, 1);
  }

  async test_a_client_that_speaks_something_else_later_is_sent_away() {
    const { port, factory } = listen(this, server);
    const { socket } = await plainSocket(this, port);
    const wire = new Duplex({ read() {}, write: (chunk, _encoding, taken) => void socket.write(chunk, taken) });
    socket.on('data', (data) => wire.push(data));
    const client = connectTLS({ ...trusting, socket: wire, servername: 'localhost' }).on('error', () => {});
    await once(client, 'secureConnect');

    socket.write('GET / HTTP/1.1\r\n\r\n');

    const reason = await (await factory.built).lost;
    this.assertIsInstance(reason, ConnectionLost);
    this.assertRegex(String(reason), /The connection to 127\S+ was lost: \S/);
  }

  async test_a_client_that_goes_during_the_handshake() {
    const { port } = listen(this, server);
    const { socket } = await plainSocket(this, port);
    while (reactor.selectables.size < 2) await turn();
    const [handshake] = [...reactor.selectables].filter((one) => one.toString().startsWith('<TLS handshake with 127.'));
    this.assertIdentical(handshake?.closing, false);

    socket.destroy();

    await allClosedBut(1);
    this.assertEqual(reactor.getDelayedCalls(), []);
  }

  async test_stopListening_ends_the_handshakes() {
    const { port } = listen(this, server);
    const { closed } = await plainSocket(this, port);
    while (reactor.selectables.size < 2) await turn();
    const [, handshake] = [...reactor.selectables];

    const stopped = port.stopListening();

    this.assertIdentical(handshake?.closing, true);
    await stopped;
    await closed;
    await allClosedBut(0);
    this.assertEqual(reactor.getDelayedCalls(), []);
  }

  async test_a_context_factory_is_asked_for_each_client() {
    let asked = 0;
    const contextFactory = {
      getContext() {
        asked++;
        return server;
      },
    };
    const port = reactor.listenSSL(0, new OneServerFactory(recorder), contextFactory, { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    const before = asked;

    for (let i = 0; i < 2; i++) {
      const factory = new OneClientFactory(recorder);
      reactor.connectSSL('127.0.0.1', port.getHost().port, factory, trusting);
      (await factory.connected).transport.loseConnection();
      await factory.lost;
    }

    this.assertEqual(asked - before, 2);
    await allClosedBut(1);
  }

  async test_a_certificate_for_the_name_that_a_client_asks_for() {
    const asked: string[] = [];
    const SNICallback: TLSOptions['SNICallback'] = (name, found) => {
      asked.push(name);
      found(null, createSecureContext(server));
    };
    const client = { ...trusting, servername: 'poetry.test' };

    const ends = await connected(this, recorder, recorder, overTLS({ ...identity('stranger'), SNICallback }, client));

    this.assertEqual(asked, ['poetry.test']);
    this.assertEqual(ends.client.transport.getPeerCertificate()?.subject, 'CN=localhost');
  }

  async test_options_as_Twisted_has_them() {
    const read = (name: string): Buffer => readFileSync(tlsFile(name));
    const ours = new CertificateOptions({
      privateKey: read('server.key'),
      certificate: read('server.pem'),
      trustRoot: read('ca.pem'),
      extraCertChain: [read('ca.pem')],
      acceptableProtocols: ['poem/1'],
    });
    const theirs = optionsForClientTLS('poetry.test', {
      trustRoot: read('ca.pem'),
      clientCertificate: { privateKey: read('client.key'), certificate: read('client.pem') },
      acceptableProtocols: ['poem/1'],
    });

    const ends = await connected(this, recorder, recorder, overTLS(ours.getContext(), theirs.getContext()));

    this.assertEqual(ends.server.transport.getPeerCertificate()?.subject, 'CN=a poet');
    this.assertEqual(ends.client.transport.negotiatedProtocol, 'poem/1');
    this.assertIdentical(ours.getContext(), ours.getContext());
  }
}

export class TLSTransportTests extends TestCase {
  async test_small_and_large_pieces_of_one_call_keep_their_order() {
    const ends = await connected(this, recorder, recorder, overTLS(server));
    const large = BIG.subarray(0, 20_000);
    const pieces = ['one ', ' two ', large, large.toString(), ' three ', ' four ', large];
    const all = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));

    ends.client.transport.writeSequence(pieces);
    await ends.server.received(all.length);
    ends.client.transport.registerProducer(
      { pauseProducing: () => {}, resumeProducing: () => {}, stopProducing: () => {} },
      true,
    );
    ends.client.transport.writeSequence(pieces);
    ends.client.transport.unregisterProducer();
    ends.client.transport.loseConnection();
    await ends.server.lost;

    this.assertTrue(ends.server.bytes.equals(Buffer.concat([all, all])));
  }

  async test_abortConnection_tells_each_end_why() {
    const ends = await connected(this, recorder, recorder, overTLS(server));

    ends.server.transport.write(BIG);
    ends.server.transport.abortConnection();

    this.assertIsInstance(await ends.server.lost, ConnectionAborted);
    const reason = await ends.client.lost;
    this.assertIsInstance(reason, ConnectionLost);
    this.assertLess(ends.client.bytes.length, BIG.length);
  }

  async test_a_connection_that_is_cut_is_not_closed_cleanly() {
    const { port, factory } = listen(this, server);
    const closed = new Deferred<void>();
    const { socket: raw } = await plainSocket(this, port);
    const socket = connectTLS({ socket: raw, host: '127.0.0.1', ...trusting }, () => socket.write('half a po'));
    socket.on('error', () => {});
    socket.on('close', () => closed.callback());
    const protocol = await factory.built;
    await protocol.received(9);

    raw.destroy();

    const reason = await protocol.lost;
    this.assertIsInstance(reason, ConnectionLost);
    this.assertRegex(String(reason), /was (cut|lost)/);
    await closed;
  }

  async test_a_cut_is_seen_though_the_socket_ends_properly() {
    const { port, factory } = listen(this, server);
    const { socket: raw } = await plainSocket(this, port);
    const socket = connectTLS({ socket: raw, host: '127.0.0.1', ...trusting }, () => socket.write('half a po'));
    socket.on('error', () => {});
    const protocol = await factory.built;
    await protocol.received(9);

    raw.end();

    const reason = await protocol.lost;
    this.assertRegex(String(reason), /was cut: the peer has not ended TLS/);
    this.assertEqual(protocol.text, 'half a po');
    socket.destroy();
  }

  async test_half_a_connection_may_be_closed() {
    const ends = await connected(this, halfCloseable, halfCloseable, overTLS(server));

    ends.client.transport.write('question');
    ends.client.transport.loseWriteConnection();
    await ends.client.writeLost;
    await ends.server.readLost;
    this.assertEqual(ends.server.text, 'question');
    ends.server.transport.write('answer');
    this.assertEqual(await ends.client.received(6), 'answer');
    ends.server.transport.loseConnection();
    await ends.client.readLost;
    ends.client.transport.loseConnection();

    this.assertIsInstance(await ends.server.lost, ConnectionDone);
    this.assertIsInstance(await ends.client.lost, ConnectionDone);
  }

  async test_a_paused_transport_delivers_nothing_and_slows_the_writer_down() {
    const ends = await connected(this, recorder, recorder, overTLS(server));
    ends.server.transport.pauseProducing();
    let written = 0;
    let paused = false;
    const producer = {
      resumeProducing() {
        paused = false;
        while (!paused && written < BIG.length) {
          ends.client.transport.write(BIG.subarray(written, written + 16384));
          written += 16384;
        }
        if (written >= BIG.length) ends.client.transport.unregisterProducer();
      },
      pauseProducing() {
        paused = true;
      },
      stopProducing() {},
    };
    ends.client.transport.registerProducer(producer, true);
    producer.resumeProducing();

    // Until nothing goes into the buffers of the system any more.
    for (let before = -1, turns = 0; turns < 20; turns++) {
      if (written !== before) turns = 0;
      before = written;
      await turn();
    }
    this.assertLess(written, BIG.length);
    this.assertEqual(ends.server.events, ['made']);
    ends.server.transport.resumeProducing();

    await ends.server.received(BIG.length);
    this.assertTrue(ends.server.bytes.equals(BIG));
  }

  async test_removeAll_closes_it() {
    const ends = await connected(this, recorder, recorder, overTLS(server));

    const removed = reactor.removeAll().map(String);

    this.assertEqual(removed.length, 3);
    for (let i = 0; i < 5; i++) await turn();
    this.assertEqual([ends.client.events, ends.server.events], [['made'], ['made']]);
    for (const end of [ends.client, ends.server]) end.lost.callback(undefined);
  }
}

export class TLSLayerTests extends TestCase {
  /** Nothing of TLS is left when the socket is closed under it. */
  async test_ends_with_its_socket() {
    const accepting = createServer().listen(0, '127.0.0.1');
    this.addCleanup(() => accepting.close());
    await once(accepting, 'listening');
    const socket = connectSocket((accepting.address() as { port: number }).port, '127.0.0.1');
    const [peer] = (await once(accepting, 'connection')) as [Socket];
    const { stream } = new TLSLayer(socket, { side: 'client', options: trusting, hostname: undefined });
    // The greeting has gone out: nothing waits to be written, and would find the socket closed.
    await once(peer, 'data');

    socket.destroy();

    await Promise.all([once(stream, 'close'), once(peer, 'close')]);
  }
}

export class StartTLSTests extends TestCase {
  /** Connects in the clear and says hello. */
  async #greeted(makeServer = recorder, makeClient = recorder) {
    const ends = await connected(this, makeServer, makeClient);
    ends.client.transport.write('STARTTLS\n');
    await ends.server.received(9);
    return ends;
  }

  async test_from_the_clear_at_both_ends() {
    const { server: there, client: here } = await this.#greeted();

    there.transport.write('READY\n');
    there.transport.startTLS(server);
    there.transport.write('secret of the server');
    this.assertEqual(await here.received(6), 'READY\n');
    here.transport.startTLS(trusting);
    here.transport.write('secret of the client');

    this.assertEqual(await there.received(29), 'STARTTLS\nsecret of the client');
    this.assertEqual(await here.received(26), 'READY\nsecret of the server');
    this.assertEqual(here.transport.getPeerCertificate()?.subject, 'CN=localhost');
    here.transport.loseConnection();
    this.assertIsInstance(await here.lost, ConnectionDone);
    this.assertIsInstance(await there.lost, ConnectionDone);
  }

  async test_inside_dataReceived_and_with_much_still_to_be_sent_in_the_clear() {
    class Upgrading extends Recorder {
      override dataReceived(data: Buffer) {
        super.dataReceived(data);
        if (this.text !== 'STARTTLS\n') return;
        this.transport.write(BIG);
        this.transport.startTLS(server);
        this.transport.write('secret');
      }
    }
    class UpgradingClient extends Recorder {
      #upgraded = false;
      override dataReceived(data: Buffer) {
        super.dataReceived(data);
        if (this.#upgraded || this.bytes.length < BIG.length) return;
        this.#upgraded = true;
        this.transport.startTLS(trusting);
      }
    }
    const ends = await connected(
      this,
      () => new Upgrading(),
      () => new UpgradingClient(),
    );

    ends.client.transport.write('STARTTLS\n');

    await ends.client.received(BIG.length + 6);
    this.assertTrue(ends.client.bytes.subarray(0, BIG.length).equals(BIG));
    this.assertEqual(ends.client.bytes.subarray(BIG.length).toString(), 'secret');
  }

  async test_bytes_of_TLS_that_wait_in_a_paused_transport_are_taken() {
    const { server: there, client: here } = await this.#greeted();

    there.transport.pauseProducing();
    here.transport.startTLS(trusting);
    here.transport.write('secret');
    for (let i = 0; i < 20; i++) await turn();
    there.transport.startTLS(server);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    this.assertEqual(there.text, 'STARTTLS\n');
    there.transport.resumeProducing();

    this.assertEqual(await there.received(15), 'STARTTLS\nsecret');
  }

  async test_the_server_may_be_the_client_of_TLS() {
    const { server: there, client: here } = await this.#greeted();

    there.transport.startTLS({ ...trusting, servername: 'poetry.test' }, false);
    here.transport.startTLS(server, false);
    here.transport.write('secret');

    this.assertEqual(await there.received(15), 'STARTTLS\nsecret');
    this.assertEqual(there.transport.getPeerCertificate()?.subject, 'CN=localhost');
  }

  async test_nothing_is_sent_to_a_peer_that_is_not_to_be_trusted() {
    const { server: there, client: here } = await this.#greeted();

    there.transport.startTLS(identity('stranger'));
    here.transport.startTLS(trusting);
    here.transport.write('secret');
    here.transport.loseConnection();

    const reason = (await here.lost) as Error;
    this.assertIsInstance(reason, ConnectionLost);
    this.assertRegex(reason.message, /^The TLS handshake with 127.*self-signed certificate/);
    this.assertIsInstance(reason.cause, SSLError);
    this.assertFalse((await there.lost) instanceof ConnectionDone);
    this.assertEqual(there.text, 'STARTTLS\n');
  }

  async test_a_peer_that_goes_on_in_the_clear() {
    const { server: there, client: here } = await this.#greeted();

    there.transport.startTLS(server);
    here.transport.write('What do you mean?\n');

    const reason = (await there.lost) as Error;
    this.assertIsInstance(reason, ConnectionLost);
    this.assertRegex(reason.message, /^The TLS handshake with 127/);
    await here.lost;
  }

  async test_loseConnection_before_the_ends_have_agreed_sends_what_was_written() {
    const { server: there, client: here } = await this.#greeted();

    here.transport.startTLS(trusting);
    here.transport.write('secret');
    here.transport.loseConnection();
    here.transport.write('too late');
    await turn();
    there.transport.startTLS(server);

    this.assertIsInstance(await here.lost, ConnectionDone);
    this.assertIsInstance(await there.lost, ConnectionDone);
    this.assertEqual(there.text, 'STARTTLS\nsecret');
  }

  async test_abortConnection_before_the_ends_have_agreed() {
    const { server: there, client: here } = await this.#greeted();

    here.transport.startTLS(trusting);
    here.transport.write('secret');
    here.transport.abortConnection();

    this.assertIsInstance(await here.lost, ConnectionAborted);
    await there.lost;
  }

  async test_a_producer_goes_on_over_TLS() {
    const { server: there, client: here } = await this.#greeted();
    let left = 100;
    const producer = {
      resumeProducing() {
        here.transport.write(BIG.subarray(0, 1000));
        if (--left === 0) here.transport.unregisterProducer();
      },
      stopProducing() {},
    };

    here.transport.registerProducer(producer, false);
    // What the producer has written by now went out in the clear.
    await there.received(1009);
    const clear = there.bytes.length;
    here.transport.startTLS(trusting);
    const written = (100 - left) * 1000 + 9;
    await there.received(written);
    there.transport.startTLS(server);

    await there.received(100 * 1000 + 9);
    this.assertLess(clear, there.bytes.length);
    this.assertEqual(left, 0);
  }

  async test_once_is_enough() {
    const { server: there, client: here } = await this.#greeted();
    there.transport.startTLS(server);
    here.transport.startTLS(trusting);

    this.assertRaisesRegex(Error, /speaks it already/, () => here.transport.startTLS(trusting));
    here.transport.write('x');
    await there.received(10);
    here.transport.abortConnection();
    await here.lost;
  }
}
