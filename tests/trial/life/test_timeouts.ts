import { TestCase, todo } from 'txtrial';
import { CancelledError, Deferred, deferLater, fail, reactor, succeed, TimeoutError } from 'txtrial/internet';
import { Boom, OutcomeTestCase, throws } from '../../support/outcomes.js';

/** A class of tests with little time, that something keeps from being a wait for nothing. */
class Hurried extends TestCase {
  static timeout: unknown = 0.02;
  /** `late` in tearDown. */
  static suppress = [{ category: 'TestWarning' }];

  /** Fires after the timeout, unless the test ended before and it is taken back. */
  late(f: () => void = () => {}): void {
    const timer = setTimeout(f, 1000);
    this.addCleanup(clearTimeout, timer);
  }
}

export class TimeoutTests extends OutcomeTestCase {
  async test_a_negative_timeout_is_an_error_and_nothing_runs() {
    for (const timeout of [-1, Number.NaN, Number.NEGATIVE_INFINITY, '-1']) {
      let ran = false;
      class Sample extends Hurried {
        static override timeout = timeout;

        test_it() {
          ran = true;
        }
      }

      const { errors } = await this.outcomesOf(Sample, ['error RangeError']);

      this.assertRegex(String(errors[0]), /^RangeError: timeout of Sample is \S+\. Set it to seconds/);
      this.assertFalse(ran);
    }
  }

  async test_one_that_is_set_too_late_is_an_error_where_something_has_to_be_waited_for() {
    class Sample extends TestCase {
      timeout = 1;

      override setUp() {
        this.timeout = -1;
      }

      async test_it() {}
    }

    await this.outcomesOf(Sample, ['error RangeError']);
  }

  async test_the_one_at_the_beginning_of_a_step_counts_for_that_step() {
    const over: string[] = [];
    class Sample extends TestCase {
      timeout = 60;

      test_it() {
        this.timeout = 0.02;
        return deferLater(reactor, 0.05, () => over.push('test'));
      }

      override tearDown() {
        return deferLater(reactor, 0.05, () => over.push('tearDown'));
      }
    }

    await this.outcomesOf(Sample, ['error TimeoutError']);
    this.assertEqual(over, ['test']);
  }

  async test_one_that_is_no_number_is_told_of_once_and_the_default_is_taken() {
    const warnings: string[] = [];
    this.patch(process, 'emitWarning', (warning: unknown) => void warnings.push(String(warning)));
    class Sample extends Hurried {
      static override timeout = 'soon';

      override async setUp() {}

      async test_it() {}
    }
    class Helper extends TestCase {
      timeout() {}

      async test_it() {}
    }

    await this.outcomesOf(Sample, ['success']);
    await this.outcomesOf(Helper, ['success']);

    this.assertEqual(warnings, [
      "TestWarning: timeout of Sample is 'soon', which is no number: the default is taken instead (120 seconds). Set it to seconds.",
    ]);
  }

  async test_with_zero_only_what_has_to_be_waited_for_is_out_of_time() {
    class Sample extends Hurried {
      static override timeout = 0;

      test_it() {
        return succeed(1);
      }

      test_wait() {
        this.late();
        return new Deferred();
      }
    }

    await this.outcomesOf(Sample, ['success']);
    await this.outcomesOf(Sample, ['error TimeoutError'], 'test_wait');
  }

  async test_it_names_test_step_and_seconds() {
    class Sample extends Hurried {
      test_it() {
        this.late();
        return new Deferred();
      }
    }

    const { errors, causes } = await this.outcomesOf(Sample, ['error TimeoutError']);

    const [first] = (errors[0] as Error).message.split('\n');
    this.assertEqual(first, 'Sample.test_it (test_it) still running at 0.02 secs');
    this.assertEqual(causes, ['timeout']);
  }

  async test_each_step_has_the_whole_time() {
    class Sample extends TestCase {
      static timeout = 0.2;

      override setUp() {
        return this.wait();
      }

      override tearDown() {
        return this.wait();
      }

      test_it() {
        this.addCleanup(() => this.wait());
        return this.wait();
      }

      wait() {
        return new Promise((resolve) => setTimeout(resolve, 70));
      }
    }

    await this.outcomesOf(Sample, ['success']);
  }

  async test_every_step_can_time_out_and_the_others_run() {
    const steps: string[] = [];
    class Sample extends Hurried {
      override tearDown() {
        steps.push('tearDown');
        this.late();
        return new Deferred();
      }

      test_it() {
        this.addCleanup(() => {
          steps.push('cleanup');
          return new Deferred();
        });
        this.late();
        return new Deferred();
      }
    }

    const { errors } = await this.outcomesOf(Sample, [
      'error TimeoutError',
      'error TimeoutError',
      'error TimeoutError',
    ]);

    this.assertEqual(steps, ['cleanup', 'tearDown']);
    this.assertEqual(
      errors.map((error) => /\((\w+)\)/.exec((error as Error).message)?.[1]),
      ['test_it', 'cleanup', 'tearDown'],
    );
  }

