import { TestCase } from 'txtrial';
import { runProjectUnder } from '../../support/project.js';

/** A server that answers a closing frame late, and never ends its half of a connection. */
const SERVER = `
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const server = http.createServer().listen(0, '127.0.0.1').unref();
server.on('upgrade', (request, socket) => {
  socket.on('error', () => {});
  if (request.url === '/silent') return;
  const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64');
  const head = ['HTTP/1.1 101 Yes', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Accept: ' + accept];
  socket.write(head.join('\\r\\n') + '\\r\\n\\r\\n');
  socket.on('data', (frame) => {
    if ((frame[0] & 15) === 8) setTimeout(() => socket.end(Buffer.from([0x88, 2, 3, 0xe8])), 200);
  });
});
await once(server, 'listening');
const late = net.createServer((socket) => setTimeout(() => socket.end(), 200)).listen(0, '127.0.0.1').unref();
await once(late, 'listening');
const { port } = server.address() as net.AddressInfo;
const url = 'ws://127.0.0.1:' + port;
const named = 'ws://localhost:' + port;
const opened = (socket: WebSocket) => new Promise((done) => (socket.onopen = done));
`;

const LEFT: Readonly<Record<string, string>> = {
  open: 'await opened(new WebSocket(url)); // LEAK',
  by_name: 'await 1;\nawait opened(new WebSocket(named)); // LEAK',
  connecting: 'new WebSocket(url); // LEAK',
  not_answered: "new WebSocket(url + '/silent'); // LEAK\nawait once(server, 'upgrade');",
};

const CLOSED: Readonly<Record<string, string>> = {
  closed: 'const w = new WebSocket(url); await opened(w); w.close();',
  closed_and_waited_for:
    'const w = new WebSocket(url); await opened(w); w.close(); await new Promise((done) => (w.onclose = done));',
  closed_before_it_was_open: 'new WebSocket(url).close();',
  refused: "const w = new WebSocket('ws://127.0.0.1:1'); await new Promise((done) => (w.onerror = done));",
  closed_by_the_package_ws: `
    const socket = net.connect((late.address() as net.AddressInfo).port, '127.0.0.1').resume();
    await once(socket, 'connect');
    Object.assign(socket, { [Symbol('websocket')]: { readyState: 2, close() {} } });`,
};

function tests(bodies: Readonly<Record<string, string>>): string {
  const methods = Object.entries(bodies).map(([name, body]) => `async test_${name}() {\n${body}\n}`);
  return `${SERVER}export class SampleTests extends TestCase {\n${methods.join('\n')}\n}\n`;
}

/** Node 20 has it behind a flag. */
const FLAGS = ['--experimental-websocket'];

export class WebSocketTests extends TestCase {
  static timeout = 30;

  async test_one_that_is_left_is_found_at_its_line_and_once() {
    const { events, loadErrors } = await runProjectUnder(this, FLAGS, tests(LEFT));

    const started = events.flatMap((event) => (event.type === 'testStarted' ? [event] : []));
    const finished = events.flatMap((event) => (event.type === 'testFinished' ? [event] : []));
    this.assertEqual(started.length, Object.keys(LEFT).length);
    for (const [i, { id, line = 0 }] of started.entries()) {
      const body = LEFT[id.split('.test_').at(-1) ?? '']?.split('\n') ?? [];
      const at = line + 1 + body.findIndex((text) => text.endsWith('// LEAK'));
      const leaks = finished[i]?.outcomes.map(({ leak }) => [leak?.kind, leak?.place.replace(/^.*[\\/]|:\d+$/g, '')]);
      this.assertEqual(leaks, [['socket', `test_sample.ts:${at}`]], id);
    }
    // The server's ends are closed with them.
    this.assertEqual(loadErrors, []);
  }

  async test_one_is_called_so() {
    const { events } = await runProjectUnder(this, FLAGS, tests(LEFT));

    const finished = events.find((event) => event.type === 'testFinished' && event.id.endsWith('.test_open'));
    const [outcome] = finished?.type === 'testFinished' ? finished.outcomes : [];
    this.assertRegex(
      (outcome?.kind === 'error' && outcome.message) || '',
      /: WebSocket to 127\.0\.0\.1:\d+, from port \d+/,
    );
  }

  async test_one_that_was_asked_to_close_is_waited_for() {
    const { outcomes, loadErrors } = await runProjectUnder(this, FLAGS, tests(CLOSED));

    this.assertEqual(Object.values(outcomes), Array(Object.keys(CLOSED).length).fill(['success']));
    this.assertEqual(loadErrors, []);
  }
}
