import { TestCase } from 'txtrial';
import {
  CancelledError,
  ClientFactory,
  ConnectionLost,
  ConnectionRefusedError,
  Deferred,
  gatherResults,
  type Port,
  Protocol,
  reactor,
  ServerFactory,
} from 'txtrial/internet';
import { getPoetry, getPoetryBytes, PoetryClientFactory, PoetryClientProtocol } from '../src/poetry/client.js';
import { FastPoetryFactory } from '../src/poetry/fast_server.js';
import { SlowPoetryFactory } from '../src/poetry/slow_server.js';

const TEST_POEM = `A poem on a wire is a poem all the same,
ein Gedicht, ein 詩, un poème 🌬️,
and nobody's twice.
`;

/** Larger than what the sockets at both ends can hold between them. */
const LARGE_POEM = Buffer.alloc(16 * 1024 * 1024, 'a line that goes on and on and never rhymes\n');

/** Listens on a free port of the loopback interface until the test is over. */
function serve(test: TestCase, factory: ServerFactory): number {
  const port = reactor.listenTCP(0, factory, { interface: '127.0.0.1' });
  test.addCleanup(() => port.stopListening());
  return port.getHost().port;
}

export class PoetryTestCase extends TestCase {
  port!: Port;
  portnum!: number;

  override setUp() {
    const factory = new FastPoetryFactory(TEST_POEM);
    this.port = reactor.listenTCP(0, factory, { interface: '127.0.0.1' });
    this.portnum = this.port.getHost().port;
  }

  override tearDown() {
    return this.port.stopListening();
  }

  /** The poem arrives, whole and unchanged. */
  test_client() {
    const d = getPoetry('127.0.0.1', this.portnum);
    return d.addCallback((poem) => this.assertEqual(poem, TEST_POEM));
  }

  /** Nobody can listen on port -1. */
  test_failure() {
    const d = getPoetry('127.0.0.1', -1);
    return this.assertFailure(d, ConnectionRefusedError);
  }

  /** A port on which somebody listened a moment ago refuses, too. */
  async test_refused() {
    await this.port.stopListening();

    await this.assertFailure(getPoetry('127.0.0.1', this.portnum), ConnectionRefusedError);
  }

  /** Several clients at once each get the whole poem. */
  async test_several_clients() {
    const poems = await gatherResults(Array.from({ length: 20 }, () => getPoetry('127.0.0.1', this.portnum)));

    this.assertEqual(
      poems,
      Array.from({ length: 20 }, () => TEST_POEM),
    );
  }

  /** One client after another gets it, from the same server. */
  async test_one_after_another() {
    this.assertEqual(await getPoetry('127.0.0.1', this.portnum), TEST_POEM);
    this.assertEqual(await getPoetry('127.0.0.1', this.portnum), TEST_POEM);
  }
}

export class PoemTests extends TestCase {
  /** The end of the connection is the end of the poem, even if nothing came before it. */
  async test_empty() {
    const port = serve(this, new FastPoetryFactory(''));

    this.assertEqual(await getPoetry('127.0.0.1', port), '');
  }

  /** A poem need not be text in UTF-8. */
  async test_bytes() {
    const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const port = serve(this, new FastPoetryFactory(everyByte));

    this.assertEqual(await getPoetryBytes('127.0.0.1', port), everyByte);
  }

  /** What does not fit into the sockets' buffers waits for the client. */
  async test_large() {
    const port = serve(this, new FastPoetryFactory(LARGE_POEM));

    const poem = await getPoetryBytes('127.0.0.1', port);

    this.assertTrue(poem.equals(LARGE_POEM), `${poem.length} bytes came`);
  }
}

/** Takes in nothing until it is told to. */
class ReluctantReader extends Protocol {
  declare factory: ReluctantFactory;
  #bytes = 0;

  override connectionMade() {
    this.transport.pauseProducing();
    this.factory.connected.callback(this);
  }

  goOn() {
    this.transport.resumeProducing();
  }

  override dataReceived(data: Buffer) {
    this.#bytes += data.length;
    // After each piece a rest of a turn.
    this.transport.pauseProducing();
    reactor.callLater(0, () => this.transport.resumeProducing());
  }

  override connectionLost() {
    this.factory.finished.callback(this.#bytes);
  }
}

class ReluctantFactory extends ClientFactory {
  override protocol = ReluctantReader;
  readonly connected = new Deferred<ReluctantReader>();
  readonly finished = new Deferred<number>();
}

export class SlowPeerTests extends TestCase {
  /** A slow server's poem is the same poem, though its letters arrive in halves. */
  async test_slow_server() {
    const port = serve(this, new SlowPoetryFactory(TEST_POEM, { numBytes: 1, delay: 0, clock: reactor }));

    this.assertEqual(await getPoetry('127.0.0.1', port), TEST_POEM);
  }

