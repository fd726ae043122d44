// Connections a second and megabytes a second over the loopback, against raw node:net and node:tls, in turn in one
// process for each contest: what V8 has learnt of one would slow the next down. The goal is at most 15 % behind.
// `node tests/bench/internet/connections.mjs [number of a contest]`
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { ClientFactory, Deferred, Protocol, reactor, ServerFactory } from '../../../dist/src/internet/index.js';

const MEBIBYTE = 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 'x');
const AT_ONCE = 100;
const ROUNDS = 9;
const HOST = '127.0.0.1';

const tlsFile = (name) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url));
const identity = { key: tlsFile('server.key'), cert: tlsFile('server.pem') };
const trusting = { ca: tlsFile('ca.pem') };

const tcp = {
  createServer: (accepted) => net.createServer(accepted),
  connect: (port) => net.connect(port, HOST),
  stands: 'connect',
  listen: (factory) => reactor.listenTCP(0, factory, { interface: HOST, backlog: 511 }),
  connectReactor: (port, factory) => reactor.connectTCP(HOST, port, factory),
};
const ssl = {
  createServer: (accepted) => tls.createServer(identity, accepted),
  connect: (port) => tls.connect(port, HOST, trusting),
  stands: 'secureConnect',
  listen: (factory) => reactor.listenSSL(0, factory, identity, { interface: HOST, backlog: 511 }),
  connectReactor: (port, factory) => reactor.connectSSL(HOST, port, factory, trusting),
};

const contests = [
  { peer: 'node:net', unit: 'MB/s', way: tcp, amount: 400, raw: sendRaw, ours: sendOurs },
  { peer: 'node:net', unit: 'connections/s', way: tcp, amount: 3000, raw: connectRaw, ours: connectOurs },
  { peer: 'node:tls', unit: 'MB/s', way: ssl, amount: 150, raw: sendRaw, ours: sendOurs },
  { peer: 'node:tls', unit: 'connections/s', way: ssl, amount: 300, raw: connectRaw, ours: connectOurs },
];

/** One connection, one way. */
function sendRaw(way, amount) {
  return new Promise((resolve) => {
    const server = way.createServer((socket) => {
      let left = amount * MEBIBYTE;
      const send = () => {
        while (left > 0) {
          left -= CHUNK.length;
          if (!socket.write(CHUNK)) {
            socket.once('drain', send);
            return;
          }
        }
        socket.end();
      };
      send();
    });
    server.listen(0, HOST, () => {
      let received = 0;
      const client = way.connect(server.address().port);
      client.on('data', (data) => {
        received += data.length;
      });
      client.on('close', () => {
        server.close();
        resolve(received / MEBIBYTE);
      });
    });
  });
}

async function sendOurs(way, amount) {
  const done = new Deferred();
  class Sender extends Protocol {
    left = amount * MEBIBYTE;
    going = false;
    connectionMade() {
      this.transport.registerProducer(this, true);
      this.resumeProducing();
    }
    resumeProducing() {
      this.going = true;
      while (this.going && this.left > 0) {
        this.left -= CHUNK.length;
        this.transport.write(CHUNK);
      }
      if (this.left > 0) return;
      this.transport.unregisterProducer();
      this.transport.loseConnection();
    }
    pauseProducing() {
      this.going = false;
    }
    stopProducing() {}
  }
  class Receiver extends Protocol {
    received = 0;
    dataReceived(data) {
      this.received += data.length;
    }
    connectionLost() {
      done.callback(this.received / MEBIBYTE);
    }
  }
  const port = way.listen(ServerFactory.forProtocol(Sender));
  way.connectReactor(port.getHost().port, ClientFactory.forProtocol(Receiver));
  const received = await done;
  await port.stopListening();
  return received;
}

/** Many short connections, so many at once: a word, its echo, the end. */
function connectRaw(way, amount) {
  return new Promise((resolve) => {
    const server = way.createServer((socket) => {
      socket.on('data', (data) => socket.write(data));
      socket.on('end', () => socket.end());
      socket.on('error', () => socket.destroy());
    });
    server.listen({ port: 0, host: HOST, backlog: 511 }, () => {
      const { port } = server.address();
      let started = 0;
      let done = 0;
      const next = () => {
        if (started === amount) return;
        started++;
        const client = way.connect(port);
        client.on(way.stands, () => client.write('hello'));
        client.on('data', () => client.end());
        // Nothing goes wrong here. But no program can do without, and to hear of it costs something.
        client.on('error', () => client.destroy());
        client.on('close', () => {
          done++;
          if (done < amount) {
            next();
            return;
          }
          server.close();
          resolve(done);
        });
      };
      for (let i = 0; i < AT_ONCE; i++) next();
    });
  });
}

async function connectOurs(way, amount) {
  const all = new Deferred();
  let started = 0;
  let done = 0;
  class Echo extends Protocol {
    dataReceived(data) {
      this.transport.write(data);
    }
  }
  class Caller extends Protocol {
    connectionMade() {
      this.transport.write('hello');
    }
    dataReceived() {
      this.transport.loseConnection();
    }
    connectionLost() {
      done++;
      if (done < amount) next();
      else all.callback(done);
    }
  }
  const port = way.listen(ServerFactory.forProtocol(Echo));
  const factory = ClientFactory.forProtocol(Caller);
  factory.noisy = false;
  const next = () => {
    if (started === amount) return;
    started++;
    way.connectReactor(port.getHost().port, factory);
  };
  for (let i = 0; i < AT_ONCE; i++) next();
  await all;
  await port.stopListening();
  return done;
}

async function rate(run, way, amount) {
  const start = performance.now();
  const got = await run(way, amount);
  const seconds = (performance.now() - start) / 1000;
  if (got !== amount) throw new Error(`The result is ${got} and not ${amount}.`);
  return amount / seconds;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

async function hold({ peer, unit, way, amount, raw, ours }) {
  const stopped = reactor.run({ installSignalHandlers: false });
  const rates = { raw: [], ours: [] };
  for (let round = -1; round < ROUNDS; round++) {
    const rawRate = await rate(raw, way, amount);
    const ourRate = await rate(ours, way, amount);
    if (round < 0) continue;
    rates.raw.push(rawRate);
    rates.ours.push(ourRate);
  }
  const ratio = median(rates.ours) / median(rates.raw);
  console.log(
    `${unit}: ${peer} ${median(rates.raw).toFixed(0)}, reactor ${median(rates.ours).toFixed(0)}, ratio ${ratio.toFixed(2)}`,
  );
  reactor.stop();
  await stopped;
}

const wanted = contests[process.argv[2]];
if (wanted !== undefined) await hold(wanted);
else {
  for (const index of contests.keys()) {
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), index], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`Contest ${index} ended with status ${status}.`);
  }
}
