import { TestCase } from 'txtrial';
import { runProject } from '../../support/project.js';

const SOURCE = `
import { SynchronousTestCase } from ${JSON.stringify(import.meta.resolve('txtrial'))};
import { deferLater } from ${JSON.stringify(import.meta.resolve('txtrial/internet'))};
function spin() {
  for (;;);
}
export class BlockedTests extends TestCase {
  static timeout = 0.1;
  tearDown() { console.log('torn down ' + this.id().split('.').pop()); }
  test_at_once() {
    this.addCleanup(() => console.log('cleaned up'));
    spin();
  }
  async test_microtasks() { for (;;) await null; }
  test_timer() { return new Promise((done) => setTimeout(() => done(spin()), 1)); }
  test_immediate() { return new Promise((done) => setImmediate(() => done(spin()))); }
  test_reactor() {
    const never = new Deferred();
    reactor.callLater(0, spin);
    return never;
  }
  test_what_catches() { try { spin(); } catch {} finally { console.log('never'); } }
}
export class BlockedSynchronousTests extends SynchronousTestCase {
  timeout = 0.1;
  test_at_once() { spin(); }
}
export class FreeTests extends TestCase {
  test_deferred() { return deferLater(reactor, 0.01); }
  async test_promise() {
    await null;
    await new Promise((done) => setTimeout(done, 1));
  }
  test_context() {
    return new Promise((done) => setImmediate(() => done(fail(new Boom()).addErrback(() => 0))));
  }
  @timeout(0.05) test_computes_a_little_too_long() {
    const end = Date.now() + 300;
    while (Date.now() < end);
  }
}
`;

const QUEUES = `
export class BlockedTests extends TestCase {
  static timeout = 0.1;
  test_a_first_immediate() {
    return new Promise(() => {
      setImmediate(() => { for (;;); });
      setImmediate(() => { throw new Boom('behind it'); });
      setImmediate(() => {});
    });
  }
  test_b_second_immediate() {
    return new Promise(() => {
      setImmediate(() => setImmediate(() => {}));
      setImmediate(() => { for (;;); });
      setImmediate(() => { throw new Boom('behind it'); });
    });
  }
  test_c_timer() { return new Promise(() => setTimeout(() => { for (;;); }, 1)); }
  test_d_interval() { return new Promise(() => setInterval(() => { for (;;); }, 1)); }
}
export class FreeTests extends TestCase {
  static timeout = 60;
  async test_nothing_is_left_in_the_queues() {
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
    this.assertEqual(process.getActiveResourcesInfo().filter((name) => /Timeout|Immediate/.test(name)), []);
    await new Promise(() => {});
  }
}
`;

const PROTOCOLS = `
import { ClientFactory, Protocol, ServerFactory } from ${JSON.stringify(import.meta.resolve('txtrial/internet'))};
function answerOf(test, answer) {
  class Server extends Protocol {
    dataReceived(data) { this.transport.write(answer(data)); this.transport.loseConnection(); }
  }
  const received = new Deferred();
  class Client extends Protocol {
    text = '';
    connectionMade() { this.transport.write('question'); }
    dataReceived(data) { this.text += data; }
    connectionLost() { received.callback(this.text); }
  }
  const port = reactor.listenTCP(0, ServerFactory.forProtocol(Server), { interface: '127.0.0.1' });
  test.addCleanup(() => port.stopListening());
  reactor.connectTCP('127.0.0.1', port.getHost().port, ClientFactory.forProtocol(Client));
  return received;
}
export class BlockedTests extends TestCase {
  static timeout = 0.3;
  test_protocol() { return answerOf(this, () => { for (;;); }); }
}
export class FreeTests extends TestCase {
  static timeout = 60;
  async test_protocol() { this.assertEqual(await answerOf(this, (data) => data + '!'), 'question!'); }
}
`;

/** A test that blocks the event loop is cut off when its time is over, and the run goes on. */
export class BlockingTests extends TestCase {
  static timeout = 100;

