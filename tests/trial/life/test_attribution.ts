import { TestCase } from 'txtrial';
import { Deferred, DeferredList, type Failure, fail, reactor, succeed } from 'txtrial/internet';
import { err, msg } from 'txtrial/log';
import { connected, Recorder as RecordingProtocol, turn } from '../../support/connections.js';
import { Boom, OutcomeTestCase, record, SubBoom, throws, withBody } from '../../support/outcomes.js';

export class LoggedErrorTests extends OutcomeTestCase {
  async test_errors_and_failures_count_one_each_in_order() {
    const { causes } = await this.outcomes(
      () => {
        err(new Boom());
        err(new TypeError(), 'while working');
      },
      'error Boom',
      'error TypeError',
    );

    this.assertEqual(causes, ['logged', 'logged']);
  }

  test_texts_do_not_count() {
    return this.outcomes(() => {
      err('a text');
      msg('a message');
    }, 'success');
  }

  async test_flushing_takes_those_of_the_classes() {
    let flushed: Failure[] = [];

    await this.outcomes((test) => {
      err(new Boom());
      err(new SubBoom());
      err(new TypeError());
      flushed = test.flushLoggedErrors(Boom);
    }, 'error TypeError');

    this.assertEqual(
      flushed.map(({ type }) => type?.name),
      ['Boom', 'SubBoom'],
    );
  }

  async test_flushing_in_tear_down() {
    class Sample extends TestCase {
      override tearDown() {
        this.flushLoggedErrors();
      }

      test_it() {
        err(new Boom());
        fail(new Boom());
      }
    }

    await this.outcomesOf(Sample, ['success']);
  }

  test_in_every_step() {
    class Sample extends TestCase {
      override setUp() {
        err(new Boom());
      }

      override tearDown() {
        err(new SubBoom());
      }

      test_it() {
        this.addCleanup(() => err(new TypeError()));
      }
    }

    return this.outcomesOf(Sample, ['error Boom', 'error TypeError', 'error SubBoom']);
  }

  async test_nothing_is_left_for_the_next_test() {
    await this.outcomes(() => err(new Boom()), 'error Boom');
    await this.outcomes(() => {}, 'success');
  }

  test_what_a_protocol_throws_is_logged_for_the_test_that_listens() {
    class Throwing extends RecordingProtocol {
      override dataReceived(): void {
        throw new Boom();
      }
    }

    return this.outcomes(async (test) => {
      const { client } = await connected(
        test,
        () => new Throwing(),
        () => new RecordingProtocol(),
      );
      client.transport.write('x');
      await client.lost;
    }, 'error Boom');
  }
}

export class UnhandledDeferredTests extends OutcomeTestCase {
  async test_each_counts_after_what_the_test_is_otherwise() {
    const { causes } = await this.outcomes(
      (test) => {
        fail(new Boom());
        fail(new SubBoom());
        test.fail();
      },
      'failure FailTest',
      'error Boom',
      'error SubBoom',
    );

    this.assertEqual(causes, ['assertion', 'unhandled', 'unhandled']);
  }

  test_referenced_ones_count_too() {
    class Sample extends TestCase {
      kept?: Deferred<never>;

      test_it() {
        this.kept = fail(new Boom());
      }
    }

    return this.outcomesOf(Sample, ['error Boom']);
  }

  async test_a_failed_assertion_is_an_error_there() {
    await this.outcomes((test) => void succeed(1).addCallback(() => test.fail()), 'error FailTest');
  }

  async test_an_errback_that_is_added_in_time_saves_it() {
    await this.outcomes(() => {
      const d = fail(new Boom());
      return succeed(1).addCallback(() => d.addErrback(() => undefined));
    }, 'success');
    await this.outcomes((test) => {
      const d = fail(new Boom());
      test.addCleanup(() => void d.addErrback(() => undefined));
    }, 'success');
  }

  test_an_unfired_deferred_is_nothing() {
    return this.outcomes(() => void new Deferred(), 'success');
  }

  test_a_cancelled_one() {
    return this.outcomes(() => new Deferred().cancel(), 'error CancelledError');
  }

  test_a_failure_that_is_handed_over_counts_once() {
    return this.outcomes(() => void succeed(1).addCallback(() => fail(new Boom())), 'error Boom');
  }

  async test_those_of_a_list_unless_consumed() {
    const list = (consumeErrors: boolean) => () => void new DeferredList([fail(new Boom())], { consumeErrors });

    await this.outcomes(list(false), 'error Boom');
    await this.outcomes(list(true), 'success');
  }

  async test_a_late_failure_is_charged_to_the_test_that_made_the_deferred() {
    let made: Deferred<void> | undefined;
    const first = await this.outcomes(() => {
      made = new Deferred();
    }, 'success');

    await this.outcomes(() => made?.errback(new Boom()), 'success');

    this.assertEqual(first.outcomes, ['success', 'late error Boom']);
    this.assertEqual(first.causes, ['late']);
  }

  async test_a_late_failure_that_is_handled_before_the_next_test_is_over_is_none() {
    let made: Deferred<void> | undefined;
    const first = await this.outcomes(() => {
      made = new Deferred();
    }, 'success');

    await this.outcomes(() => {
      made?.errback(new Boom());
      made?.addErrback(() => undefined);
    }, 'success');

    this.assertEqual(first.outcomes, ['success']);
  }
}

export class NativeTests extends OutcomeTestCase {
  test_a_rejected_promise() {
    return this.outcomes(async () => {
      void Promise.reject(new Boom());
      await turn();
    }, 'error Boom');
  }

  test_a_rejection_that_is_handled_in_time() {
    return this.outcomes(async () => {
      const rejected = Promise.reject(new Boom());
      await turn();
      await rejected.catch(() => undefined);
      await turn();
    }, 'success');
  }

  test_an_exception_in_a_callback() {
    return this.outcomes(async () => {
      setImmediate(throws(new Boom()));
      await turn();
      await turn();
    }, 'error Boom');
  }

  test_an_exception_in_a_microtask() {
    return this.outcomes(async () => {
      queueMicrotask(throws(new Boom()));
      await turn();
    }, 'error Boom');
  }

  async test_a_late_exception_is_charged_to_the_test_that_caused_it() {
    const first = await this.outcomes(() => process.nextTick(() => setImmediate(throws(new Boom()))), 'success');

    await this.outcomes(async () => {
      await turn();
      await turn();
    }, 'success');

    this.assertEqual(first.outcomes, ['success', 'late error Boom']);
  }

  /** After such an exception Node 24 leaves the context in place for callbacks that have none. */
  async test_what_follows_an_exception_in_next_tick_is_not_charged_to_it() {
    const recorder = await record(
      withBody(async () => {
        process.nextTick(throws(new Boom()));
        await turn();
      }),
    );

    err(new SubBoom());
    this.flushLoggedErrors(SubBoom);

    this.assertEqual(recorder.outcomes, ['error Boom']);
  }

  async test_delayed_calls_run_in_the_context_of_whoever_scheduled_them() {
    const first = await this.outcomes((test) => {
      process.nextTick(() => setImmediate(() => reactor.callLater(0, throws(new Boom()))));
      test.addCleanup(() => undefined);
    }, 'success');

    await this.outcomes(async () => {
      await turn();
      await turn();
      await turn();
    }, 'success');

    this.assertEqual(first.outcomes, ['success', 'late error Boom']);
  }
}
