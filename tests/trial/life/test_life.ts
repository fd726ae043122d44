import { FailTest, SkipTest, SynchronousTestCase, TestCase } from 'txtrial';
import { CancelledError, Deferred, Failure, fail, inlineCallbacks, reactor, succeed } from 'txtrial/internet';
import { err } from 'txtrial/log';
import { Boom, OutcomeTestCase, record, SubBoom, throws, withBody } from '../../support/outcomes.js';

function* unfinished(): Generator<number> {
  yield 1;
}

/** Says which of its steps ran. */
class Steps extends TestCase {
  static log: string[] = [];

  override setUp(): unknown {
    Steps.log = ['setUp'];
    this.addCleanup(() => this.step('first cleanup'));
    this.addCleanup(() => this.step('last cleanup'));
    return this.step('setUp waited for');
  }

  override tearDown(): unknown {
    return this.step('tearDown');
  }

  /** A step that is over in a later turn. */
  step(name: string): Deferred<void> {
    const d = new Deferred<void>();
    reactor.callLater(0, () => {
      Steps.log.push(name);
      d.callback();
    });
    return d;
  }
}

export class StepsTests extends OutcomeTestCase {
  async test_each_step_is_waited_for_before_the_next() {
    class Sample extends Steps {
      async test_it() {
        await this.step('test');
      }
    }

    await this.outcomesOf(Sample, ['success']);

    this.assertEqual(Steps.log, ['setUp', 'setUp waited for', 'test', 'last cleanup', 'first cleanup', 'tearDown']);
  }

  async test_cleanups_and_tear_down_run_after_a_failed_test() {
    class Sample extends Steps {
      test_it() {
        this.fail();
      }
    }

    await this.outcomesOf(Sample, ['failure FailTest']);

    this.assertEqual(Steps.log.slice(2), ['last cleanup', 'first cleanup', 'tearDown']);
  }

  async test_cleanups_added_in_tear_down_do_not_run_and_a_warning_says_so() {
    let ran = false;
    class Sample extends TestCase {
      override tearDown() {
        this.patch({ poem: 'an ode' }, 'poem', 'a sonnet');
        this.addCleanup(() => {
          ran = true;
        });
      }

      test_it() {}
    }
    const warnings: string[] = [];
    this.patch(process, 'emitWarning', (warning: unknown) => void warnings.push(String(warning)));

    await this.outcomesOf(Sample, ['success']);

    this.assertFalse(ran);
    this.assertRegex(warnings.join(), /^TestWarning: Sample\.test_it added 2 cleanups in tearDown/);
  }

  async test_only_cleanups_run_after_a_failed_set_up() {
    class Sample extends Steps {
      override async setUp() {
        await super.setUp();
        throw new Boom();
      }

      test_it() {
        Steps.log.push('test');
      }
    }

    await this.outcomesOf(Sample, ['error Boom']);

    this.assertEqual(Steps.log.slice(2), ['last cleanup', 'first cleanup']);
  }

  test_a_failed_assertion_in_set_up_is_an_error() {
    class Sample extends TestCase {
      override setUp() {
        this.fail();
      }

      test_it() {}
    }

    return this.outcomesOf(Sample, ['error FailTest']);
  }

  test_a_skip_in_set_up_is_a_skip_and_cleanups_count_beside_it() {
    class Sample extends TestCase {
      override setUp() {
        this.addCleanup(throws(new Boom()));
        this.skipTest('why');
      }

      test_it() {}
    }

    return this.outcomesOf(Sample, ['skip (why)', 'error Boom']);
  }

  async test_whatever_tear_down_throws_is_an_error_beside_the_tests_own() {
    class Sample extends TestCase {
      override tearDown() {
        throw new SkipTest('late');
      }

      test_passes() {}

      test_fails() {
        this.fail();
      }
    }

    await this.outcomesOf(Sample, ['error SkipTest'], 'test_passes');
    await this.outcomesOf(Sample, ['failure FailTest', 'error SkipTest'], 'test_fails');
  }

  test_all_cleanups_run_last_in_first_out_with_their_arguments() {
    return this.outcomes(
      (test) => {
        test.addCleanup(throws(new TypeError()));
        test.addCleanup(fail, new Boom());
        test.addCleanup(() => Promise.reject(new SkipTest()));
        test.fail();
      },
      'failure FailTest',
      'error SkipTest',
      'error Boom',
      'error TypeError',
    );
  }

