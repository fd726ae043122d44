import { readdirSync, readFileSync } from 'node:fs';
import { TestCase } from 'txtrial';
import { ClientFactory, Deferred, type Failure, Protocol, reactor, ServerFactory } from 'txtrial/internet';

const MANY = 10_000;
const WORD = Buffer.alloc(4);
// A destination has some 28,000 ports to come from, and what was closed lately keeps its own for a minute.
const HOSTS = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];
// As many as may wait to be accepted.
const AT_ONCE = 400;

/** Why so many connections can not be had here; null when they can. */
function tooFewDescriptors(): string | null {
  if (process.platform !== 'linux') return 'only Linux tells how many files a process may have open';
  const [, soft = '0'] = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  const limit = soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
  const needed = 2 * MANY + readdirSync('/proc/self/fd').length + 100;
  return limit >= needed ? null : `the limit of open files is ${limit} and not ${needed}: raise it (ulimit -n)`;
}

export class ManyConnectionsTests extends TestCase {
  static skip = tooFewDescriptors();
  static timeout = 100;

  async test_ten_thousand_stand_at_once_and_each_gets_its_own_bytes() {
    const problems: unknown[] = [];
    const allStand = new Deferred<void>();
    const allAnswered = new Deferred<void>();
    const allLost = new Deferred<void>();
    const clients: Client[] = [];
    let accepted = 0;
    let answered = 0;
    let lost = 0;

    class Doubler extends Protocol {
      override connectionMade() {
        accepted++;
      }
      override dataReceived(data: Buffer) {
        for (let at = 0; at < data.length; at += 4) {
          WORD.writeUInt32BE(data.readUInt32BE(at) * 2);
          this.transport.write(Buffer.from(WORD));
        }
      }
      override connectionLost(reason: Failure) {
        gone(reason);
      }
    }
    class Client extends Protocol {
      number = -1;
      override connectionMade() {
        this.number = clients.push(this) - 1;
        if (clients.length === MANY) allStand.callback();
        else connectNext();
      }
      override dataReceived(data: Buffer) {
        const got = data.readUInt32BE(0);
        if (got !== 2 * this.number) problems.push(`${got} at ${this.number}`);
        if (++answered === MANY) allAnswered.callback();
      }
      override connectionLost(reason: Failure) {
        gone(reason);
      }
    }
    const gone = (reason: Failure): void => {
      if (reason.type?.name !== 'ConnectionDone') problems.push(reason);
      if (++lost === 2 * MANY) allLost.callback();
    };
    const ports = HOSTS.map((host) => {
      const factory = ServerFactory.forProtocol(Doubler);
      factory.noisy = false;
      return reactor.listenTCP(0, factory, { interface: host, backlog: AT_ONCE });
    });
    for (const port of ports) this.addCleanup(() => port.stopListening());
    const clientFactory = ClientFactory.forProtocol(Client);
    clientFactory.noisy = false;
    clientFactory.clientConnectionFailed = (_connector, reason) => {
      problems.push(reason);
      if (!allStand.called) allStand.errback(reason);
    };
    let asked = 0;
    const connectNext = (): void => {
      const port = ports[asked % ports.length];
      if (port === undefined || asked === MANY) return;
      asked++;
      const { host, port: number } = port.getHost();
      reactor.connectTCP(host, number, clientFactory);
    };

    for (let i = 0; i < AT_ONCE; i++) connectNext();
    await allStand;
    for (const [i, client] of clients.entries()) {
      WORD.writeUInt32BE(i);
      client.transport.write(Buffer.from(WORD));
    }
    await allAnswered;

    this.assertEqual([accepted, clients.length, lost], [MANY, MANY, 0]);
    for (const client of clients) client.transport.loseConnection();
    await allLost;
    this.assertEqual(problems, []);
  }
}
