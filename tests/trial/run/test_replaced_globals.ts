import { TestCase } from 'txtrial';
import { runProject } from '../../support/project.js';

/** What tests put in place of Node's own and do not put back. */
const REPLACEMENTS: Readonly<Record<string, readonly string[]>> = {
  promises: ['globalThis.Promise = broken'],
  promise_methods: ['Promise.resolve = broken', 'Promise.prototype.then = broken'],
  timers: ['setTimeout', 'setImmediate', 'clearTimeout', 'queueMicrotask'].map((name) => `globalThis.${name} = broken`),
  clocks: ['globalThis.Date = broken', 'globalThis.performance = { now: broken }', 'process.hrtime = broken'],
  clock_methods: ['Date.now = broken', 'performance.now = broken', 'process.getActiveResourcesInfo = broken'],
  stacks: ['Error.captureStackTrace = broken', 'Error.prepareStackTrace = broken', 'Error.stackTraceLimit = undefined'],
  call_sites: ['Error.prepareStackTrace = (_, sites) => sites', 'Error.stackTraceLimit = 0'],
  others: [
    'JSON.stringify = broken',
    'globalThis.JSON = { stringify: broken }',
    'globalThis.Buffer = undefined',
    'globalThis.AbortController = broken',
    'globalThis.WeakRef = broken',
    'globalThis.console = {}',
  ],
  stdout: ['process.stdout.end("the end\\n")', 'process.stderr.end()'],
};

/** Those that are put back after the test, which is charged with them. */
const CHARGED: readonly string[] = ['promise_methods', 'clock_methods', 'others'];

const source = (replacements: string) => `
import { createSocket } from 'node:dgram';
import { deferLater } from ${JSON.stringify(import.meta.resolve('txtrial/internet'))};
const broken = function () { throw new Error('replaced'); };
export class Sample extends TestCase {
  static timeout = 5;
  test_1_replaces() { ${replacements}; }
  test_2_waits() { return deferLater(reactor, 0.001); }
  async test_3_awaits() { await deferLater(reactor, 0.001, async () => {}); }
  test_4_fails() { this.assertEqual({ a: 1 }, { a: 2 }); }
  test_5_logs() { log.err(new Boom()); }
  test_6_lost() { fail(new Boom()); }
  test_7_rejects() { (async () => { throw new Boom(); })(); }
  test_8_nothing_left() { this.signal; return new Deferred(); }
  test_9_leaves() { reactor.callLater(10, () => {}); console.log?.('said'); }
  test_9_listens() { createSocket('udp4').unref().close(); }
}`;

export class ReplacedGlobalsTests extends TestCase {
  async test_without_process_the_run_ends_with_its_own_status() {
    const { outcomes, status, stderr } = await runProject(
      this,
      `export class Sample extends TestCase {
        test_a() { globalThis.process = undefined; }
        test_b() { throw new RangeError('b'); }
        test_c() {}
      }`,
    );

    this.assertEqual(outcomes, {
      'Sample.test_a': ['success'],
      'Sample.test_b': ['error RangeError'],
      'Sample.test_c': ['success'],
    });
    this.assertEqual([status, stderr], [1, '']);
  }
}

for (const [name, replacements] of Object.entries(REPLACEMENTS)) {
  Object.defineProperty(ReplacedGlobalsTests.prototype, `test_${name}`, {
    configurable: true,
    writable: true,
    async value(this: TestCase) {
      const { outcomes, status, stderr } = await runProject(this, source(replacements.join('; ')));

      this.assertEqual(outcomes, {
        'Sample.test_1_replaces': [CHARGED.includes(name) ? 'error ReplacedError' : 'success'],
        'Sample.test_2_waits': ['success'],
        'Sample.test_3_awaits': ['success'],
        'Sample.test_4_fails': ['failure FailTest'],
        'Sample.test_5_logs': ['error Boom'],
        'Sample.test_6_lost': ['error Boom'],
        'Sample.test_7_rejects': ['error Boom'],
        'Sample.test_8_nothing_left': ['error TimeoutError'],
        'Sample.test_9_leaves': ['error DirtyReactorAggregateError'],
        'Sample.test_9_listens': ['success'],
      });
      this.assertEqual([status, stderr], [1, '']);
    },
  });
}