  test_a_cleanup_that_a_cleanup_adds_runs_next() {
    return this.outcomes(
      (test) => {
        test.addCleanup(throws(new SubBoom()));
        test.addCleanup(() => test.addCleanup(throws(new Boom())));
      },
      'error Boom',
      'error SubBoom',
    );
  }

  async test_the_order_of_all_kinds() {
    class Sample extends TestCase {
      override tearDown() {
        throw new RangeError();
      }

      test_it() {
        reactor.callLater(100, () => {});
        err(new SubBoom());
        fail(new Boom());
        this.addCleanup(throws(new TypeError()));
        this.fail();
      }
    }

    const { causes } = await this.outcomesOf(Sample, [
      'failure FailTest',
      'error TypeError',
      'error RangeError',
      'error DirtyReactorAggregateError',
      'error SubBoom',
      'error Boom',
    ]);

    this.assertEqual(causes, ['assertion', 'error', 'error', 'leak', 'logged', 'unhandled']);
  }

  async test_a_test_that_waits_for_nothing_is_over_when_run_returns() {
    let isOver = false;

    new (withBody(() => {}))('test_it').run({
      stopTest: () => {
        isOver = true;
      },
    });

    this.assertTrue(isOver);
  }

  async test_fired_deferreds_are_looked_at_at_once() {
    let isOver = false;
    class Sample extends TestCase {
      override setUp() {
        return succeed(1);
      }

      test_it() {
        this.addCleanup(() => succeed(2));
        return succeed(3);
      }
    }

    new Sample('test_it').run({
      startTest: () => {},
      addSuccess: () => {
        isOver = true;
      },
    });

    this.assertTrue(isOver);
  }
}

export class ReturnValueTests extends OutcomeTestCase {
  test_a_deferred_that_fails() {
    return this.outcomes(() => fail(new Boom()), 'error Boom');
  }

  test_a_promise_that_fails_an_assertion() {
    return this.outcomes(async (test) => test.assertTrue(false), 'failure FailTest');
  }

  test_any_thenable() {
    const thenable = { then: (_: unknown, failed: (error: Error) => void) => setImmediate(failed, new Boom()) };

    return this.outcomes(() => thenable, 'error Boom');
  }

  test_an_error_object_is_ignored() {
    return this.outcomes(() => new Boom(), 'success');
  }

  async test_a_failure_is_what_it_holds() {
    await this.outcomes(() => new Failure(new Boom()), 'error Boom');
    await this.outcomes(() => new Failure(new FailTest()), 'failure FailTest');
  }

  async test_a_generator_that_nobody_runs_is_an_error() {
    class Sample extends TestCase {
      *test_it() {
        yield 1;
      }

      async *test_async() {
        yield 1;
      }
    }

    const { errors } = await this.outcomesOf(Sample, ['error TypeError']);
    await this.outcomesOf(Sample, ['error TypeError'], 'test_async');
    await this.outcomes(unfinished, 'error TypeError');
    await this.outcomes(async () => unfinished(), 'error TypeError');
    await this.outcomes((test) => test.addCleanup(unfinished), 'error TypeError');
    await this.outcomes(() => succeed(unfinished()), 'success');

    this.assertSubstring('@inlineCallbacks', String(errors[0]));
  }

  async test_a_thenable_is_waited_for_as_await_does_it() {
    const thenable = (then: (done: (value?: unknown) => void, failed: (error: Error) => void) => void) => () => ({
      then,
    });

    await this.outcomes(
      thenable((done) => done()),
      'success',
    );
    await this.outcomes(
      thenable((_, failed) => failed(new Boom())),
      'error Boom',
    );
    await this.outcomes(thenable(throws(new Boom())), 'error Boom');
    const inner = thenable((_, failed) => failed(new Boom()));
    await this.outcomes(
      thenable((done) => done(inner())),
      'error Boom',
    );
    // Only the first counts.
    await this.outcomes(
      thenable((done) => throws(new Boom(String(done())))()),
      'success',
    );
    await this.outcomes(
      thenable((done, failed) => failed(new Boom(String(done())))),
      'success',
    );
    await this.outcomes(
      thenable((done, failed) => done(failed(new Boom()))),
      'error Boom',
    );
  }

