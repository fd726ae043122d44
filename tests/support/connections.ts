/** Connections over the loopback that a test can look into. */
import type { TestCase } from 'txtrial';
import {
  ClientFactory,
  type Connector,
  type ConnectorLike,
  Deferred,
  type Failure,
  type Port,
  Protocol,
  reactor,
  ServerFactory,
} from 'txtrial/internet';

/** Remembers what happens to it. */
export class Recorder extends Protocol {
  /** `made`, `data`, `lost` and what subclasses add, in order. */
  readonly events: string[] = [];
  readonly chunks: Buffer[] = [];
  /** Fires when the connection is over, with the reason's error. */
  readonly lost = new Deferred<unknown>();
  #length = 0;
  #waiting: { readonly length: number; readonly there: Deferred<string> }[] = [];

  override connectionMade(): void {
    this.events.push('made');
  }

  override dataReceived(data: Buffer): void {
    if (this.events.at(-1) !== 'data') this.events.push('data');
    this.chunks.push(data);
    this.#length += data.length;
    const length = this.#length;
    const there = this.#waiting.filter((wait) => wait.length <= length);
    this.#waiting = this.#waiting.filter((wait) => wait.length > length);
    for (const wait of there) wait.there.callback(this.text);
  }

  override connectionLost(reason: Failure): void {
    this.events.push('lost');
    this.lost.callback(reason.value);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get text(): string {
    return this.bytes.toString();
  }

  /** Fires with all that was received once it is `length` bytes or more. */
  received(length: number): Deferred<string> {
    const there = new Deferred<string>();
    if (this.#length >= length) there.callback(this.text);
    else this.#waiting.push({ length, there });
    return there;
  }
}

/** Goes on when one half of its connection is closed. */
export class HalfCloseableRecorder extends Recorder {
  readonly readLost = new Deferred<void>();
  readonly writeLost = new Deferred<void>();

  readConnectionLost(): void {
    this.events.push('readLost');
    this.readLost.callback();
  }

  writeConnectionLost(): void {
    this.events.push('writeLost');
    this.writeLost.callback();
  }
}

/** Hands over each protocol that it builds. */
export class OneServerFactory<P extends Protocol> extends ServerFactory {
  override noisy = false;
  readonly built = new Deferred<P>();
  readonly #make: () => P;

  constructor(make: () => P) {
    super();
    this.#make = make;
  }

  override buildProtocol(): P {
    const protocol = this.#make();
    if (!this.built.called) setImmediate(() => this.built.callback(protocol as never));
    return protocol;
  }
}

/** Remembers what it hears of its connector. */
export class OneClientFactory<P extends Protocol> extends ClientFactory {
  override noisy = false;
  readonly events: string[] = [];
  readonly connected = new Deferred<P>();
  readonly failed = new Deferred<unknown>();
  readonly lost = new Deferred<unknown>();
  readonly #make: () => P;

  constructor(make: () => P) {
    super();
    this.#make = make;
  }

  override startFactory(): void {
    this.events.push('start');
  }

  override stopFactory(): void {
    this.events.push('stop');
  }

  override startedConnecting(connector: ConnectorLike): void {
    this.events.push(`connecting:${connector.state}`);
  }

  override buildProtocol(): P {
    this.events.push('build');
    const protocol = this.#make();
    setImmediate(() => this.connected.callback(protocol as never));
    return protocol;
  }

  override clientConnectionFailed(connector: ConnectorLike, reason: Failure): void {
    this.events.push(`failed:${connector.state}`);
    this.failed.callback(reason.value);
  }

  override clientConnectionLost(connector: ConnectorLike, reason: Failure): void {
    this.events.push(`lost:${connector.state}`);
    this.lost.callback(reason.value);
  }
}

/** How two ends come together. */
export interface Way {
  listen(factory: ServerFactory): Port;
  connect(port: number, factory: ClientFactory): Connector;
}

const overTCP: Way = {
  listen: (factory) => reactor.listenTCP(0, factory, { interface: '127.0.0.1' }),
  connect: (port, factory) => reactor.connectTCP('127.0.0.1', port, factory),
};

/** Connects two protocols. When the test is over both ends are closed, and waited for. */
export async function connected<S extends Recorder, C extends Recorder>(
  test: TestCase,
  makeServer: () => S,
  makeClient: () => C,
  way = overTCP,
) {
  const serverFactory = new OneServerFactory(makeServer);
  const port = way.listen(serverFactory);
  test.addCleanup(() => port.stopListening());
  const clientFactory = new OneClientFactory(makeClient);
  const connector = way.connect(port.getHost().port, clientFactory);
  const client = await clientFactory.connected;
  const server = await serverFactory.built;
  for (const end of [client, server]) {
    test.addCleanup(() => {
      end.transport.abortConnection();
      return end.events.includes('lost') ? undefined : end.lost;
    });
  }
  return { port, connector, server, client, serverFactory, clientFactory };
}

/** One turn of Node's event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
