import { TestCase } from 'txtrial';
import { runProject } from '../../support/project.js';

const SOURCE = `
import dgram from 'node:dgram';
import dns, { lookup } from 'node:dns';
import { resolve4 } from 'node:dns/promises';
import http from 'node:http';
import * as net from 'node:net';
import tls from 'node:tls';
import { ClientFactory } from ${JSON.stringify(import.meta.resolve('txtrial/internet'))};

// Addresses for documentation (RFC 5737), and a name that nobody has (RFC 2606).
const AFAR = '192.0.2.1';
const errorOf = (emitter) => new Promise((heard) => emitter.on('error', heard));
const lookupTo = (address) => (_host, options, done) =>
  options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4);

export class RefusedTests extends TestCase {
  async test_swallowed() {
    try { await fetch('http://txtrial.invalid/'); } catch {}
  }
  async test_passed_on() { await fetch('http://' + AFAR); }
  test_http() { return errorOf(http.get('http://txtrial.invalid')); }
  test_tls() { return errorOf(tls.connect(443, 'txtrial.invalid')); }
  test_net() { return errorOf(net.connect(80, AFAR)); }
  test_net_with_options() { return errorOf(new net.Socket().connect({ host: AFAR, port: 80 })); }
  test_IPv6() { return errorOf(net.connect(80, '2001:db8::1')); }
  async test_unheard() {
    net.connect(80, AFAR);
    await new Promise((turn) => setImmediate(turn));
  }
  test_own_lookup() { return errorOf(net.connect({ host: 'local.test', port: 1, lookup: lookupTo(AFAR) })); }
  test_own_lookup_of_a_local_name() {
    return errorOf(net.connect({ host: 'localhost', port: 1, lookup: lookupTo(AFAR) }));
  }
  async test_datagram() {
    const socket = dgram.createSocket('udp4');
    await new Promise((done) => socket.send('x', 53, AFAR, done));
    await new Promise((done) => socket.close(done));
  }
  async test_connected_datagram() {
    const socket = dgram.createSocket('udp4');
    await new Promise((done) => socket.connect(53, AFAR, done));
    await new Promise((done) => socket.close(done));
  }
  test_name() { return new Promise((done) => lookup('txtrial.invalid', done)); }
  test_name_with_options() { return new Promise((done) => dns.lookup('txtrial.invalid', { all: true }, done)); }
  test_name_promised() { return dns.promises.lookup('txtrial.invalid').catch(() => 'taken'); }
  test_name_of_a_number() { return new Promise((done) => dns.lookupService(AFAR, 80, done)); }
  test_question() { return new Promise((done) => dns.resolveMx('txtrial.invalid', done)); }
  test_question_promised() { return resolve4('txtrial.invalid').catch(() => 'taken'); }
  test_question_of_a_number() { return dns.promises.reverse(AFAR).catch(() => 'taken'); }
  test_resolver() { return new Promise((done) => new dns.Resolver().resolve('txtrial.invalid', 'TXT', done)); }
  test_resolver_promised() {
    const resolver = new dns.promises.Resolver();
    resolver.setServers(['127.0.0.1:53', AFAR]);
    return resolver.resolve4('txtrial.invalid').catch(() => 'taken');
  }
  test_lookup_of_nodes() { return errorOf(net.connect({ host: 'local.test', port: 1, lookup: dns.lookup })); }
  test_reactor() {
    const failed = new Deferred();
    class Factory extends ClientFactory {
      clientConnectionFailed(_connector, reason) { failed.errback(reason); }
    }
    reactor.connectTCP(AFAR, 80, new Factory());
    return failed.addErrback(() => 'taken');
  }
}

export class AllowedTests extends TestCase {
  async setUp() {
    this.server = http.createServer((_request, response) => response.end('here')).listen(0);
    await new Promise((listening) => this.server.once('listening', listening));
    this.port = this.server.address().port;
  }
  tearDown() {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(closed));
  }
  async #ask(options) {
    const status = await new Promise((done, failed) => {
      http.get({ port: this.port, agent: false, ...options }, (answer) => {
        answer.resume().on('end', () => done(answer.statusCode));
      }).on('error', failed);
    });
    this.assertEqual(status, 200);
  }
  test_localhost() { return this.#ask({ host: 'localhost' }); }
  test_subdomain_of_localhost() { return this.#ask({ host: 'a.localhost', lookup: lookupTo('127.0.0.1') }); }
  test_number() { return this.#ask({ host: '127.0.0.1' }); }
  test_another_number() { return this.#ask({ host: '127.1.2.3' }); }
  test_mapped_number() { return this.#ask({ host: '::ffff:127.0.0.1' }); }
  test_no_host() { return this.#ask({}); }
  test_name_that_is_looked_up_here() { return this.#ask({ host: 'local.test', lookup: lookupTo('127.0.0.1') }); }
  async test_fetch() {
    const answer = await fetch('http://127.0.0.1:' + this.port, { headers: { connection: 'close' } });
    this.assertEqual(await answer.text(), 'here');
  }
  async test_names() {
    for (const name of ['localhost', '127.0.0.1', '192.0.2.1', '::1']) await dns.promises.lookup(name).catch(() => {});
    await dns.promises.lookupService('127.0.0.1', 80);
    await new Promise((done) => lookup('localhost', done));
    this.assertRaises(TypeError, () => dns.lookup('localhost'));
  }
  async test_name_server_of_ones_own() {
    const server = dgram.createSocket('udp4', (question, { port, address }) => {
      const answer = Buffer.from(question);
      answer[2] |= 0x80;
      answer[3] |= 3; // No such name.
      server.send(answer, port, address);
    });
    await new Promise((bound) => server.bind(0, '127.0.0.1', bound));
    for (const { Resolver } of [dns, dns.promises]) {
      const resolver = new Resolver();
      resolver.setServers(['127.0.0.1:' + server.address().port]);
      const code = await new Promise((told) => {
        const told_ = (error) => told(error.code);
        resolver.resolve4('txtrial.invalid', told_)?.catch?.(told_);
      });
      this.assertEqual(code, 'ENOTFOUND');
    }
    await new Promise((done) => server.close(done));
  }
  async test_datagram() {
    const receiver = dgram.createSocket('udp4');
    await new Promise((bound) => receiver.bind(0, '127.0.0.1', bound));
    const arrived = new Promise((heard) => receiver.on('message', heard));
    const sender = dgram.createSocket('udp4');
    sender.send('x', receiver.address().port, '127.0.0.1');
    await arrived;
    for (const socket of [sender, receiver]) await new Promise((done) => socket.close(done));
  }
}
`;