  async test_a_step_that_cannot_be_read_or_called_is_an_error() {
    class BrokenGetter extends TestCase {
      test_it() {}
    }
    for (const [step, outcomes] of [
      ['setUp', ['error Boom']],
      ['tearDown', ['error Boom']],
    ] as const) {
      Object.defineProperty(BrokenGetter.prototype, step, { get: throws(new Boom()), configurable: true });
      await this.outcomesOf(BrokenGetter, outcomes);
      Object.defineProperty(BrokenGetter.prototype, step, { value: 3, configurable: true });
      const { errors } = await this.outcomesOf(BrokenGetter, ['error TypeError']);
      this.assertSubstring(`${step} is not a method but number`, String(errors[0]));
      Reflect.deleteProperty(BrokenGetter.prototype, step);
    }
  }

  test_a_generator_as_set_up_skips_the_test() {
    class Sample extends TestCase {
      override *setUp() {
        yield 1;
      }

      test_it() {
        throw new Boom();
      }
    }

    return this.outcomesOf(Sample, ['error TypeError']);
  }

  test_inline_callbacks() {
    class Sample extends TestCase {
      @inlineCallbacks
      *test_it() {
        const one: number = yield* succeed(1);
        this.assertEqual(one, 2);
      }
    }

    return this.outcomesOf(Sample, ['failure FailTest']);
  }

  async test_a_class_field_is_an_error_that_says_to_make_it_a_method() {
    class Sample extends TestCase {
      test_it = () => {};
    }

    const { errors } = await this.outcomesOf(Sample, ['error TypeError']);

    this.assertSubstring('Make it a method', String(errors[0]));
  }

  test_a_method_that_is_overridden_by_null_errs() {
    const Sample = withBody(() => {});
    Object.assign(Sample.prototype, { test_it: null });

    return this.outcomesOf(Sample, ['error TypeError']);
  }
}

export class AssertionKindTests extends OutcomeTestCase {
  async test_errors_of_node_assert_and_its_like_are_failures() {
    const { default: assert } = await import('node:assert/strict');
    const similar = Object.assign(new Error(), { name: 'AssertionError' });

    await this.outcomes(() => assert.equal(1, 2), 'failure AssertionError');
    await this.outcomes(throws(Object.assign(new Boom(), { code: 'ERR_ASSERTION' })), 'failure Boom');
    await this.outcomes(throws(similar), 'failure Error');
  }

  async test_a_class_has_its_own_failure_exception() {
    class Sample extends TestCase {
      static override failureException = Boom;

      test_throws() {
        throw new SubBoom();
      }

      test_asserts() {
        this.assertTrue(false);
      }

      test_fails() {
        throw new FailTest();
      }
    }

    await this.outcomesOf(Sample, ['failure SubBoom'], 'test_throws');
    await this.outcomesOf(Sample, ['failure Boom'], 'test_asserts');
    await this.outcomesOf(Sample, ['failure FailTest'], 'test_fails');
  }

  test_values_that_are_no_errors() {
    return this.outcomes(throws('text'), 'error String');
  }
}

export class SynchronousTests extends OutcomeTestCase {
  async test_what_is_expected_is_looked_for_before_the_test_method() {
    class Sample extends SynchronousTestCase {
      todo: string | undefined;

      override setUp() {
        this.todo = 'set up';
      }

      test_it() {
        this.todo = 'later';
      }
    }
    class Asynchronous extends TestCase {
      todo: string | undefined;

      test_it() {
        this.todo = 'later';
      }
    }

    await this.outcomesOf(Sample, ['unexpectedSuccess (set up)']);
    await this.outcomesOf(Asynchronous, ['unexpectedSuccess (later)']);
  }

  test_a_returned_failure_is_ignored() {
    class Sample extends SynchronousTestCase {
      override setUp() {
        return new Failure(new Boom());
      }

      override tearDown() {
        return new Failure(new Boom());
      }

      test_it() {
        this.addCleanup(() => new Failure(new Boom()));
        return new Failure(new FailTest('no'));
      }
    }

    return this.outcomesOf(Sample, ['success']);
  }