  async test_cut_off() {
    const source = SOURCE.replace('{ SynchronousTestCase }', '{ SynchronousTestCase, timeout }');

    const { outcomes, events, totals, status } = await runProject(this, source);

    for (const [id, kinds] of Object.entries(outcomes)) {
      this.assertEqual(kinds, [id.startsWith('FreeTests.') ? 'success' : 'error TimeoutError'], id);
    }
    this.assertEqual(Object.keys(outcomes).length, 11);
    this.assertEqual([totals?.errors, totals?.successes, status], [7, 4, 1]);
    const output = events.map((event) => (event.type === 'output' ? event.text : '')).join('');
    this.assertEqual(output.match(/torn down/g)?.length, 6);
    this.assertSubstring('cleaned up', output);
    this.assertNotSubstring('never', output);
    for (const event of events) {
      if (event.type !== 'testFinished' || event.id.includes('Free')) continue;
      const [outcome] = event.outcomes;
      this.assertSubstring('blocks the event loop, still at 0.1 secs', outcome?.message ?? '', event.id);
      this.assertRegex(outcome?.stack ?? '', /test_sample\.ts:\d+/, event.id);
      this.assertEqual(outcome?.cause, 'timeout');
    }
  }

  async test_what_is_pending_is_told() {
    const source = `
      export class ATests extends TestCase {
        static timeout = 0.1;
        async test_a() {
          const waitedFor = new Deferred();
          reactor.callLater(50, () => {});
          log.msg('about to block');
          await null;
          setTimeout(() => { for (;;); }, 1);
          await waitedFor;
        }
      }`;

    const { events } = await runProject(this, source);

    const finished = events.find((event) => event.type === 'testFinished');
    const { message = '', stack = '' } = finished?.outcomes[0] ?? {};
    const lines = message.split('\n');
    this.assertSubstring('ATests.test_a (test_a) blocks the event loop, still at 0.1 secs', lines[0] ?? '');
    for (const [i, pattern] of [
      /^Deferreds without a result:$/,
      /^ {2}<Deferred pending>, made at .*test_sample\.ts:10:/,
      /^Pending calls:$/,
      /^ {2}<DelayedCall .*, made at .*test_sample\.ts:11:/,
      /^Timers, sockets and the like:$/,
      /^ {2}setTimeout of 1 ms, made at .*test_sample\.ts:14:/,
      /^The last log lines:$/,
      / about to block$/,
    ].entries()) {
      this.assertRegex(lines[i + 1] ?? '', pattern, message);
    }
    this.assertRegex(stack.slice(message.length), /^.*\n +at .*test_sample\.ts:14:/s);
  }

  async test_without_timeouts_nothing_is_cut_off() {
    const source = `
      export class ATests extends TestCase {
        test_a() {
          const end = Date.now() + 1500;
          while (Date.now() < end);
        }
      }`;

    const { outcomes } = await runProject(this, source, '--timeout', '0');

    this.assertEqual(outcomes, { 'ATests.test_a': ['success'] });
  }

  async test_timers_and_immediates_go_on_where_one_is_cut_off() {
    const { outcomes, totals } = await runProject(this, QUEUES);

    this.assertEqual(outcomes, {
      'BlockedTests.test_a_first_immediate': ['error TimeoutError', 'error Boom'],
      'BlockedTests.test_b_second_immediate': ['error TimeoutError', 'error Boom'],
      'BlockedTests.test_c_timer': ['error TimeoutError'],
      'BlockedTests.test_d_interval': ['error TimeoutError'],
      'FreeTests.test_nothing_is_left_in_the_queues': ['error TimeoutError'],
    });
    this.assertEqual(totals?.errors, 7);
  }

  async test_what_protocols_write_goes_out_after_one_was_cut_off() {
    const { outcomes } = await runProject(this, PROTOCOLS);

    this.assertEqual(outcomes['BlockedTests.test_protocol']?.[0], 'error TimeoutError');
    this.assertEqual(outcomes['FreeTests.test_protocol'], ['success']);
  }
}
