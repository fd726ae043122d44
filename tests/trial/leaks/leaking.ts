/** Bodies of tests that leave something behind: each is one line, so that the line of the leak is known. */

import { tlsServer } from './clean.js';

export interface Leaking {
  readonly kind: string;
  readonly body: string;
  /** Part of the description. */
  readonly says: string;
}

/** By the name of the test; the second is part of the description. */
type Bodies = Readonly<Record<string, string | readonly [body: string, says: string]>>;

function leaks(kind: string, bodies: Bodies): Readonly<Record<string, Leaking>> {
  const entries = Object.entries(bodies).map(([name, given]) => {
    const [body, says = ''] = typeof given === 'string' ? [given] : given;
    return [name, { kind, body, says }];
  });
  return Object.fromEntries(entries);
}

const server =
  "const s = net.createServer((c) => c.resume()).listen(0, '127.0.0.1'); await once(s, 'listening'); const { port } = s.address() as net.AddressInfo; this.addCleanup(() => s.close());";
const httpServer = server.replace('net.createServer((c) => c.resume())', 'http.createServer(() => {})');

/** Asks a port that nobody answers at. */
const resolver = "const r = new dns.Resolver({ timeout: 500, tries: 1 }); r.setServers(['127.0.0.1:1']);";

/** What writes by `fs`, in each way that it can be imported. */
const WRITING: Bodies = Object.fromEntries(
  [
    ...['writeFile', 'appendFile'].flatMap((name) => [
      ...['fs.', 'fsDefault.', '', "require('fs')."].map((from) => [name, `${from}${name}(path, 'x', () => {});`]),
      ...['fs.promises.', 'fsDefault.promises.', 'fsPromises.', "require('fs/promises')."].map((from) => [
        name,
        `void ${from}${name}(path, 'x');`,
      ]),
      [name, `void ${name}Promised(path, 'x');`],
      [name, `void promisify(fs.${name})(path, 'x');`],
    ]),
    ...['fs.', 'fsDefault.', '', "require('fs')."].map((from) => ['write', `${from}write(sink, 'x', () => {});`]),
    ['write', "void promisify(fs.write)(sink, 'x');"],
    ['writev', "fs.writev(sink, [Buffer.from('x')], () => {});"],
  ].map(([name, call], i) => [`writing_${i}`, [`${call} // LEAK`, `.${name}`]] as const),
);