  test_an_unexpected_success_comes_after_the_cleanups() {
    class Sample extends SynchronousTestCase {
      static todo = 'later';

      override tearDown() {
        throw new Boom();
      }

      test_it() {
        this.addCleanup(() => this.fail('no'));
      }
    }

    return this.outcomesOf(Sample, ['error FailTest', 'unexpectedSuccess (later)', 'error Boom']);
  }

  async test_a_deferred_or_promise_is_an_error_that_says_so() {
    class Sample extends SynchronousTestCase {
      test_deferred() {
        return new Deferred();
      }

      test_failed() {
        return fail(new Boom());
      }

      async test_promise() {
        throw new Boom();
      }
    }

    const { errors } = await this.outcomesOf(Sample, ['error TypeError'], 'test_deferred');
    // The error that nobody waited for is not lost.
    await this.outcomesOf(Sample, ['error TypeError', 'error Boom'], 'test_failed');
    await this.outcomesOf(Sample, ['error TypeError', 'error Boom'], 'test_promise');

    this.assertSubstring('returned a Deferred', String(errors[0]));
  }

  async test_failures_and_skips_of_fixtures_are_what_they_are_in_a_test() {
    class Sample extends SynchronousTestCase {
      static tearDownThrows: unknown;

      override tearDown() {
        throw Sample.tearDownThrows;
      }

      test_it() {}
    }

    Sample.tearDownThrows = new FailTest();
    await this.outcomesOf(Sample, ['failure FailTest']);
    Sample.tearDownThrows = new SkipTest('s');
    await this.outcomesOf(Sample, ['skip (s)']);
    Sample.tearDownThrows = new Boom();
    await this.outcomesOf(Sample, ['error Boom']);
  }

  test_a_failed_assertion_in_set_up_is_a_failure() {
    class Sample extends SynchronousTestCase {
      override setUp() {
        this.fail();
      }

      test_it() {}
    }

    return this.outcomesOf(Sample, ['failure FailTest']);
  }

  test_an_error_of_a_cleanup_takes_the_success_away() {
    class Sample extends SynchronousTestCase {
      test_it() {
        this.addCleanup(throws(new FailTest()));
      }
    }

    return this.outcomesOf(Sample, ['error FailTest']);
  }

  test_left_over_calls_are_its_own() {
    class Sample extends SynchronousTestCase {
      test_it() {
        reactor.callLater(100, () => {});
      }
    }

    return this.outcomesOf(Sample, ['error DirtyReactorAggregateError']);
  }
}

export class InterruptTests extends OutcomeTestCase {
  async test_cancelling_a_run_ends_the_step_and_cleans_up() {
    const steps: string[] = [];
    class Sample extends TestCase {
      override tearDown() {
        steps.push('tearDown');
      }

      test_it() {
        this.addCleanup(() => steps.push('cleanup'));
        this.signal.addEventListener('abort', () => steps.push('aborted'));
        return new Deferred(() => steps.push('cancelled'));
      }
    }

    const outcomes: string[] = [];
    const over = new Deferred<void>();
    const run = new Sample('test_it').run({
      addError: (_, failure) => outcomes.push(String(failure.type?.name)),
      stopTest: () => over.callback(),
    });
    run.cancel();
    await this.assertFailure(run, CancelledError);
    await over;

    this.assertEqual(outcomes, ['CancelledError']);
    this.assertEqual(steps, ['aborted', 'cancelled', 'cleanup', 'tearDown']);
  }
}

export class RepeatTests extends TestCase {
  async test_the_same_instance_can_run_again() {
    const test = new (withBody(() => {}))('test_it');
    let successes = 0;

    for (let run = 0; run < 2; run += 1)
      await test.run({
        addSuccess: () => {
          successes += 1;
        },
      });

    this.assertEqual(successes, 2);
  }

  async test_nothing_is_left_of_the_run_inside() {
    const before = process.listenerCount('unhandledRejection');

    await record(withBody(() => fail(new Boom())));

    this.assertEqual(process.listenerCount('unhandledRejection'), before);
    this.assertEqual(this.flushLoggedErrors(), []);
  }
}
