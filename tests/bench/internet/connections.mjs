// Connections a second and megabytes a second over the loopback, against raw node:net, in turn in one process:
// `node tests/bench/internet/connections.mjs`. The goal is at most 15 % behind.
import net from 'node:net';
import { ClientFactory, Deferred, Protocol, reactor, ServerFactory } from '../../../dist/src/internet/index.js';

const MEBIBYTE = 1024 * 1024;
const TOTAL = 400 * MEBIBYTE;
const CHUNK = Buffer.alloc(64 * 1024, 'x');
const CONNECTIONS = 3000;
const AT_ONCE = 100;
const ROUNDS = 5;

const contests = {
  'MB/s': { amount: TOTAL / MEBIBYTE, raw: sendRaw, ours: sendOurs },
  'connections/s': { amount: CONNECTIONS, raw: connectRaw, ours: connectOurs },
};

/** One connection, one way. */
function sendRaw() {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => {
      let left = TOTAL;
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
    server.listen(0, '127.0.0.1', () => {
      let received = 0;
      const client = net.connect(server.address().port, '127.0.0.1');
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

async function sendOurs() {
  const done = new Deferred();
  class Sender extends Protocol {
    left = TOTAL;
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
  const port = reactor.listenTCP(0, ServerFactory.forProtocol(Sender), { interface: '127.0.0.1' });
  reactor.connectTCP('127.0.0.1', port.getHost().port, ClientFactory.forProtocol(Receiver));
  const received = await done;
  await port.stopListening();
  return received;
}

/** Many short connections, so many at once: a word, its echo, the end. */
function connectRaw() {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => {
      socket.on('data', (data) => socket.write(data));
      socket.on('end', () => socket.end());
      socket.on('error', () => socket.destroy());
    });
    server.listen({ port: 0, host: '127.0.0.1', backlog: 511 }, () => {
      const { port } = server.address();
      let started = 0;
      let done = 0;
      const next = () => {
        if (started === CONNECTIONS) return;
        started++;
        const client = net.connect(port, '127.0.0.1');
        client.on('connect', () => client.write('hello'));
        client.on('data', () => client.end());
        // Nothing goes wrong here. But no program can do without, and to hear of it costs something.
        client.on('error', () => client.destroy());
        client.on('close', () => {
          done++;
          if (done < CONNECTIONS) {
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

async function connectOurs() {
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
      if (done < CONNECTIONS) next();
      else all.callback(done);
    }
  }
  const port = reactor.listenTCP(0, ServerFactory.forProtocol(Echo), { interface: '127.0.0.1', backlog: 511 });
  const factory = ClientFactory.forProtocol(Caller);
  factory.noisy = false;
  const next = () => {
    if (started === CONNECTIONS) return;
    started++;
    reactor.connectTCP('127.0.0.1', port.getHost().port, factory);
  };
  for (let i = 0; i < AT_ONCE; i++) next();
  await all;
  await port.stopListening();
  return done;
}

async function rate(run, amount) {
  const start = performance.now();
  const got = await run();
  const seconds = (performance.now() - start) / 1000;
  if (got !== amount) throw new Error(`The result is ${got} and not ${amount}.`);
  return amount / seconds;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

const stopped = reactor.run({ installSignalHandlers: false });
for (const [unit, { amount, raw, ours }] of Object.entries(contests)) {
  const rates = { raw: [], ours: [] };
  for (let round = -1; round < ROUNDS; round++) {
    const rawRate = await rate(raw, amount);
    const ourRate = await rate(ours, amount);
    if (round < 0) continue;
    rates.raw.push(rawRate);
    rates.ours.push(ourRate);
  }
  const ratio = median(rates.ours) / median(rates.raw);
  console.log(
    `${unit}: node:net ${median(rates.raw).toFixed(0)}, reactor ${median(rates.ours).toFixed(0)}, ratio ${ratio.toFixed(2)}`,
  );
}
reactor.stop();
await stopped;
