import { inspect } from 'node:util';
import { TestCase } from 'txtrial';
import {
  AlreadyCalledError,
  CancelledError,
  Clock,
  Deferred,
  execute,
  Failure,
  fail,
  isDeferred,
  isThenable,
  maybeDeferred,
  setDebugging,
  succeed,
  TimeoutError,
} from 'txtrial/internet';

/** A Deferred and the list that its results are written to. */
function noted<T>(d: Deferred<T>): unknown[] {
  const results: unknown[] = [];
  d.addBoth((result) => {
    results.push(result instanceof Failure ? `failed: ${result.getErrorMessage()}` : result);
  });
  return results;
}

export class CallbackTests extends TestCase {
  test_callbacks_run_in_order_each_with_what_the_one_before_returned(): void {
    const d = new Deferred<number>();
    const results = noted(d.addCallback((n) => n + 1).addCallback((n, add, text) => `${n + add}${text}`, 10, '!'));

    d.callback(1);

    this.assertEqual(results, ['12!']);
  }

  test_a_callback_added_to_a_fired_one_runs_at_once(): void {
    this.assertEqual(noted(succeed('now')), ['now']);
  }

  test_an_error_goes_to_the_next_errback_and_what_that_returns_goes_on(): void {
    const seen: string[] = [];
    const d = new Deferred<string>();
    d.addCallback((): string => {
      throw new RangeError('too far');
    });
    d.addCallback(() => seen.push('never'));
    d.addErrback((failure, where) => `${failure.type?.name} ${where}`, 'here');

    d.callback('x');

    this.assertEqual([seen, noted(d)], [[], ['RangeError here']]);
  }

  test_of_a_callback_and_an_errback_added_together_one_runs(): void {
    const pair = (d: Deferred<number>) =>
      noted(
        d.addCallbacks(
          (n, extra) => `${n}${extra}`,
          (failure, extra) => `${failure.getErrorMessage()}${extra}`,
          ['c'],
          ['e'],
        ),
      );

    this.assertEqual([pair(succeed(1)), pair(fail(new Error('no')))], [['1c'], ['noe']]);
  }

  test_what_is_no_function_is_refused(): void {
    const d = new Deferred();

    this.assertRaises(TypeError, () => d.addCallback('text' as never));
    this.assertRaises(TypeError, () => d.addCallbacks(String, 5 as never));
  }

  test_firing_twice_is_an_error(): void {
    const d = succeed(1) as Deferred<number>;

    this.assertRaises(AlreadyCalledError, () => d.callback(2));
    this.assertRaises(AlreadyCalledError, () => d.errback(new Error('late')));
  }

  test_firing_with_a_deferred_or_a_promise_is_refused(): void {
    const d = new Deferred<unknown>();

    this.assertRaisesRegex(TypeError, /Return it from a callback/, () => d.callback(new Deferred()));
    this.assertRaisesRegex(TypeError, /a promise/, () => d.callback(Promise.resolve()));
    this.assertFalse(d.called);
  }

  test_a_callback_that_adds_callbacks_has_them_run_after_those_that_are_there(): void {
    const order: number[] = [];
    const d = new Deferred<void>();
    d.addCallback(() => {
      order.push(1);
      d.addCallback(() => order.push(3));
    });
    d.addCallback(() => order.push(2));

    d.callback();

    this.assertEqual(order, [1, 2, 3]);
  }

  test_it_shows_its_state(): void {
    const d = new Deferred<unknown>();
    const waiting = succeed().addCallback(() => d);

    this.assertEqual(
      [String(d), String(waiting), String(succeed('x'))],
      ['<Deferred pending>', '<Deferred waiting on a Deferred>', "<Deferred current result: 'x'>"],
    );
  }

  test_it_shows_any_result_in_one_line(): void {
    const numbers = Array.from({ length: 9 }, (_, i) => i + 100);
    const results = [numbers, new RangeError('no stack, please'), { text: 'two\nlines', deep: { deeper: {} } }];
    const failed = fail(new RangeError('two\nlines'));

    this.assertEqual(
      results.map((result) => inspect(succeed(result))),
      [
        '<Deferred current result: [ 100, 101, 102, 103, 104, 105, 106, 107, 108 ]>',
        '<Deferred current result: [RangeError: no stack, please]>',
        "<Deferred current result: { text: 'two\\nlines', deep: { deeper: {} } }>",
      ],
    );
    this.assertTrue(String(succeed('x'.repeat(100_000))).length < 1100);
    this.assertEqual(String(failed), '<Deferred current result: [Failure instance: RangeError: two\\nlines]>');
    this.failureResultOf(failed, RangeError);
  }
}