/** `LEAK` stands at the end of the line that the error has to name. */
export const LEAKING: Readonly<Record<string, Leaking>> = {
  ...leaks('timer', {
    set_timeout: ['setTimeout(() => {}, 5000); // LEAK', 'setTimeout of 5000 ms'],
    set_timeout_imported: 'timers.setTimeout(() => {}, 5000); // LEAK',
    set_timeout_required: "require('node:timers').setTimeout(() => {}, 5000); // LEAK",
    set_timeout_after_await: 'await sleep(1);\nsetTimeout(() => {}, 5000); // LEAK',
    set_timeout_soon_over: 'setTimeout(() => {}, 2); // LEAK',
    set_timeout_unrefd: 'setTimeout(() => {}, 5000).unref(); // LEAK',
    set_interval: ['setInterval(() => {}, 50); // LEAK', 'setInterval of 50 ms'],
    timers_promises: ['void sleep(5000); // LEAK', 'timers/promises setTimeout of 5000 ms'],
    timers_promises_interval: ['void ticks(5000).next(); // LEAK', 'setInterval of 5000 ms'],
    timers_promises_iterated: 'const i = ticks(1)[Symbol.asyncIterator](); await i.next(); // LEAK',
    set_timeout_promised: 'void promisify(setTimeout)(5000); // LEAK',
    scheduler_wait: 'void scheduler.wait(5000); // LEAK',
    race: 'await Promise.race([\nsleep(5000), // LEAK\nPromise.resolve()]);',
  }),
  ...leaks('immediate', {
    set_immediate_for_ever: 'const again = () => {\n  setImmediate(again); // LEAK\n};\nagain();',
  }),
  ...leaks('server', {
    tcp_server_by_name: [
      "const s = require('node:net').createServer().listen(0, 'localhost'); // LEAK\nawait once(s, 'listening');",
      'server on',
    ],
    tcp_server: ["net.createServer().listen(0, '127.0.0.1'); // LEAK", 'server on 127.0.0.1:'],
    unix_server: ['net.createServer().listen(path); // LEAK', '.sock'],
    http_server: [
      "const s = http.createServer().listen(0, '127.0.0.1'); // LEAK\nawait once(s, 'listening');",
      'HTTP server on 127.0.0.1:',
    ],
    http2_server: ["http2.createServer().listen(0, '127.0.0.1'); // LEAK", 'Http2Server'],
    tls_server: "tls.createServer().listen(0, '127.0.0.1'); // LEAK",
  }),
  ...leaks('socket', {
    tcp_client: [`${server}\nawait once(net.connect(port, '127.0.0.1'), 'connect'); // LEAK`, 'socket to 127.0.0.1:'],
    tcp_client_by_name: `${server}\nawait once(net.connect(port, 'localhost').on('error', () => {}), 'connect'); // LEAK`,
    unix_client: [
      `const s = net.createServer().listen(path); await once(s, 'listening'); this.addCleanup(() => s.close());\nawait once(net.connect(path), 'connect'); // LEAK`,
      '.sock',
    ],
    unix_accepted: [
      "const s = net.createServer({ allowHalfOpen: true }, (c) => c.resume()).listen(path); // LEAK\nawait once(s, 'listening'); const c = net.connect(path); await once(s, 'connection'); c.destroy(); s.close();",
      '.sock',
    ],
    accepted_socket: [
      "const s = net.createServer({ allowHalfOpen: true }, (c) => c.resume()); await once(\ns.listen(0, '127.0.0.1'), // LEAK\n'listening'); const c = net.connect((s.address() as net.AddressInfo).port, '127.0.0.1'); await once(s, 'connection'); c.destroy(); s.close();",
      'accepted socket',
    ],
    tls_client: [
      `${tlsServer}\nconst c = tls.connect({ ...psk, port, host: '127.0.0.1' }); // LEAK\nawait once(c, 'secureConnect');`,
      'TLSSocket to 127.0.0.1:',
    ],
    http_request: `${httpServer}\nhttp.get({ port, host: '127.0.0.1' }).on('error', () => {}); // LEAK\nawait once(s, 'request');`,
    http_request_of_an_agent_of_ones_own: `${httpServer}\nconst agent = new http.Agent({ keepAlive: true });\nhttp.get({ port, host: '127.0.0.1', agent }).on('error', () => {}); // LEAK\nawait once(s, 'request');`,
    http_response_not_read: `${httpServer.replace('() => {}', "(q, r) => r.write('x'.repeat(1e6))")}\nconst agent = new http.Agent({ keepAlive: true });\nawait new Promise((done) => http.get({ port, host: '127.0.0.1', agent }, done)); // LEAK`,
    socket_read_by_lines: `${server}\nconst c = net.connect(port, '127.0.0.1'); // LEAK\nreadline.createInterface({ input: c }); await once(c, 'connect');`,
    fetch: `${httpServer}\nfetch('http://127.0.0.1:' + port).catch(() => {}); // LEAK\nawait once(s, 'request');`,
  }),
  ...leaks('http2', {
    http2_session: [
      `${server}\nconst c = http2.connect('http://127.0.0.1:' + port); // LEAK\nawait once(c, 'connect');`,
      'session with 127.0.0.1:',
    ],
  }),
  ...leaks('udp', {
    udp: [
      "const u = dgram.createSocket('udp4'); u.bind(0, '127.0.0.1'); // LEAK\nawait once(u, 'listening');",
      'UDP socket on 127.0.0.1:',
    ],
    udp_not_bound: ["dgram.createSocket('udp4'); // LEAK", 'not bound'],
  }),
  ...leaks('process', {
    child_process: ["spawn('sleep', ['30']); // LEAK", 'sleep 30'],
    exec_promised: "promisify(exec)('sleep 30').catch(() => {}); // LEAK",
    fork: ["fs.writeFileSync(path + '.cjs', 'setInterval(() => {}, 1000)');\nfork(path + '.cjs'); // LEAK", '.cjs'],
    exec: "exec('sleep 30', () => {}); // LEAK",
  }),
  ...leaks('worker', {
    worker: "new Worker('setInterval(() => {}, 1000)', { eval: true }); // LEAK",
    worker_unrefd: "new Worker('setInterval(() => {}, 1000)', { eval: true }).unref(); // LEAK",
  }),
  ...leaks('port', {
    message_channel: 'new MessageChannel().port1.onmessage = () => {}; // LEAK',
    message_channel_idle: 'new MessageChannel(); // LEAK',
    broadcast_channel: ["new BroadcastChannel('poems'); // LEAK", 'BroadcastChannel'],
  }),
  ...leaks('watcher', {
    fs_watch: "fs.watch('.'); // LEAK",
    fs_watch_promised: "fs.promises.watch('.')[Symbol.asyncIterator]().next().catch(() => {}); // LEAK",
    fs_watch_recursive: "fs.mkdirSync(path + '/a', { recursive: true });\nfs.watch(path, { recursive: true }); // LEAK",
    fs_watch_file: "fs.watchFile('.', () => {}); // LEAK",
  }),
  ...leaks('file', {
    open_sync: ['fs.openSync(file); // LEAK', 'as descriptor'],
    open_sync_named: 'openSync(file); // LEAK',
    open_sync_required: "require('fs').openSync(file); // LEAK",
    open_callback: 'await new Promise((done) => {\nfs.open(file, done); // LEAK\n});',
    file_handle: ['await fs.promises.open(file); // LEAK', 'FileHandle of'],
    file_handle_named: 'await open(file); // LEAK',
    read_stream: ["const r = fs.createReadStream(file); // LEAK\nawait once(r, 'open');", 'ReadStream of'],
    write_stream: ["const w = fs.createWriteStream(path); // LEAK\nawait once(w, 'open');", 'WriteStream of'],
    read_stream_constructed: ["const r = new fs.ReadStream(file); // LEAK\nawait once(r, 'open');", 'ReadStream of'],
    write_stream_constructed: ["const w = new fs.WriteStream(path); // LEAK\nawait once(w, 'open');", 'WriteStream of'],
    stream_that_does_not_close_at_its_end:
      "const w = fs.createWriteStream(path, { autoClose: false }); // LEAK\nawait new Promise((done) => w.end('x', () => done(null)));",
    descriptor_under_a_stream: [
      "const fd = fs.openSync(file); // LEAK\nfs.createReadStream('', { fd });",
      'as descriptor',
    ],
    descriptor_under_a_stream_that_keeps_it: [
      "const fd = fs.openSync(path, 'w'); // LEAK\nconst w = fs.createWriteStream('', { fd, autoClose: false }); await new Promise((done) => w.end('x', () => done(null)));",
      'as descriptor',
    ],
    stream_of_a_file_handle: ['const h = await open(file); // LEAK\nh.createReadStream();', 'FileHandle of'],
    folder: ["await fs.promises.opendir('.'); // LEAK", 'folder .'],
    folder_sync: ["fs.opendirSync('.'); // LEAK", 'folder .'],
    folder_callback: "await new Promise((done) => {\nfs.opendir('.', done); // LEAK\n});",
  }),
  ...leaks('request', {
    fs_request: ['fs.stat(file, () => {}); // LEAK', 'fs.stat'],
    fs_read_file: 'fs.readFile(file, () => {}); // LEAK',
    ...WRITING,
    fs_promise: 'void fs.promises.stat(file); // LEAK',
    dns_lookup: ["dns.lookup('localhost', () => {}); // LEAK", 'dns.lookup'],
    dns_promise: "void dns.promises.lookup('localhost'); // LEAK",
    dns_resolve: [`${resolver} r.resolve4('poem.test', () => {}); // LEAK`, 'dns.resolve4'],
    dns_resolve_promised: [
      `${resolver.replace('dns.', 'dns.promises.')} r.resolve4('poem.test').catch(() => {}); // LEAK`,
      'dns/promises.resolve4',
    ],
    pbkdf2: "crypto.pbkdf2('a', 'b', 200_000, 64, 'sha512', () => {}); // LEAK",
    random_bytes: 'crypto.randomBytes(10, () => {}); // LEAK',
    scrypt_promised: ["void promisify(crypto.scrypt)('a', 'b', 64); // LEAK", 'crypto.scrypt'],
    subtle_digest: ["void crypto.subtle.digest('SHA-1', new Uint8Array(1)); // LEAK", 'crypto.subtle.digest'],
    subtle_of_the_global: [
      "void globalThis.crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']); // LEAK",
      'crypto.subtle.generateKey',
    ],
    generate_key_pair: "crypto.generateKeyPair('rsa', { modulusLength: 1024 }, () => {}); // LEAK",
  }),
  ...leaks('listener', {
    capture_callback: [
      'process.setUncaughtExceptionCaptureCallback(() => {}); // LEAK',
      'process.setUncaughtExceptionCaptureCallback()',
    ],
    process_listener: ["process.on('exit', () => {}); // LEAK", "process.on('exit')"],
    process_once: "process.once('beforeExit', () => {}); // LEAK",
    process_prepended: "process.prependOnceListener('exit', () => {}); // LEAK",
    process_event_awaited: "void once(process, 'exit'); // LEAK",
  }),
  ...leaks('signal', {
    signal_once: "process.once('SIGHUP', () => {}); // LEAK",
    signal_handler: ["process.on('SIGUSR2', () => {}); // LEAK", "process.on('SIGUSR2')"],
  }),
  ...leaks('env', {
    env_added: ["process.env.TXTRIAL_POEM = 'x'; // LEAK", 'TXTRIAL_POEM was added'],
    env_deleted: ['delete process.env.PATH; // LEAK', 'PATH was deleted'],
    env_imported: ["env.PATH = 'x'; // LEAK", 'PATH was set'],
    env_assigned: "Object.assign(process.env, { TXTRIAL_POEM: 'x' }); // LEAK",
    env_replaced: ["process.env = { ...process.env, TXTRIAL_POEM: 'x' }; // LEAK", 'all of it was replaced'],
    env_file: [
      "fs.writeFileSync(path, 'TXTRIAL_POEM=x');\nprocess.loadEnvFile(path); // LEAK",
      'TXTRIAL_POEM was added',
    ],
  }),
  ...leaks('cwd', {
    cwd: "process.chdir('..'); // LEAK",
    cwd_named: "chdir('..'); // LEAK",
  }),
};