  /** Whoever likes may hear the poem while it comes. */
  async test_pieces() {
    const port = serve(this, new SlowPoetryFactory(TEST_POEM, { numBytes: 20, delay: 0, clock: reactor }));
    const pieces: Buffer[] = [];

    const poem = await getPoetryBytes('127.0.0.1', port, (piece) => pieces.push(piece));

    this.assertEqual(String(Buffer.concat(pieces)), TEST_POEM);
    this.assertEqual(String(poem), TEST_POEM);
  }

  /** A slow server does not keep the others waiting: they run side by side. */
  async test_several_slow_servers() {
    const clock = reactor;
    const slow = serve(this, new SlowPoetryFactory('slow '.repeat(20), { numBytes: 5, delay: 0.002, clock }));
    const slower = serve(this, new SlowPoetryFactory('slower '.repeat(20), { numBytes: 1, delay: 0.001, clock }));
    const finished: string[] = [];

    await gatherResults([
      getPoetry('127.0.0.1', slower).addCallback(() => finished.push('slower')),
      getPoetry('127.0.0.1', slow).addCallback(() => finished.push('slow')),
    ]);

    this.assertEqual(finished, ['slow', 'slower']);
  }

  /** A client that takes its time misses nothing. */
  async test_slow_client() {
    const port = serve(this, new FastPoetryFactory(LARGE_POEM));
    const factory = new ReluctantFactory();
    reactor.connectTCP('127.0.0.1', port, factory);

    const reader = await factory.connected;
    reader.goOn();

    this.assertEqual(await factory.finished, LARGE_POEM.length);
  }

  /** While one client dawdles, another is served. */
  async test_slow_client_delays_nobody() {
    const port = serve(this, new FastPoetryFactory(LARGE_POEM));
    const factory = new ReluctantFactory();
    reactor.connectTCP('127.0.0.1', port, factory);
    const dawdler = await factory.connected;

    this.assertEqual((await getPoetryBytes('127.0.0.1', port)).length, LARGE_POEM.length);

    dawdler.transport.abortConnection();
    await factory.finished;
  }
}

/** Begins to recite, and tells when the client has gone. */
class BeginningProtocol extends Protocol {
  declare factory: BeginningFactory;

  override connectionMade() {
    this.factory.connection = this;
    this.transport.write('Once upon a midnight dreary, while I pondered, ');
  }

  override connectionLost() {
    this.factory.lost.callback('lost');
  }
}

class BeginningFactory extends ServerFactory {
  override protocol = BeginningProtocol;
  connection!: BeginningProtocol;
  readonly lost = new Deferred<string>();
}

/** A client that tells when the poem has begun. */
class ListeningProtocol extends PoetryClientProtocol {
  declare factory: ListeningFactory;

  override dataReceived(data: Buffer) {
    super.dataReceived(data);
    if (!this.factory.begun.called) this.factory.begun.callback(undefined);
  }
}

class ListeningFactory extends PoetryClientFactory {
  override protocol = ListeningProtocol;
  readonly begun = new Deferred<void>();
}

export class BrokenFetchTests extends TestCase {
  /** A server that dies half-way does not pass for one that has finished. */
  async test_server_dies() {
    const server = new BeginningFactory();
    const poem = new Deferred<Buffer>();
    const client = new ListeningFactory(poem);
    reactor.connectTCP('127.0.0.1', serve(this, server), client);
    await client.begun;

    server.connection.transport.abortConnection();

    await this.assertFailure(poem, ConnectionLost);
  }

  /** Cancelling a fetch closes its connection. */
  async test_cancelled() {
    const server = new BeginningFactory();
    const d = getPoetry('127.0.0.1', serve(this, server));
    // The connection stands at both ends when another one, made later, has been served.
    const client = new ListeningFactory(new Deferred<Buffer>());
    const other = reactor.connectTCP('127.0.0.1', serve(this, new BeginningFactory()), client);
    await client.begun;

    d.cancel();

    await this.assertFailure(d, CancelledError);
    this.assertEqual(await server.lost, 'lost');
    other.disconnect();
  }

  /** A fetch can be cancelled before its connection is there. */
  async test_cancelled_while_connecting() {
    const d = getPoetry('127.0.0.1', serve(this, new FastPoetryFactory(TEST_POEM)));

    d.cancel();

    await this.assertFailure(d, CancelledError);
  }

  /** One client that gives up does not disturb the other. */
  async test_cancelled_beside_another() {
    const port = serve(this, new SlowPoetryFactory(TEST_POEM, { numBytes: 3, delay: 0, clock: reactor }));
    const impatient = getPoetry('127.0.0.1', port);
    const patient = getPoetry('127.0.0.1', port);

    impatient.cancel();

    await this.assertFailure(impatient, CancelledError);
    this.assertEqual(await patient, TEST_POEM);
  }
}