export class WaitingTests extends TestCase {
  test_a_returned_deferred_hands_its_result_over(): void {
    const inner = new Deferred<string>();
    const outer = succeed().addCallback(() => inner);
    this.assertEqual([outer.paused, outer.result], [1, inner]);
    const results = [noted(outer), noted(inner)];

    inner.callback('poem');

    this.assertEqual(results, [['poem'], [undefined]]);
  }

  test_a_returned_deferred_hands_its_failure_over(): void {
    const inner = fail(new Error('no poem'));
    const outer = succeed().addCallback(() => inner);

    this.assertEqual([noted(outer), inner.result], [['failed: no poem'], undefined]);
  }

  async test_a_returned_promise_is_waited_for(): Promise<void> {
    this.assertEqual(await succeed(20).addCallback(async (n) => n * 2), 40);
  }

  async test_the_error_of_a_returned_promise_arrives_itself(): Promise<void> {
    const error = new RangeError('rejected');

    const failed = await this.assertFailure(
      succeed().addCallback(() => Promise.reject(error)),
      RangeError,
    );

    this.assertIs(failed, error);
  }

  async test_await_takes_the_error_over(): Promise<void> {
    const error = new Error('mine');
    const d = fail(error);

    const caught = await Promise.resolve(d).catch((reason: unknown) => reason);

    this.assertEqual([caught, d.result], [error, undefined]);
  }

  test_returning_itself_is_an_error_of_the_chain(): void {
    const d: Deferred<unknown> = new Deferred();
    d.addCallback(() => d);

    d.callback(1);

    this.failureResultOf(d, TypeError);
  }

  test_two_that_wait_for_each_other_are_an_error_of_the_chain(): void {
    const a: Deferred<unknown> = new Deferred();
    const b: Deferred<unknown> = new Deferred();
    a.addCallback(() => b);
    b.addCallback(() => a);

    a.callback(1);
    b.callback(2);

    this.failureResultOf(a, TypeError);
  }

  test_pauses_nest(): void {
    const d = succeed('value') as Deferred<string>;
    d.pause();
    d.pause();
    const results = noted(d);

    d.unpause();
    this.assertEqual(results, []);
    d.unpause();
    this.assertEqual(results, ['value']);
  }

  test_chainDeferred_fires_the_other_one(): void {
    const [a, b, other] = [new Deferred<number>(), new Deferred<number>(), new Deferred<number>()];
    a.chainDeferred(b);
    other.chainDeferred(new Deferred<number>().addErrback(() => 0));

    a.callback(5);
    other.errback(new Error('given on'));

    this.assertEqual([noted(a), noted(b)], [[undefined], [5]]);
  }
}

export class CancelTests extends TestCase {
  test_without_a_canceller_one_late_result_is_swallowed(): void {
    const d = new Deferred<string>();
    const results = noted(d);

    d.cancel();
    d.callback('late');

    this.assertEqual(results, ['failed: The Deferred was cancelled.']);
    this.assertRaises(AlreadyCalledError, () => d.callback('later'));
  }

  test_with_a_canceller_a_late_result_is_an_error(): void {
    const cancelled: unknown[] = [];
    const d = new Deferred<string>((it) => cancelled.push(it));
    d.cancel();

    this.assertEqual(cancelled, [d]);
    this.failureResultOf(d, CancelledError);
    this.assertRaises(AlreadyCalledError, () => d.callback('late'));
  }

  test_a_canceller_may_fire_it(): void {
    const d = new Deferred<string>((it) => it.callback('instead'));

    d.cancel();

    this.assertEqual(this.successResultOf(d), 'instead');
  }

  test_what_it_waits_for_is_cancelled_however_deep(): void {
    const inner = new Deferred<string>();
    let outer: Deferred<string> = inner;
    for (let i = 0; i < 50_000; i++) {
      const next = outer;
      outer = succeed().addCallback(() => next);
    }

    outer.cancel();

    this.failureResultOf(outer, CancelledError);
  }

