import { TestCase } from 'txtrial';
import { runProject } from '../../support/project.js';

/** What can be thrown and cannot be read. */
const UNREADABLE = `
const withGetter = (key) => Object.defineProperty(new Boom(), key, { get() { throw new Error('not readable'); } });
const traps = new Proxy({}, { get() { return () => { throw new Error('trap'); }; } });
const revoked = () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; };
class Nameless extends Error { static get name() { throw new Error('not readable'); } }
const UNREADABLE = {
  name: () => withGetter('name'),
  code: () => withGetter('code'),
  message: () => withGetter('message'),
  stack: () => withGetter('stack'),
  cause: () => withGetter('cause'),
  proxy: () => new Proxy({}, traps),
  proxyOfError: () => new Proxy(new Boom(), traps),
  proxyOfFunction: () => new Proxy(() => {}, traps),
  revoked,
  withoutPrototype: () => Object.create(null),
  className: () => new Nameless(),
};
`;

/** Ways in which a test may end with an error, or have one beside its steps. */
const WAYS = `
const thrower = (make) => () => { throw make(); };
const WAYS = {
  thrown: (make) => { throw make(); },
  rejected: async (make) => { await null; throw make(); },
  failed: (make) => fail(make()),
  timer: async (make) => { setTimeout(thrower(make), 0); await new Promise((r) => setTimeout(r, 5)); },
  rejection: async (make) => { Promise.reject(make()); await new Promise((r) => setImmediate(r)); },
  lost: (make) => void fail(make()),
  delayedCall: (make) => void reactor.callLater(0, thrower(make)),
  callback: (make) => { const d = new Deferred().addCallback(thrower(make)); reactor.callLater(0, () => d.callback(1)); return d; },
  cleanup: (make, test) => test.addCleanup(thrower(make)),
};
`;

const METHODS = `
export class UnreadableTests extends TestCase {}
for (const [what, make] of Object.entries(UNREADABLE)) {
  for (const [way, run] of Object.entries(WAYS)) {
    UnreadableTests.prototype['test_' + what + '_' + way] = function () { return run(make, this); };
  }
  const expected = function () { throw make(); };
  expected.todo = { reason: '', errors: [RangeError] };
  UnreadableTests.prototype['test_' + what + '_not_expected'] = expected;
}
`;

export class UnreadableErrorTests extends TestCase {
  async test_what_cannot_be_read_is_an_error_of_the_test_that_threw_it() {
    const run = await runProject(this, `// @ts-nocheck\n${UNREADABLE}${WAYS}${METHODS}`);

    const others = Object.entries(run.outcomes).filter(([, outcomes]) => !/^error \w+$/.test(outcomes.join()));
    this.assertEqual(others, []);
    this.assertEqual(Object.keys(run.outcomes).length, 11 * 10);
    this.assertEqual([run.status, run.loadErrors, run.stderr], [1, [], '']);
  }

  async test_a_skip_without_a_readable_reason_is_a_skip() {
    const source = `
      export class SkipTests extends TestCase {
        test_it() { throw Object.defineProperty(new SkipTest(), 'message', { get() { throw new Error('not readable'); } }); }
      }
    `;

    const { outcomes } = await runProject(this, source);

    this.assertEqual(outcomes, { 'SkipTests.test_it': ['skip'] });
  }

  async test_an_attribute_that_is_no_class_of_errors_is_an_error_of_the_test() {
    const source = `
      export class ClassTests extends TestCase {
        static failureException = () => {};
        test_failure() { throw new Boom(); }
      }
      const todo = { reason: '', errors: [() => {}] };
      export class TodoTests extends TestCase { test_todo() { throw new Boom(); } }
      Object.assign(TodoTests.prototype.test_todo, { todo });
    `;

    const { outcomes, status } = await runProject(this, source);

    this.assertEqual(outcomes, {
      'ClassTests.test_failure': ['error TypeError', 'error Boom'],
      'TodoTests.test_todo': ['error TypeError', 'error Boom'],
    });
    this.assertEqual(status, 1);
  }
}
