import { FailTest, SkipTest, SynchronousTestCase, TestCase, Todo, todo } from 'txtrial';
import { fail, reactor, ServerFactory } from 'txtrial/internet';
import { err } from 'txtrial/log';
import { Boom, OutcomeTestCase, SubBoom, throws, withBody } from '../../support/outcomes.js';

/** A class whose test, with this `todo`, throws that; undefined: it passes. */
function todoTest(value: unknown, error?: unknown): ReturnType<typeof withBody> {
  const Sample = withBody(() => {
    if (error !== undefined) throw error;
  });
  Object.assign(Sample.prototype, { todo: value });
  return Sample;
}

export class TodoTests extends OutcomeTestCase {
  async test_every_error_is_expected() {
    await this.outcomesOf(todoTest('why', new Boom()), ['expectedFailure Boom (why)']);
    await this.outcomesOf(todoTest('why', new FailTest()), ['expectedFailure FailTest (why)']);
    await this.outcomesOf(todoTest('', new Boom()), ['expectedFailure Boom ()']);
    await this.outcomesOf(todoTest(new Todo('why'), new Boom()), ['expectedFailure Boom (why)']);
  }

  async test_with_classes_only_theirs_are_expected() {
    const boom = { reason: 'why', errors: [Boom] };

    await this.outcomesOf(todoTest(boom, new SubBoom()), ['expectedFailure SubBoom (why)']);
    await this.outcomesOf(todoTest(boom, new TypeError()), ['error TypeError']);
    await this.outcomesOf(todoTest(boom, new FailTest()), ['failure FailTest']);
    await this.outcomesOf(todoTest(boom, new SkipTest('s')), ['skip (s)']);
    await this.outcomesOf(todoTest(new Todo('why', [Boom]), new Boom()), ['expectedFailure Boom (why)']);
  }

  test_a_pass_is_an_unexpected_success_and_no_success() {
    return this.outcomesOf(todoTest('why'), ['unexpectedSuccess (why)']);
  }

  test_a_skip_is_expected() {
    return this.outcomesOf(todoTest('why', new SkipTest('s')), ['expectedFailure SkipTest (why)']);
  }

  test_a_skip_in_a_synchronous_test_case_is_a_skip() {
    class Sample extends SynchronousTestCase {
      @todo('why')
      test_it() {
        this.skipTest('s');
      }
    }

    return this.outcomesOf(Sample, ['skip (s)']);
  }

  async test_null_and_false_are_no_todo() {
    await this.outcomesOf(todoTest(null, new Boom()), ['error Boom']);
    await this.outcomesOf(todoTest(false, new Boom()), ['error Boom']);
  }

  async test_classes_that_are_none_are_an_error() {
    const { errors } = await this.outcomesOf(todoTest({ reason: 'why', errors: ['Boom'] }), ['error TypeError']);

    this.assertSubstring('must be error classes', String(errors[0]));
  }

  async test_it_covers_the_test_method_alone() {
    class Sample extends TestCase {
      override tearDown() {
        throw new RangeError();
      }

      @todo('why')
      test_fails() {
        err(new Boom());
        fail(new SubBoom());
        reactor.callLater(100, () => {});
        this.addCleanup(throws(new TypeError()));
        this.fail();
      }

      @todo('why')
      test_passes() {
        err(new Boom());
      }
    }

    await this.outcomesOf(
      Sample,
      [
        'expectedFailure FailTest (why)',
        'error TypeError',
        'error RangeError',
        'error DirtyReactorAggregateError',
        'error Boom',
        'error SubBoom',
      ],
      'test_fails',
    );
    await this.outcomesOf(Sample, ['unexpectedSuccess (why)', 'error RangeError', 'error Boom'], 'test_passes');
  }

  test_an_error_of_set_up_is_not_expected() {
    class Sample extends TestCase {
      override setUp() {
        throw new Boom();
      }

      @todo('why')
      test_it() {}
    }

    return this.outcomesOf(Sample, ['error Boom']);
  }

  test_a_skip_attribute_wins() {
    class Sample extends TestCase {
      static skip = 'skipped';
      static todo = 'todo';

      test_it() {}
    }

    return this.outcomesOf(Sample, ['skip (skipped)']);
  }
}

export class SkipTests extends OutcomeTestCase {
  async test_a_skip_thrown_or_fired() {
    class OwnSkip extends SkipTest {}

    await this.outcomes(throws(new SkipTest('why')), 'skip (why)');
    await this.outcomes(throws(new OwnSkip()), 'skip ()');
    await this.outcomes(() => fail(new SkipTest('why')), 'skip (why)');
    await this.outcomes(async (test) => test.skipTest('why'), 'skip (why)');
  }

  test_everything_else_counts_beside_it() {
    return this.outcomes(
      (test) => {
        test.addCleanup(throws(new TypeError()));
        reactor.callLater(100, () => {});
        reactor.listenTCP(0, new ServerFactory());
        err(new Boom());
        test.skipTest('why');
      },
      'skip (why)',
      'error TypeError',
      'error DirtyReactorAggregateError',
      'error Boom',
      'error DirtyReactorAggregateError',
    );
  }

  async test_a_test_that_is_skipped_by_an_attribute_runs_nothing() {
    const steps: string[] = [];
    class Sample extends TestCase {
      static skip = 'why';

      override setUp() {
        steps.push('setUp');
      }

      override tearDown() {
        steps.push('tearDown');
      }

      test_it() {
        steps.push('test');
      }
    }

    await this.outcomesOf(Sample, ['skip (why)']);

    this.assertEqual(steps, []);
  }
}