  test_one_that_has_a_result_stays_as_it_is(): void {
    const d = succeed(1);

    d.cancel();

    this.assertEqual(this.successResultOf(d), 1);
  }

  test_a_timeout_cancels_and_says_how_long_it_was(): void {
    const clock = new Clock();
    const d = new Deferred<string>().addTimeout(5, clock);

    clock.advance(5);

    this.assertSubstring('5 seconds', this.failureResultOf(d, TimeoutError).getErrorMessage());
  }

  test_a_result_in_time_takes_the_timeout_back(): void {
    const clock = new Clock();
    const d = new Deferred<string>();
    const results = noted(d.addTimeout(5, clock));

    d.callback('in time');

    this.assertEqual([results, clock.getDelayedCalls()], [['in time'], []]);
  }

  test_a_timeout_may_be_made_into_a_result(): void {
    const clock = new Clock();
    const d = new Deferred<string>().addTimeout(2, clock, (_, seconds) => `after ${seconds}`);

    clock.advance(2);

    this.assertEqual(this.successResultOf(d), 'after 2');
  }

  async test_what_a_promise_comes_to_after_a_cancel_is_ignored(): Promise<void> {
    const d = Deferred.fromPromise(Promise.resolve('late'));

    d.cancel();
    await Promise.resolve();

    this.failureResultOf(d, CancelledError);
  }
}

export class MakingTests extends TestCase {
  async test_maybeDeferred_makes_one_of_whatever_comes(): Promise<void> {
    const own = new Deferred<number>();
    const raise = (): never => {
      throw new RangeError('thrown');
    };

    this.assertIs(
      maybeDeferred(() => own),
      own,
    );
    this.assertEqual(this.successResultOf(maybeDeferred((a, b) => a + b, 1, 2)), 3);
    this.failureResultOf(maybeDeferred(raise), RangeError);
    this.failureResultOf(
      maybeDeferred(() => new Failure(new RangeError())),
      RangeError,
    );
    this.assertEqual(await maybeDeferred(async () => 'promised'), 'promised');
  }

  test_execute_and_fail(): void {
    this.assertEqual(this.successResultOf(execute(Math.max, 1, 2)), 2);
    this.failureResultOf(
      execute(() => JSON.parse('{')),
      SyntaxError,
    );
    this.assertEqual(this.failureResultOf(fail('text')).value, 'text');
  }

  test_they_are_recognised_by_their_mark(): void {
    const foreign = { [Symbol.for('txtrial.Deferred')]: true };

    this.assertEqual(
      [isDeferred(new Deferred()), isDeferred(foreign), isDeferred(Promise.resolve()), isDeferred(null)],
      [true, true, false, false],
    );
    this.assertEqual([isThenable(new Deferred()), isThenable({ then: 1 })], [true, false]);
  }

  test_debugging_tells_where_it_was_made_and_fired(): void {
    setDebugging(true);
    this.addCleanup(() => setDebugging(false));
    const d = new Deferred<void>();
    d.callback();

    const { message } = this.assertRaises(AlreadyCalledError, () => d.callback()) as Error;

    this.assertRegex(message, /created:\n.*test_deferred\.ts:\d+.*\nFirst invoker was:\n.*test_deferred\.ts:\d+/s);
  }
}

export class ScaleTests extends TestCase {
  test_a_million_callbacks_on_one(): void {
    const d = new Deferred<number>();
    for (let i = 0; i < 1_000_000; i++) d.addCallback((n) => n + 1);

    d.callback(0);

    this.assertEqual(this.successResultOf(d), 1_000_000);
  }

  test_a_hundred_thousand_nested_through_returned_ones(): void {
    const first = new Deferred<string>();
    let last: Deferred<string> = first;
    for (let i = 0; i < 100_000; i++) {
      const inner = last;
      last = succeed().addCallback(() => inner);
    }

    first.callback('through');

    this.assertEqual(this.successResultOf(last), 'through');
  }

  test_callbacks_that_have_run_are_let_go_while_it_waits(): void {
    const d = new Deferred<void>();
    for (let i = 0; i < 1000; i++) d.addCallback(() => undefined);
    const inner = new Deferred<void>();
    d.addCallback(() => inner);
    d.addCallback(() => undefined);

    d.callback();

    const { stages } = d as unknown as { stages: unknown[] };
    this.assertLess(stages.length, 100);
    inner.callback();
  }
}
