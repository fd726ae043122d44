import * as childProcess from 'node:child_process';
import * as crypto from 'node:crypto';
import * as dgram from 'node:dgram';
import * as dns from 'node:dns';
import { EventEmitter } from 'node:events';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as net from 'node:net';
import { Readable } from 'node:stream';
import { MessageChannel, Worker } from 'node:worker_threads';
import * as zlib from 'node:zlib';
import { TestCase } from 'txtrial';
import { Deferred, fail, reactor } from 'txtrial/internet';
import { err } from 'txtrial/log';
import { turn } from '../../support/connections.js';
import { Boom, OutcomeTestCase, record, throws, withBody } from '../../support/outcomes.js';
import { runProject } from '../../support/project.js';

const boom = throws(new Boom());
const MISSING = ['no', 'such', 'command'].join('/');
const port = (server: net.Server | http.Server) => (server.address() as net.AddressInfo).port;

/** @param note - Called when the error has been made, by kinds of which the process hears nothing. */
type Cause = (note: () => void) => unknown;

/** Each makes one error, in a callback of one kind, and leaves nothing behind. */
const KINDS: Record<string, Cause> = {
  rejection: () => void Promise.reject(new Boom()),
  rejection_in_a_timer: () => void new Promise((_, reject) => setTimeout(reject, 1, new Boom())),
  async_function: () =>
    void (async () => {
      await turn();
      boom();
    })(),
  timeout: () => setTimeout(boom, 1),
  interval: () => {
    const timer = setInterval(() => {
      clearInterval(timer);
      boom();
    }, 1);
  },
  immediate: () => setImmediate(boom),
  next_tick: () => process.nextTick(boom),
  microtask: () => queueMicrotask(boom),
  file_request: () => fs.stat('.', boom),
  stream: () => {
    const stream = fs.createReadStream(process.execPath, { end: 0 }).on('data', () => {
      stream.destroy();
      boom();
    });
  },
  stream_without_listener: () => fs.createReadStream('missing'),
  own_stream_without_listener: () =>
    new Readable({
      read() {
        this.destroy(new Boom());
      },
    }).resume(),
  name: () => dns.lookup('127.0.0.1', boom),
  random_bytes: () => crypto.randomBytes(1, boom),
  compression: () => zlib.gzip('x', boom),
  listening: () => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      server.close();
      boom();
    });
  },
  connection: () => withServer((server) => net.connect(port(server), '127.0.0.1').on('error', () => {}), boom),
  data_of_an_accepted_socket: () =>
    withServer(
      (server) =>
        net
          .connect(port(server), '127.0.0.1')
          .on('error', () => {})
          .write('x'),
      (socket) =>
        socket.on('data', () => {
          socket.destroy();
          boom();
        }),
    ),
  data_of_a_client: () =>
    withServer(
      (server) => net.connect(port(server), '127.0.0.1').on('data', boom),
      (socket) => socket.end('x'),
    ),
  refused_connection_without_listener: () => net.connect(1, '127.0.0.1'),
  datagram: () => {
    const socket = dgram.createSocket('udp4', () => {
      socket.close();
      boom();
    });
    socket.bind(0, '127.0.0.1', () => socket.send('x', socket.address().port, '127.0.0.1'));
  },
  request: () => withHttp(boom),
  response: () => withHttp(undefined, boom),
  refused_request_without_listener: () => http.get('http://127.0.0.1:1/'),
  exit_of_a_child: () => childProcess.spawn(process.execPath, ['--version']).on('close', boom),
  missing_child_without_listener: () => childProcess.spawn(MISSING),
  worker_without_listener: () => new Worker('throw new Error("boom")', { eval: true }),
  message_port: () => {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', () => {
      port1.close();
      boom();
    });
    port2.postMessage(1);
  },
  abort_listener: () => {
    const controller = new AbortController();
    controller.signal.addEventListener('abort', boom);
    controller.abort();
  },
  event_without_listener: () => setImmediate(() => new EventEmitter().emit('error', new Boom())),
  fetch: () => void fetch('http://127.0.0.1:1/'),
  null_thrown: () => setImmediate(throws(null)),
  undefined_rejected: () => void Promise.reject(),
  failed_deferred: (note) => {
    fail(new Boom());
    note();
  },
  deferred_failed_in_a_timer: (note) => {
    const d = new Deferred<never>();
    setTimeout(() => {
      d.errback(new Boom());
      note();
    }, 1);
  },
  logged: (note) => {
    err(new Boom());
    note();
  },
  logged_in_a_timer: (note) =>
    setTimeout(() => {
      err(new Boom());
      note();
    }, 1),
  delayed_call: (note) =>
    reactor.callLater(0, () => {
      note();
      boom();
    }),
};