/** `--network=loopback`: nothing leaves this machine, and whatever wants to is an error of the test. */
export class LoopbackOnlyTests extends TestCase {
  static timeout = 60;

  async test_refused_and_allowed() {
    const run = await runProject(this, SOURCE, '--network', 'loopback');

    for (const [id, outcomes] of Object.entries(run.outcomes)) {
      const refused = id.endsWith('.test_passed_on') ? ['error TypeError'] : ['error NetworkRefusedError'];
      // What is passed on counts once, as what it was made into.
      this.assertEqual(outcomes, id.startsWith('AllowedTests.') ? ['success'] : refused, id);
    }
    this.assertEqual(Object.keys(run.outcomes).length, 34);
    this.assertEqual(run.loadErrors, []);
    this.assertEqual(run.status, 1);
  }

  async test_says_what_and_where() {
    const source = `import net from 'node:net';
      export class ATests extends TestCase {
        test_a() {
          return new Promise((heard) => net.connect(80, '192.0.2.1').on('error', heard));
        }
      }`;

    const { events } = await runProject(this, source, '--network', 'loopback');

    const finished = events.find((event) => event.type === 'testFinished');
    const [outcome] = finished?.outcomes ?? [];
    this.assertSubstring('192.0.2.1:80', outcome?.message ?? '');
    this.assertRegex(outcome?.stack ?? '', /test_sample\.ts:\d+:\d+/);
  }

  async test_other_policies_are_unknown() {
    const { status, stderr } = await runProject(this, '', '--network', 'lan');

    this.assertEqual(status, 2);
    this.assertSubstring("Cannot use 'lan' for --network: it takes any or loopback.", stderr);
  }
}
