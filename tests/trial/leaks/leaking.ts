/** Bodies of tests that leave something behind: each is one line, so that the line of the leak is known. */

import { tlsServer } from './clean.js';

export interface Leaking {
  readonly kind: string;
  readonly body: string;
  /** Part of the description. */
  readonly says?: string;
}

const server =
  "const s = net.createServer((c) => c.resume()).listen(0, '127.0.0.1'); await once(s, 'listening'); const { port } = s.address() as net.AddressInfo; this.addCleanup(() => s.close());";
const httpServer = server.replace('net.createServer((c) => c.resume())', 'http.createServer(() => {})');

/** Asks a port that nobody answers at. */
const resolver = "const r = new dns.Resolver({ timeout: 500, tries: 1 }); r.setServers(['127.0.0.1:1']);";

/** What writes by `fs`, in each way that it can be imported. */
const WRITING: Readonly<Record<string, Leaking>> = Object.fromEntries(
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
  ].map(([name, call], i) => [`writing_${i}`, { kind: 'request', body: `${call} // LEAK`, says: `.${name}` }]),
);

/** `LEAK` stands at the end of the line that the error has to name. */
export const LEAKING: Readonly<Record<string, Leaking>> = {
  set_timeout: { kind: 'timer', body: 'setTimeout(() => {}, 5000); // LEAK', says: 'setTimeout of 5000 ms' },
  set_timeout_imported: { kind: 'timer', body: 'timers.setTimeout(() => {}, 5000); // LEAK' },
  set_timeout_required: { kind: 'timer', body: "require('node:timers').setTimeout(() => {}, 5000); // LEAK" },
  set_timeout_after_await: { kind: 'timer', body: 'await sleep(1);\nsetTimeout(() => {}, 5000); // LEAK' },
  set_timeout_soon_over: { kind: 'timer', body: 'setTimeout(() => {}, 2); // LEAK' },
  set_timeout_unrefd: { kind: 'timer', body: 'setTimeout(() => {}, 5000).unref(); // LEAK' },
  set_interval: { kind: 'timer', body: 'setInterval(() => {}, 50); // LEAK', says: 'setInterval of 50 ms' },
  set_immediate_for_ever: {
    kind: 'immediate',
    body: 'const again = () => {\n  setImmediate(again); // LEAK\n};\nagain();',
  },
  timers_promises: { kind: 'timer', body: 'void sleep(5000); // LEAK', says: 'timers/promises setTimeout of 5000 ms' },
  timers_promises_interval: { kind: 'timer', body: 'void ticks(5000).next(); // LEAK', says: 'setInterval of 5000 ms' },
  timers_promises_iterated: {
    kind: 'timer',
    body: 'const i = ticks(1)[Symbol.asyncIterator](); await i.next(); // LEAK',
  },
  set_timeout_promised: { kind: 'timer', body: 'void promisify(setTimeout)(5000); // LEAK' },
  scheduler_wait: { kind: 'timer', body: 'void scheduler.wait(5000); // LEAK' },
  race: { kind: 'timer', body: 'await Promise.race([\nsleep(5000), // LEAK\nPromise.resolve()]);' },
  tcp_server_by_name: {
    kind: 'server',
    body: "const s = require('node:net').createServer().listen(0, 'localhost'); // LEAK\nawait once(s, 'listening');",
    says: 'server on',
  },
  tcp_server: {
    kind: 'server',
    body: "net.createServer().listen(0, '127.0.0.1'); // LEAK",
    says: 'server on 127.0.0.1:',
  },
  unix_server: { kind: 'server', body: 'net.createServer().listen(path); // LEAK', says: '.sock' },
  http_server: {
    kind: 'server',
    body: "const s = http.createServer().listen(0, '127.0.0.1'); // LEAK\nawait once(s, 'listening');",
    says: 'HTTP server on 127.0.0.1:',
  },
  http2_server: { kind: 'server', body: "http2.createServer().listen(0, '127.0.0.1'); // LEAK", says: 'Http2Server' },
  tls_server: { kind: 'server', body: "tls.createServer().listen(0, '127.0.0.1'); // LEAK" },
  tcp_client: {
    kind: 'socket',
    body: `${server}\nawait once(net.connect(port, '127.0.0.1'), 'connect'); // LEAK`,
    says: 'socket to 127.0.0.1:',
  },
  tcp_client_by_name: {
    kind: 'socket',
    body: `${server}\nawait once(net.connect(port, 'localhost').on('error', () => {}), 'connect'); // LEAK`,
  },
  unix_client: {
    kind: 'socket',
    body: `const s = net.createServer().listen(path); await once(s, 'listening'); this.addCleanup(() => s.close());\nawait once(net.connect(path), 'connect'); // LEAK`,
    says: '.sock',
  },
  unix_accepted: {
    kind: 'socket',
    body: "const s = net.createServer({ allowHalfOpen: true }, (c) => c.resume()).listen(path); // LEAK\nawait once(s, 'listening'); const c = net.connect(path); await once(s, 'connection'); c.destroy(); s.close();",
    says: '.sock',
  },
  accepted_socket: {
    kind: 'socket',
    body: "const s = net.createServer({ allowHalfOpen: true }, (c) => c.resume()); await once(\ns.listen(0, '127.0.0.1'), // LEAK\n'listening'); const c = net.connect((s.address() as net.AddressInfo).port, '127.0.0.1'); await once(s, 'connection'); c.destroy(); s.close();",
    says: 'accepted socket',
  },
  tls_client: {
    kind: 'socket',
    body: `${tlsServer}\nconst c = tls.connect({ ...psk, port, host: '127.0.0.1' }); // LEAK\nawait once(c, 'secureConnect');`,
    says: 'TLSSocket to 127.0.0.1:',
  },
  http_request: {
    kind: 'socket',
    body: `${httpServer}\nhttp.get({ port, host: '127.0.0.1' }).on('error', () => {}); // LEAK\nawait once(s, 'request');`,
  },
  http_request_of_an_agent_of_ones_own: {
    kind: 'socket',
    body: `${httpServer}\nconst agent = new http.Agent({ keepAlive: true });\nhttp.get({ port, host: '127.0.0.1', agent }).on('error', () => {}); // LEAK\nawait once(s, 'request');`,
  },
  http_response_not_read: {
    kind: 'socket',
    body: `${httpServer.replace('() => {}', "(q, r) => r.write('x'.repeat(1e6))")}\nconst agent = new http.Agent({ keepAlive: true });\nawait new Promise((done) => http.get({ port, host: '127.0.0.1', agent }, done)); // LEAK`,
  },
  socket_read_by_lines: {
    kind: 'socket',
    body: `${server}\nconst c = net.connect(port, '127.0.0.1'); // LEAK\nreadline.createInterface({ input: c }); await once(c, 'connect');`,
  },
  http2_session: {
    kind: 'http2',
    body: `${server}\nconst c = http2.connect('http://127.0.0.1:' + port); // LEAK\nawait once(c, 'connect');`,
    says: 'session with 127.0.0.1:',
  },
  fetch: {
    kind: 'socket',
    body: `${httpServer}\nfetch('http://127.0.0.1:' + port).catch(() => {}); // LEAK\nawait once(s, 'request');`,
  },
  udp: {
    kind: 'udp',
    body: "const u = dgram.createSocket('udp4'); u.bind(0, '127.0.0.1'); // LEAK\nawait once(u, 'listening');",
    says: 'UDP socket on 127.0.0.1:',
  },
  udp_not_bound: { kind: 'udp', body: "dgram.createSocket('udp4'); // LEAK", says: 'not bound' },
  child_process: { kind: 'process', body: "spawn('sleep', ['30']); // LEAK", says: 'sleep 30' },
  exec_promised: { kind: 'process', body: "promisify(exec)('sleep 30').catch(() => {}); // LEAK" },
  fork: {
    kind: 'process',
    body: "fs.writeFileSync(path + '.cjs', 'setInterval(() => {}, 1000)');\nfork(path + '.cjs'); // LEAK",
    says: '.cjs',
  },
  exec: { kind: 'process', body: "exec('sleep 30', () => {}); // LEAK" },
  worker: { kind: 'worker', body: "new Worker('setInterval(() => {}, 1000)', { eval: true }); // LEAK" },
  worker_unrefd: { kind: 'worker', body: "new Worker('setInterval(() => {}, 1000)', { eval: true }).unref(); // LEAK" },
  message_channel: { kind: 'port', body: 'new MessageChannel().port1.onmessage = () => {}; // LEAK' },
  message_channel_idle: { kind: 'port', body: 'new MessageChannel(); // LEAK' },
  broadcast_channel: { kind: 'port', body: "new BroadcastChannel('poems'); // LEAK", says: 'BroadcastChannel' },
  fs_watch: { kind: 'watcher', body: "fs.watch('.'); // LEAK" },
  fs_watch_promised: {
    kind: 'watcher',
    body: "fs.promises.watch('.')[Symbol.asyncIterator]().next().catch(() => {}); // LEAK",
  },
  fs_watch_recursive: {
    kind: 'watcher',
    body: "fs.mkdirSync(path + '/a', { recursive: true });\nfs.watch(path, { recursive: true }); // LEAK",
  },
  fs_watch_file: { kind: 'watcher', body: "fs.watchFile('.', () => {}); // LEAK" },
  open_sync: { kind: 'file', body: 'fs.openSync(file); // LEAK', says: 'as descriptor' },
  open_sync_named: { kind: 'file', body: 'openSync(file); // LEAK' },
  open_sync_required: { kind: 'file', body: "require('fs').openSync(file); // LEAK" },
  open_callback: { kind: 'file', body: 'await new Promise((done) => {\nfs.open(file, done); // LEAK\n});' },
  file_handle: { kind: 'file', body: 'await fs.promises.open(file); // LEAK', says: 'FileHandle of' },
  file_handle_named: { kind: 'file', body: 'await open(file); // LEAK' },
  read_stream: {
    kind: 'file',
    body: "const r = fs.createReadStream(file); // LEAK\nawait once(r, 'open');",
    says: 'ReadStream of',
  },
  write_stream: {
    kind: 'file',
    body: "const w = fs.createWriteStream(path); // LEAK\nawait once(w, 'open');",
    says: 'WriteStream of',
  },
  read_stream_constructed: {
    kind: 'file',
    body: "const r = new fs.ReadStream(file); // LEAK\nawait once(r, 'open');",
    says: 'ReadStream of',
  },
  write_stream_constructed: {
    kind: 'file',
    body: "const w = new fs.WriteStream(path); // LEAK\nawait once(w, 'open');",
    says: 'WriteStream of',
  },
  stream_that_does_not_close_at_its_end: {
    kind: 'file',
    body: "const w = fs.createWriteStream(path, { autoClose: false }); // LEAK\nawait new Promise((done) => w.end('x', () => done(null)));",
  },
  descriptor_under_a_stream: {
    kind: 'file',
    body: "const fd = fs.openSync(file); // LEAK\nfs.createReadStream('', { fd });",
    says: 'as descriptor',
  },
  descriptor_under_a_stream_that_keeps_it: {
    kind: 'file',
    body: "const fd = fs.openSync(path, 'w'); // LEAK\nconst w = fs.createWriteStream('', { fd, autoClose: false }); await new Promise((done) => w.end('x', () => done(null)));",
    says: 'as descriptor',
  },
  stream_of_a_file_handle: {
    kind: 'file',
    body: 'const h = await open(file); // LEAK\nh.createReadStream();',
    says: 'FileHandle of',
  },
  folder: { kind: 'file', body: "await fs.promises.opendir('.'); // LEAK", says: 'folder .' },
  folder_sync: { kind: 'file', body: "fs.opendirSync('.'); // LEAK", says: 'folder .' },
  folder_callback: { kind: 'file', body: "await new Promise((done) => {\nfs.opendir('.', done); // LEAK\n});" },
  fs_request: { kind: 'request', body: 'fs.stat(file, () => {}); // LEAK', says: 'fs.stat' },
  fs_read_file: { kind: 'request', body: 'fs.readFile(file, () => {}); // LEAK' },
  ...WRITING,
  fs_promise: { kind: 'request', body: 'void fs.promises.stat(file); // LEAK' },
  dns_lookup: { kind: 'request', body: "dns.lookup('localhost', () => {}); // LEAK", says: 'dns.lookup' },
  dns_promise: { kind: 'request', body: "void dns.promises.lookup('localhost'); // LEAK" },
  dns_resolve: {
    kind: 'request',
    body: `${resolver} r.resolve4('poem.test', () => {}); // LEAK`,
    says: 'dns.resolve4',
  },
  dns_resolve_promised: {
    kind: 'request',
    body: `${resolver.replace('dns.', 'dns.promises.')} r.resolve4('poem.test').catch(() => {}); // LEAK`,
    says: 'dns/promises.resolve4',
  },
  pbkdf2: { kind: 'request', body: "crypto.pbkdf2('a', 'b', 200_000, 64, 'sha512', () => {}); // LEAK" },
  random_bytes: { kind: 'request', body: 'crypto.randomBytes(10, () => {}); // LEAK' },
  scrypt_promised: {
    kind: 'request',
    body: "void promisify(crypto.scrypt)('a', 'b', 64); // LEAK",
    says: 'crypto.scrypt',
  },
  subtle_digest: {
    kind: 'request',
    body: "void crypto.subtle.digest('SHA-1', new Uint8Array(1)); // LEAK",
    says: 'crypto.subtle.digest',
  },
  subtle_of_the_global: {
    kind: 'request',
    body: "void globalThis.crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']); // LEAK",
    says: 'crypto.subtle.generateKey',
  },
  generate_key_pair: {
    kind: 'request',
    body: "crypto.generateKeyPair('rsa', { modulusLength: 1024 }, () => {}); // LEAK",
  },
  process_listener: { kind: 'listener', body: "process.on('exit', () => {}); // LEAK", says: "process.on('exit')" },
  process_once: { kind: 'listener', body: "process.once('beforeExit', () => {}); // LEAK" },
  process_prepended: { kind: 'listener', body: "process.prependOnceListener('exit', () => {}); // LEAK" },
  process_event_awaited: { kind: 'listener', body: "void once(process, 'exit'); // LEAK" },
  signal_once: { kind: 'signal', body: "process.once('SIGHUP', () => {}); // LEAK" },
  signal_handler: { kind: 'signal', body: "process.on('SIGUSR2', () => {}); // LEAK", says: "process.on('SIGUSR2')" },
  env_added: { kind: 'env', body: "process.env.TXTRIAL_POEM = 'x'; // LEAK", says: 'TXTRIAL_POEM was added' },
  env_deleted: { kind: 'env', body: 'delete process.env.PATH; // LEAK', says: 'PATH was deleted' },
  env_imported: { kind: 'env', body: "env.PATH = 'x'; // LEAK", says: 'PATH was set' },
  env_assigned: { kind: 'env', body: "Object.assign(process.env, { TXTRIAL_POEM: 'x' }); // LEAK" },
  env_replaced: {
    kind: 'env',
    body: "process.env = { ...process.env, TXTRIAL_POEM: 'x' }; // LEAK",
    says: 'all of it was replaced',
  },
  env_file: {
    kind: 'env',
    body: "fs.writeFileSync(path, 'TXTRIAL_POEM=x');\nprocess.loadEnvFile(path); // LEAK",
    says: 'TXTRIAL_POEM was added',
  },
  cwd: { kind: 'cwd', body: "process.chdir('..'); // LEAK" },
  cwd_named: { kind: 'cwd', body: "chdir('..'); // LEAK" },
};