  test_a_timeout_of_set_up_leaves_the_test_out() {
    class Sample extends Hurried {
      override setUp() {
        this.late();
        this.addCleanup(throws(new Boom()));
        return new Deferred();
      }

      override tearDown() {
        throw new TypeError();
      }

      test_it() {
        throw new TypeError();
      }
    }

    return this.outcomesOf(Sample, ['error TimeoutError', 'error Boom']);
  }

  async test_the_deferred_is_cancelled_and_the_signal_aborted() {
    const seen: unknown[] = [];
    class Sample extends Hurried {
      test_it() {
        this.late();
        this.signal.addEventListener('abort', () => seen.push((this.signal.reason as Error).name));
        return new Deferred(() => seen.push('cancelled'));
      }
    }

    await this.outcomesOf(Sample, ['error TimeoutError']);

    this.assertEqual(seen, ['TimeoutError', 'cancelled']);
  }

  async test_what_errbacks_make_of_it_does_not_count() {
    class Sample extends Hurried {
      test_swallows() {
        this.late();
        return new Deferred().addErrback(() => 'fine');
      }

      test_replaces() {
        this.late();
        return new Deferred().addErrback(throws(new Boom()));
      }

      async test_promise() {
        this.late();
        await new Promise((_, reject) => this.signal.addEventListener('abort', () => reject(new Boom())));
      }
    }

    for (const name of ['test_swallows', 'test_replaces', 'test_promise']) {
      await this.outcomesOf(Sample, ['error TimeoutError'], name);
    }
  }

  test_a_stuck_chain_has_its_cleanups_and_tear_down() {
    class Sample extends Hurried {
      override tearDown() {
        throw new RangeError();
      }

      test_it() {
        this.late();
        this.addCleanup(throws(new Boom()));
        const d = new Deferred<void>();
        d.addCallback(() => new Deferred());
        d.callback();
        return d;
      }
    }

    return this.outcomesOf(Sample, ['error TimeoutError', 'error Boom', 'error RangeError']);
  }

  async test_a_late_value_is_swallowed_and_a_late_error_counts() {
    const release: (() => void)[] = [];
    class Sample extends Hurried {
      async test_value() {
        this.late();
        await new Promise<void>((resolve) => release.push(resolve));
      }

      async test_error() {
        this.late();
        await new Promise<void>((resolve) => release.push(resolve));
        throw new Boom();
      }
    }

    const value = await this.outcomesOf(Sample, ['error TimeoutError'], 'test_value');
    const error = await this.outcomesOf(Sample, ['error TimeoutError'], 'test_error');
    for (const resolve of release) resolve();
    await new Promise(setImmediate);
    await this.outcomes(() => {}, 'success');

    this.assertEqual(value.outcomes, ['error TimeoutError']);
    this.assertEqual(error.outcomes, ['error TimeoutError', 'late error Boom']);
  }

  async test_the_todo_of_a_test_covers_it_as_far_as_its_classes_do() {
    class Sample extends Hurried {
      @todo('slow')
      test_any() {
        this.late();
        return new Deferred();
      }

      @todo('slow', [TimeoutError])
      test_timeout() {
        this.late();
        return new Deferred();
      }

      @todo('slow', [CancelledError])
      test_other() {
        this.late();
        return new Deferred();
      }
    }

    await this.outcomesOf(Sample, ['expectedFailure TimeoutError (slow)'], 'test_any');
    await this.outcomesOf(Sample, ['expectedFailure TimeoutError (slow)'], 'test_timeout');
    await this.outcomesOf(Sample, ['error TimeoutError'], 'test_other');
  }

  test_set_up_may_set_the_time_of_the_test() {
    class Sample extends TestCase {
      timeout?: number;

      override setUp() {
        this.timeout = 0.01;
        this.addCleanup(
          clearTimeout,
          setTimeout(() => {}, 1000),
        );
      }

      test_it() {
        return new Deferred();
      }
    }

    return this.outcomesOf(Sample, ['error TimeoutError']);
  }

  test_a_test_that_does_not_wait_can_not_time_out() {
    class Sample extends TestCase {
      static timeout = 0;

      test_it() {
        const until = performance.now() + 5;
        while (performance.now() < until);
      }
    }

    return this.outcomesOf(Sample, ['success']);
  }

  async test_fake_timers_of_a_test_do_not_stop_it() {
    class Sample extends Hurried {
      test_it() {
        this.late();
        this.patch(globalThis, 'setTimeout', (() => 0) as unknown as typeof setTimeout);
        this.patch(performance, 'now', () => 0);
        return new Deferred();
      }
    }

    await this.outcomesOf(Sample, ['error TimeoutError']);
  }

  test_an_error_in_time() {
    return this.outcomes(() => {
      const d = new Deferred<void>();
      reactor.callLater(0, () => d.errback(new Boom()));
      return d.addErrback((failure) => fail(failure));
    }, 'error Boom');
  }
}