function withServer(connect: (server: net.Server) => unknown, accepted: (socket: net.Socket) => unknown): void {
  const server = net.createServer((socket) => {
    server.close();
    socket.on('error', () => {});
    setImmediate(() => socket.end());
    accepted(socket);
  });
  server.listen(0, '127.0.0.1', () => connect(server));
}

function withHttp(requested: () => void = () => {}, responded: () => void = () => {}): void {
  const server = http.createServer((_, response) => {
    response.end();
    server.close();
    requested();
  });
  server.listen(0, '127.0.0.1', () => {
    http.get({ port: port(server), host: '127.0.0.1', agent: false }, (response) => {
      response.resume();
      responded();
    });
  });
}

/** An error of any kind counts once, for the test that caused it, and for nobody else. */
export class KindsOfErrorTests extends OutcomeTestCase {
  static timeout = 20;
}

for (const [name, cause] of Object.entries(KINDS)) {
  Object.defineProperty(KindsOfErrorTests.prototype, `test_${name}`, {
    value: async function (this: KindsOfErrorTests) {
      await whileItRuns(this, cause);
      await afterItEnded(this, cause);
    },
  });
}

async function whileItRuns(test: KindsOfErrorTests, cause: Cause): Promise<void> {
  const sample = withBody(async () => {
    const noticed = new Noticed();
    cause(noticed.now);
    await noticed.promise;
  });
  // One that has thrown still has to end.
  const { outcomes } = await record(Object.assign(sample, { allowLeaks: ['worker'] }));

  test.assertEqual(outcomes.length, 1, outcomes.join());
  test.assertRegex(outcomes[0] ?? '', /^error /);
}

/** It goes wrong after the test is over, while another one runs. */
async function afterItEnded(test: KindsOfErrorTests, cause: Cause): Promise<void> {
  const noticed = new Noticed();
  let goOn: () => void = () => {};
  const first = await record(
    withBody(() => {
      void new Promise<void>((resolve) => {
        goOn = resolve;
      }).then(() => void cause(noticed.now));
    }),
  );
  const second = await record(
    withBody(() => {
      goOn();
      return noticed.promise;
    }),
  );

  test.assertEqual(first.outcomes.length, 2, first.outcomes.join());
  test.assertEqual(first.outcomes[0], 'success');
  test.assertRegex(first.outcomes[1] ?? '', /^late error /);
  test.assertEqual(first.causes, ['late']);
  test.assertEqual(second.outcomes, ['success']);
}

/** Fires when an error is known. */
class Noticed {
  readonly promise: Promise<void>;
  now: () => void = () => {};

  constructor() {
    this.promise = new Promise((resolve) => {
      this.now = () => {
        process.off('uncaughtException', this.now);
        process.off('unhandledRejection', this.now);
        resolve();
      };
      process.on('uncaughtException', this.now);
      process.on('unhandledRejection', this.now);
    });
  }
}

export class EmittedByTheTestTests extends OutcomeTestCase {
  async test_what_comes_behind_it_is_still_the_tests() {
    const { causes } = await this.outcomes(
      () => {
        Reflect.apply(process.emit, process, ['uncaughtException', new Boom(), 'uncaughtException']);
        err(new TypeError());
      },
      'error Boom',
      'error TypeError',
    );

    this.assertEqual(causes, ['unhandled', 'logged']);
  }

  async test_nor_is_what_it_leaves_anybody_elses() {
    const { outcomes } = await runProject(
      this,
      `export class Sample extends TestCase {
        async test_a() {
          process.emit('uncaughtException', new Boom(), 'uncaughtException');
          process.env.TXTRIAL_POEM = 'x';
        }
        test_b() { this.assertIs(process.env.TXTRIAL_POEM, undefined); }
      }`,
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['error LeakError', 'error Boom'], 'Sample.test_b': ['success'] });
  }
}

export class AcceptedSocketTests extends TestCase {
  async test_what_a_module_level_server_accepts_is_the_modules() {
    const { outcomes, loadErrors, status } = await runProject(
      this,
      `
      import * as net from 'node:net';
      const server = net.createServer((socket) => socket.on('data', () => { socket.destroy(); throw new Boom(); }));
      await new Promise((done) => server.listen(0, '127.0.0.1', done).unref());
      export class Sample extends TestCase {
        async test_it() {
          const socket = net.connect(server.address().port, '127.0.0.1');
          socket.on('error', () => {}).write('x');
          await new Promise((done) => { socket.on('close', done); });
        }
      }`,
    );

    this.assertEqual(outcomes, { 'Sample.test_it': ['success'] });
    this.assertEqual(
      loadErrors.map(({ errorName, message }) => [errorName, /in what .* began when it was loaded/.test(message)]),
      [['Boom', true]],
    );
    this.assertEqual(status, 1);
  }
}
