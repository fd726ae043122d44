import { AsyncLocalStorage } from 'node:async_hooks';
import { TestCase } from 'txtrial';
import { AlreadyCalled, AlreadyCancelled, Deferred, reactor } from 'txtrial/internet';
import { turn } from '../support/connections.js';

export class CallLaterTests extends TestCase {
  async test_calls_with_its_arguments_and_not_before_the_caller_returns() {
    const done = new Deferred<unknown[]>();
    let returned = false;

    reactor.callLater(0, (...args: unknown[]) => done.callback([returned, ...args]), 1, 'two');
    returned = true;

    this.assertEqual(await done, [true, 1, 'two']);
  }

  async test_waits_at_least_as_long_as_it_was_told() {
    const done = new Deferred<number>();
    const before = reactor.seconds();

    reactor.callLater(0.02, () => done.callback(reactor.seconds()));

    this.assertGreaterEqual(await done, before + 0.02);
  }

  async test_calls_in_the_order_of_time_then_of_scheduling() {
    const order: string[] = [];
    const done = new Deferred<void>();

    const calls = Object.entries({ last: 0.05, late: 0.01, a: 0, b: 0, c: 0 }).map(([name, seconds]) => {
      const called = (): void => {
        if (order.push(name) === calls.length) done.callback();
      };
      return { name, call: reactor.callLater(seconds, called) };
    });

    await done;
    // A machine that is busy takes its time from one line to the next: what counts is when each was due.
    const due = calls.toSorted((one, other) => one.call.getTime() - other.call.getTime());
    this.assertEqual(
      order,
      due.map(({ name }) => name),
    );
  }

  async test_one_generation_runs_in_one_turn_and_what_it_schedules_in_the_next() {
    const order: string[] = [];
    const done = new Deferred<void>();
    for (const name of ['a', 'b']) {
      reactor.callLater(0, () => {
        order.push(name);
        if (name === 'a') setImmediate(() => order.push('turn over'));
        reactor.callLater(0, () => order.push(`child of ${name}`));
      });
    }
    reactor.callLater(0, () => reactor.callLater(0, () => done.callback()));

    await done;

    this.assertEqual(order.slice(0, 2), ['a', 'b']);
    this.assertEqual(order.filter((name) => name !== 'turn over').slice(2), ['child of a', 'child of b']);
    this.assertGreater(order.indexOf('turn over'), 1);
  }

  async test_runs_in_the_async_context_that_scheduled_it() {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const done = new Deferred<void>();

    storage.run('first', () => reactor.callLater(0, () => seen.push(storage.getStore())));
    storage.run('second', () => reactor.callLater(0, () => seen.push(storage.getStore())));
    reactor.callLater(0, () => {
      seen.push(storage.getStore());
      done.callback();
    });

    await done;
    this.assertEqual(seen, ['first', 'second', undefined]);
  }

  async test_an_error_is_logged_and_the_next_call_is_made() {
    const done = new Deferred<void>();
    const broken = () => {
      throw new RangeError('broken');
    };

    reactor.callLater(0, broken);
    reactor.callLater(0, () => done.callback());

    await done;
    const [failure] = this.flushLoggedErrors(RangeError);
    this.assertEqual(failure?.getErrorMessage(), 'broken');
  }

  test_refuses_times_that_are_none() {
    for (const seconds of [-1, Number.NaN, Number.POSITIVE_INFINITY, '1' as unknown as number]) {
      this.assertRaises(RangeError, () => reactor.callLater(seconds, () => {}));
    }
    this.assertRaises(TypeError, () => reactor.callLater(0, undefined as unknown as () => void));
    this.assertEqual(reactor.getDelayedCalls(), []);
  }

  async test_a_time_beyond_the_reach_of_nodes_timers_does_not_fire_at_once() {
    const call = reactor.callLater(2 ** 32, () => this.fail('called'));

    await new Promise((resolve) => setTimeout(resolve, 5));

    this.assertTrue(call.active());
    this.assertEqual(this.flushWarnings(), []);
    call.cancel();
  }

  test_a_call_that_was_cancelled_leaves_no_timer_behind() {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();

    const calls = [60, 61].map((seconds) => reactor.callLater(seconds, () => {}));
    this.assertEqual(timers(), before + 1);
    for (const call of calls) call.cancel();

    this.assertEqual(timers(), before);
  }

  test_says_where_it_was_scheduled() {
    const call = reactor.callLater(5, () => {});

    this.assertSubstring('test_delayed_call.ts', String(call.origin));
    call.cancel();
  }
}

export class DelayedCallTests extends TestCase {
  async test_a_cancelled_call_is_not_made() {
    const call = reactor.callLater(0, () => this.fail('called'));
    this.assertTrue(call.active());

    call.cancel();

    this.assertFalse(call.active());
    this.assertEqual(reactor.getDelayedCalls(), []);
    await turn();
    await turn();
  }

  async test_a_call_may_cancel_the_one_after_it() {
    const done = new Deferred<void>();

    reactor.callLater(0, () => second.cancel());
    const second = reactor.callLater(0, () => this.fail('called'));
    reactor.callLater(0, () => done.callback());

    await done;
  }

  test_after_a_cancel_everything_is_refused() {
    const call = reactor.callLater(1, () => {});
    call.cancel();

    this.assertRaises(AlreadyCancelled, () => call.cancel());
    this.assertRaises(AlreadyCancelled, () => call.reset(1));
    this.assertRaises(AlreadyCancelled, () => call.delay(1));
  }

  async test_after_the_call_everything_is_refused() {
    const done = new Deferred<boolean>();
    const call = reactor.callLater(0, () => done.callback(call.active()));

    this.assertFalse(await done);

    this.assertRaises(AlreadyCalled, () => call.cancel());
    this.assertRaises(AlreadyCalled, () => call.reset(1));
    this.assertRaises(AlreadyCalled, () => call.delay(1));
  }

  test_reset_counts_from_now_and_delay_from_the_time_it_had() {
    const call = reactor.callLater(10, () => {});
    const time = call.getTime();

    call.delay(5);
    this.assertEqual(call.getTime(), time + 5);

    call.reset(100);
    this.assertGreater(call.getTime(), time + 80);
    this.assertRaises(RangeError, () => call.reset(-1));
    this.assertRaises(RangeError, () => call.delay(Number.NaN));
    call.cancel();
  }

  async test_reset_and_delay_change_the_order() {
    const order: string[] = [];
    const done = new Deferred<void>();
    const sooner = reactor.callLater(60, () => order.push('sooner'));
    const later = reactor.callLater(0, () => {
      order.push('later');
      done.callback();
    });

    later.delay(0.01);
    sooner.reset(0);

    await done;
    this.assertEqual(order, ['sooner', 'later']);
  }

  test_the_pending_calls_are_listed_in_the_order_in_which_they_are_due() {
    const calls = [3, 1, 2].map((seconds) => reactor.callLater(seconds, () => {}));

    this.assertEqual(reactor.getDelayedCalls(), [calls[1], calls[2], calls[0]]);

    for (const call of calls) call.cancel();
    this.assertEqual(reactor.getDelayedCalls(), []);
  }

  test_shows_what_is_to_be_called() {
    function poll(_host: string, _port: number) {}
    const call = reactor.callLater(9, poll, '127.0.0.1', 10000);

    this.assertRegex(String(call), /^<DelayedCall \[[89]\.\d{3}s\] poll\('127\.0\.0\.1', 10000\)>$/);

    call.cancel();
    this.assertEqual(String(call), '<DelayedCall cancelled>');
  }
}
