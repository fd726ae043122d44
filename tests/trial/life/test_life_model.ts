import fc from 'fast-check';
import { FailTest, SkipTest, SynchronousTestCase, TestCase } from 'txtrial';
import { Deferred, fail, reactor, ServerFactory, succeed } from 'txtrial/internet';
import { err } from 'txtrial/log';
import { Boom, record, SubBoom, type TestClass } from '../../support/outcomes.js';

/** How a step ends, and how it says so. */
interface StepPlan {
  readonly end: 'pass' | 'fail' | 'boom' | 'skip';
  readonly way: 'at once' | 'fired Deferred' | 'Deferred' | 'Promise' | 'late Promise';
  readonly logs: boolean;
  readonly loses: boolean;
}

interface Plan {
  readonly synchronous: boolean;
  readonly setUp: StepPlan;
  readonly test: StepPlan;
  readonly cleanups: readonly StepPlan[];
  readonly tearDown: StepPlan;
  readonly todo: 'none' | 'any' | 'Boom';
  readonly leavesCall: boolean;
  readonly leavesPort: boolean;
}

const step: fc.Arbitrary<StepPlan> = fc.record({
  end: fc.constantFrom('pass', 'pass', 'fail', 'boom', 'skip'),
  way: fc.constantFrom('at once', 'fired Deferred', 'Deferred', 'Promise', 'late Promise'),
  logs: fc.constantFrom(false, false, true),
  loses: fc.constantFrom(false, false, true),
});

const plan: fc.Arbitrary<Plan> = fc.record({
  synchronous: fc.constantFrom(false, false, true),
  setUp: step,
  test: step,
  cleanups: fc.array(step, { maxLength: 3 }),
  tearDown: step,
  todo: fc.constantFrom('none', 'any', 'Boom'),
  leavesCall: fc.constantFrom(false, false, true),
  leavesPort: fc.constantFrom(false, false, true),
});

const errorOf = { fail: () => new FailTest(), boom: () => new SubBoom(), skip: () => new SkipTest('s') };

/** Does what a step is planned to do. */
function act({ end, way, logs, loses }: StepPlan, synchronous: boolean): unknown {
  if (logs) err(new TypeError());
  if (loses) fail(new RangeError());
  const error = end === 'pass' ? undefined : errorOf[end]();
  if (way === 'at once' || synchronous) {
    if (error !== undefined) throw error;
    return undefined;
  }
  if (way === 'fired Deferred') return error === undefined ? succeed(1) : fail(error);
  if (way === 'Promise') return error === undefined ? Promise.resolve() : Promise.reject(error);
  if (way === 'late Promise') {
    return new Promise<void>((resolve, reject) =>
      setImmediate(() => (error === undefined ? resolve() : reject(error))),
    );
  }
  const d = new Deferred<void>();
  reactor.callLater(0, () => (error === undefined ? d.callback() : d.errback(error)));
  return d;
}

function classOf(plan: Plan): TestClass {
  const { synchronous } = plan;
  return class Sample extends (synchronous ? SynchronousTestCase : TestCase) {
    static todo = plan.todo === 'none' ? undefined : { reason: 't', errors: plan.todo === 'any' ? undefined : [Boom] };

    override setUp() {
      for (const cleanup of plan.cleanups) this.addCleanup(act, cleanup, synchronous);
      if (plan.leavesCall) reactor.callLater(100, () => {});
      if (plan.leavesPort) reactor.listenTCP(0, new ServerFactory(), { interface: '127.0.0.1' });
      return act(plan.setUp, synchronous);
    }

    override tearDown() {
      return act(plan.tearDown, synchronous);
    }

    test_it() {
      return act(plan.test, synchronous);
    }
  };
}

const names = { fail: 'FailTest', boom: 'SubBoom', skip: 'SkipTest' };

/** What semantics say that becomes of a test. */
function expected({ synchronous, setUp, test, cleanups, tearDown, todo, leavesCall, leavesPort }: Plan): string[] {
  const outcomes: string[] = [];
  const logged: string[] = [];
  const ran = ({ logs, loses }: StepPlan) => {
    if (logs) logged.push('error TypeError');
    if (loses) logged.push('error RangeError');
  };
  const fixture = ({ end }: StepPlan, skips: boolean) => {
    if (end === 'pass') return;
    if (end === 'skip' && skips) outcomes.push('skip (s)');
    else outcomes.push(`${end === 'fail' && synchronous ? 'failure' : 'error'} ${names[end]}`);
  };
  const passed = setUp.end === 'pass';
  ran(setUp);
  fixture(setUp, true);
  if (passed) {
    ran(test);
    const { end } = test;
    if (end === 'pass') {
      if (todo !== 'none' && !synchronous) outcomes.push('unexpectedSuccess (t)');
    } else if (end === 'skip' && (synchronous || todo !== 'any')) outcomes.push('skip (s)');
    else if (todo === 'any' || (todo === 'Boom' && end === 'boom')) outcomes.push(`expectedFailure ${names[end]} (t)`);
    else outcomes.push(`${end === 'fail' ? 'failure' : 'error'} ${names[end]}`);
  }
  for (const cleanup of [...cleanups].reverse()) {
    ran(cleanup);
    if (cleanup.end !== 'pass') outcomes.push(`error ${names[cleanup.end]}`);
  }
  if (passed) {
    if (synchronous && test.end === 'pass' && todo !== 'none') outcomes.push('unexpectedSuccess (t)');
    ran(tearDown);
    fixture(tearDown, synchronous);
  }
  if (leavesCall) outcomes.push('error DirtyReactorAggregateError');
  outcomes.push(...logged);
  if (outcomes.length === 0) outcomes.push('success');
  if (leavesPort) outcomes.push('error DirtyReactorAggregateError');
  return outcomes;
}

export class ModelTests extends TestCase {
  async test_any_life_has_the_outcomes_that_the_rules_say() {
    await fc.assert(
      fc.asyncProperty(plan, async (plan) => {
        const { outcomes } = await record(classOf(plan));
        this.assertEqual(outcomes, expected(plan));
      }),
      { numRuns: process.env.CI ? 3000 : 300 },
    );
  }
}
