/** Bodies of tests that leave nothing behind, though some of them need a moment to end what they have asked to end. */

const server =
  "const s = net.createServer((c) => c.pipe(c)).listen(0, '127.0.0.1'); await once(s, 'listening'); const { port } = s.address() as net.AddressInfo; this.addCleanup(() => s.close());";
const httpServer = server.replace(
  'net.createServer((c) => c.pipe(c))',
  "http.createServer((q, r) => { q.resume(); r.end('an ode'); })",
);

/** With a key that both know, as certificates are long. */
export const tlsServer =
  "const key = Buffer.alloc(16, 'x'); const psk = { ciphers: 'PSK', maxVersion: 'TLSv1.2' as const, pskCallback: () => ({ psk: key, identity: 'x' }), checkServerIdentity: () => undefined }; const s = tls.createServer({ ciphers: 'PSK', maxVersion: 'TLSv1.2', pskCallback: () => key }, (c) => c.on('error', () => {}).resume()).listen(0, '127.0.0.1'); await once(s, 'listening'); const { port } = s.address() as net.AddressInfo; this.addCleanup(() => s.close());";

export const CLEAN: Readonly<Record<string, string>> = {
  nothing: '',
  clear_timeout_in_finally:
    'const t = setTimeout(() => {}, 5000); try { await sleep(1); } finally { clearTimeout(t); }',
  interval_cleared: 'const t = setInterval(() => {}, 1); await sleep(5); clearInterval(t);',
  timeout_of_nothing: 'setTimeout(() => { setTimeout(() => {}, 0); }, 0);',
  immediate: 'setImmediate(() => {});',
  immediates_at_once: 'for (let i = 0; i < 20; i++) setImmediate(() => {});',
  immediates_in_a_row:
    'let n = 20; const again = () => { if (n-- > 0) setImmediate(again); }; again(); await sleep(20);',
  timer_aborted:
    'const a = new AbortController(); const p = sleep(5000, null, { signal: a.signal }).catch(() => {}); a.abort(); await p;',
  timer_waited_for: 'await sleep(5);',
  timer_iterated: 'for await (const _ of ticks(1)) break;',
  abort_signal_timeout: 'AbortSignal.timeout(5000);',
  abort_signal_listened_to:
    "AbortSignal.timeout(5000).addEventListener('abort', () => {}); AbortSignal.any([AbortSignal.timeout(5000)]).onabort = () => {};",
  scheduler_wait_aborted:
    'const a = new AbortController(); const p = scheduler.wait(5000, { signal: a.signal }).catch(() => {}); a.abort(); await p; await scheduler.yield();',
  timers_iterated_and_returned: 'const i = ticks(1)[Symbol.asyncIterator](); await i.next(); await i.return?.();',
  server_closed: `${server}`,
  server_closed_and_waited_for: `${server} await new Promise((done) => s.close(done));`,
  client_ended: `${server} const c = net.connect(port, '127.0.0.1'); await once(c, 'connect'); c.resume(); c.end();`,
  client_destroyed: `${server} const c = net.connect(port, '127.0.0.1'); await once(c, 'connect'); c.destroy();`,
  echo: `${server} const c = net.connect(port, '127.0.0.1'); c.write('x'); await once(c, 'data'); c.end();`,
  client_by_name: `${server} const c = net.connect(port, 'localhost'); await once(c, 'connect'); c.destroy();`,
  connection_refused: `const c = net.connect(1, '127.0.0.1'); await once(c, 'error');`,
  unix_socket: `const s = net.createServer((c) => c.end()).listen(path); await once(s, 'listening'); const c = net.connect(path); c.resume(); await once(c, 'close'); s.close();`,
  http_keep_alive: `${httpServer} await new Promise<void>((done) => http.get({ port, host: '127.0.0.1' }, (r) => r.resume().on('end', done)));`,
  http_own_agent: `${httpServer} const agent = new http.Agent({ keepAlive: true }); await new Promise<void>((done) => http.get({ port, host: '127.0.0.1', agent }, (r) => r.resume().on('end', done))); agent.destroy();`,
  http_own_agent_kept: `${httpServer} const agent = new http.Agent({ keepAlive: true }); await new Promise<void>((done) => http.get({ port, host: '127.0.0.1', agent }, (r) => r.resume().on('end', done)));`,
  http_own_agent_destroyed_in_flight: `${httpServer.replace("r.end('an ode')", '')} const agent = new http.Agent({ keepAlive: true }); http.get({ port, host: '127.0.0.1', agent }).on('error', () => {}); await once(s, 'request'); agent.destroy();`,
  http_without_keep_alive: `${httpServer} await new Promise<void>((done) => http.get({ port, host: '127.0.0.1', agent: false }, (r) => r.resume().on('end', done)));`,
  http_post: `${httpServer} await new Promise<void>((done) => http.request({ port, host: '127.0.0.1', method: 'POST' }, (r) => r.resume().on('end', done)).end('x'.repeat(100_000)));`,
  fetch: `${httpServer} this.assertEqual(await (await fetch('http://127.0.0.1:' + port)).text(), 'an ode');`,
  fetch_with_timeout: `${httpServer} const r = await fetch('http://127.0.0.1:' + port, { signal: AbortSignal.timeout(5000) }); await r.text();`,
  fetch_aborted: `const s = http.createServer(() => {}).listen(0, '127.0.0.1'); await once(s, 'listening'); this.addCleanup(() => s.close()); const a = new AbortController(); const p = fetch('http://127.0.0.1:' + (s.address() as net.AddressInfo).port, { signal: a.signal }).catch(() => {}); await once(s, 'request'); a.abort(); await p;`,
  http2: `const s = http2.createServer((q, r) => r.end('x')).listen(0, '127.0.0.1'); await once(s, 'listening'); const c = http2.connect('http://127.0.0.1:' + (s.address() as net.AddressInfo).port); const q = c.request({ ':path': '/' }); q.resume(); await once(q, 'end'); c.close(); s.close();`,
  tls: `${tlsServer} const c = tls.connect({ ...psk, port, host: '127.0.0.1' }); await once(c, 'secureConnect'); c.resume(); c.end();`,
  udp_closed: "const u = dgram.createSocket('udp4'); u.bind(0); await once(u, 'listening'); u.close();",
  child_waited_for: "await once(spawn('true'), 'close');",
  child_read_to_its_end: "for await (const _ of spawn('echo', ['x']).stdout) { /* all */ }",
  child_killed: "const c = spawn('sleep', ['30']); await once(c, 'spawn'); c.kill();",
  child_missing: "const c = spawn('/nonexistent/poem'); await once(c, 'exit').catch(() => {});",
  exec_sync: "execSync('true');",
  // The event that it ends comes later, by a different way.
  worker_that_fails:
    "const w = new Worker('throw new Error()', { eval: true }); w.on('error', () => {}); await once(w, 'error').catch(() => {});",
  capture_callback_taken_back:
    'process.setUncaughtExceptionCaptureCallback(() => {}); process.setUncaughtExceptionCaptureCallback(null);',
  worker_waited_for: "await once(new Worker('', { eval: true }), 'exit');",
  worker_terminated:
    "const w = new Worker('setInterval(() => {}, 1000)', { eval: true }); await once(w, 'online'); void w.terminate();",
  channel_closed:
    "const { port1, port2 } = new MessageChannel(); port1.on('message', () => {}); port2.postMessage(1); await once(port1, 'message'); port1.close();",
  channel_closed_by_the_end_of_a_worker:
    "const { port1, port2 } = new MessageChannel(); port2.on('message', () => {}); await once(new Worker('', { eval: true, workerData: port1, transferList: [port1] }), 'exit');",
  broadcast_channel_closed:
    "const c = new BroadcastChannel('poems'); c.onmessage = () => {}; c.postMessage('x'); c.close();",
  structured_clone: 'structuredClone({ a: new Uint8Array(3) });',
  watch_closed: "fs.watch('.').close(); fs.watchFile('.', () => {}); fs.unwatchFile('.');",
  watch_iterated_and_aborted:
    "for (const waits of [true, false]) { const a = new AbortController(); const p = (async () => { for await (const _ of fs.promises.watch('.', { signal: a.signal })); })().catch(() => {}); await sleep(1); a.abort(); if (waits) await p; }",
  watch_aborted: "const a = new AbortController(); fs.watch('.', { signal: a.signal }); a.abort();",
  watch_recursive_closed:
    "fs.mkdirSync(path + '/a', { recursive: true }); fs.watch(path, { recursive: true }).close();",
  files_closed:
    "fs.closeSync(fs.openSync(file)); const h = await open(file); await h.close(); fs.writeFileSync(path, 'x'); await fs.promises.readFile(path);",
  file_read:
    'await fs.promises.readFile(file); await new Promise((done) => fs.readFile(file, done)); await pipeline(fs.createReadStream(file), fs.createWriteStream(path));',
  file_asked_for_at_last: 'await fs.promises.stat(file);',
  missing_file_asked_for_at_last: 'await fs.promises.stat(path).catch(() => {});',
  folder_read_at_last: "await fs.promises.readdir('.', { recursive: true });",
  write_stream_ended: "const w = fs.createWriteStream(path); w.write('x'); w.end();",
  read_stream_destroyed: "const r = fs.createReadStream(file); await once(r, 'readable'); r.destroy();",
  file_being_closed: 'const fd = fs.openSync(file); fs.close(fd, () => {});',
  file_piped_to_a_response:
    "const s = http.createServer((q, r) => { r.setHeader('content-length', fs.statSync(file).size); fs.createReadStream(file).pipe(r); }).listen(0, '127.0.0.1'); await once(s, 'listening'); this.addCleanup(() => s.close()); await new Promise<void>((done) => http.get({ port: (s.address() as net.AddressInfo).port, host: '127.0.0.1' }, (r) => r.resume().on('end', done)));",
  file_being_read_to_its_end: 'fs.createReadStream(file).resume();',
  descriptor_closed_by_a_stream: "fs.createWriteStream('', { fd: fs.openSync(path, 'w') }).end('x');",
  descriptor_closed_after_a_stream:
    "const fd = fs.openSync(path, 'w'); const w = fs.createWriteStream('', { fd, autoClose: false }); await new Promise((done) => w.end('x', () => done(null))); fs.close(fd, () => {});",
  file_handle_closed_by_a_stream: 'const h = await open(file); h.createReadStream().destroy();',
  file_handle_closed_under_a_stream: 'const h = await open(file); h.createReadStream().resume(); void h.close();',
  folders_closed:
    "for await (const _ of await fs.promises.opendir('.')) break; fs.opendirSync('.').closeSync(); void (await fs.promises.opendir('.')).close(); await new Promise<void>((done) => fs.opendir('.', (_, folder) => folder.close(() => done())));",
  folder_read_to_its_end:
    "for await (const _ of await fs.promises.opendir('.')); for await (const _ of fs.opendirSync('.'));",
  file_as_a_blob: 'await (await fs.openAsBlob(file)).text();',
  append_and_remove: "fs.appendFileSync(path, 'x'); await fs.promises.rm(path);",
  dns_waited_for: "await dns.promises.lookup('localhost');",
  dns_of_names_that_cannot_be:
    "const name = 'x'.repeat(300) + '.localhost'; await new Promise((done) => dns.lookup(name, done)); await dns.promises.lookup(name).catch(() => {});",
  dns_resolver:
    "const r = new dns.promises.Resolver({ timeout: 50, tries: 1 }); r.setServers(['127.0.0.1:1']); await r.resolve4('poem.test').catch(() => {}); new dns.Resolver().cancel();",
  crypto_at_once:
    "crypto.randomInt(100); crypto.randomBytes(4); crypto.randomUUID(); crypto.pbkdf2Sync('a', 'b', 1, 8, 'sha1'); crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' }); crypto.createHash('sha1').update('x').digest();",
  crypto_waited_for:
    "await new Promise((done) => crypto.randomBytes(10, done)); await crypto.subtle.digest('SHA-1', new Uint8Array(1));",
  crypto_keys_made:
    "const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']); await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, new Uint8Array(3));",
  listener_removed:
    "const f = () => {}; process.on('exit', f); process.off('exit', f); process.once('SIGUSR2', f); process.removeListener('SIGUSR2', f);",
  env_patched:
    "this.patch(process.env, 'TXTRIAL_POEM', 'x'); const old = process.env.PATH; process.env.PATH = 'y'; process.env.PATH = old;",
  env_replaced_and_restored: "const old = process.env; process.env = { TXTRIAL_POEM: 'x' }; process.env = old;",
  cwd_restored: "const old = process.cwd(); process.chdir('..'); process.chdir(old);",
  stdout_as_a_stream: "fs.createWriteStream('', { fd: 1, autoClose: false }).write('');",
  stdout_as_a_stream_that_ends: "fs.createWriteStream('', { fd: 1, autoClose: false }).end();",
  console_used: "console.log(''); console.error('');",
  stdin_read: "process.stdin.on('data', () => {}); readline.createInterface({ input: process.stdin }).close();",
  inspector: "const s = new inspector.Session(); s.connect(); s.post('Runtime.enable');",
  observers:
    "new PerformanceObserver(() => {}).observe({ entryTypes: ['function', 'gc'] }); monitorEventLoopDelay({ resolution: 10 }).enable(); subscribe('poem', () => {}); createHook({ init() {} }).enable(); new AsyncLocalStorage().enterWith(1); new FinalizationRegistry(() => {}).register({}, 1);",
  zlib: "await new Promise((done) => zlib.gzip('x', done));",
  readline:
    'const r = readline.createInterface({ input: fs.createReadStream(file) }); for await (const _ of r) { /* each line */ }',
  events_on: "const e = new EventEmitter(); setImmediate(() => e.emit('x')); await once(e, 'x');",
  reactor_call_cancelled: 'reactor.callLater(100, () => {}).cancel();',
  reactor_port_closed:
    "const p = reactor.listenTCP(0, new ServerFactory(), { interface: '127.0.0.1' }); await p.stopListening();",
};
