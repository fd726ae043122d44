import { TestCase } from 'txtrial';
import {
  AlreadyCalledError,
  CancelledError,
  type CooperativeTask,
  Cooperator,
  Deferred,
  deferLater,
  LoopingCall,
  NotPaused,
  SchedulerStopped,
  TaskDone,
  TaskFailed,
  TaskStopped,
} from 'txtrial/internet';
import { Clock } from 'txtrial/testing';

export class ClockTests extends TestCase {
  test_calls_are_made_in_the_order_of_their_times_those_added_meanwhile_included(): void {
    const clock = new Clock();
    const order: string[] = [];
    clock.callLater(2, () => order.push('two'));
    clock.callLater(1, () => {
      order.push('one');
      clock.callLater(0, () => order.push('added'));
    });
    clock.callLater(2, () => order.push('two again'));

    clock.advance(2);

    this.assertEqual([order, clock.seconds()], [['one', 'two', 'two again', 'added'], 2]);
  }

  test_calls_can_be_moved_and_taken_back(): void {
    const clock = new Clock();
    const order: string[] = [];
    const [a, b, c] = ['a', 'b', 'c'].map((name, i) => clock.callLater(i + 1, () => order.push(name)));

    a?.delay(5);
    b?.cancel();
    c?.reset(0.5);
    clock.pump([0.5, 0.5, 5]);

    this.assertEqual([order, clock.getDelayedCalls()], [['c', 'a'], []]);
  }

  test_the_time_of_a_call_that_is_moved_often_is_rounded_as_in_twisted(): void {
    const clock = new Clock();
    const call = clock.callLater(0.55, () => undefined);

    call.delay(2);
    call.delay(-2);

    this.assertEqual(call.getTime(), 0.55);
  }

  test_a_call_that_was_moved_keeps_its_place_in_the_list_until_time_moves(): void {
    const clock = new Clock();
    const [a, b] = [clock.callLater(1, () => undefined), clock.callLater(2, () => undefined)];

    a.reset(3);
    this.assertEqual(clock.getDelayedCalls(), [a, b]);
    clock.advance(0);

    this.assertEqual(clock.getDelayedCalls(), [b, a]);
  }
}

export class DeferLaterTests extends TestCase {
  test_it_fires_in_time_with_what_the_function_returns(): void {
    const clock = new Clock();
    const d = deferLater(clock, 3, (a, b) => a + b, 1, 2);

    clock.advance(2);
    this.assertNoResult(d);
    clock.advance(1);

    this.assertEqual(this.successResultOf(d), 3);
  }

  test_cancelling_it_takes_the_call_back(): void {
    const clock = new Clock();
    const d = deferLater(clock, 3);

    d.cancel();

    this.failureResultOf(d, CancelledError);
    this.assertEqual(clock.getDelayedCalls(), []);
  }
}

export class LoopingCallTests extends TestCase {
  test_the_time_of_the_next_call_is_exact_to_the_last_digit(): void {
    const clock = new Clock();
    const loop = new LoopingCall(() => undefined);
    loop.clock = clock;
    loop.start(0.3);

    clock.advance(11.640373135450227);

    // What real Twisted says.
    this.assertEqual(clock.getDelayedCalls()[0]?.getTime(), 11.7);
    loop.stop();
  }

  test_it_calls_at_the_interval_and_a_late_call_moves_no_other(): void {
    const { clock, times, loop } = ticking();
    loop.start(2);

    clock.pump([2, 2.5, 1.5]);

    this.assertEqual(times, [0, 2, 4.5, 6]);
  }

  test_it_may_wait_for_the_first_interval(): void {
    const { clock, times, loop } = ticking();
    loop.start(2, false);

    clock.advance(2);

    this.assertEqual(times, [2]);
  }

  test_it_waits_for_what_the_function_returns(): void {
    const clock = new Clock();
    const work = [new Deferred<void>(), new Deferred<void>()];
    let calls = 0;
    const loop = new LoopingCall(() => work[calls++]);
    loop.clock = clock;
    loop.start(1);

    clock.advance(5.5);
    this.assertEqual(calls, 1);
    work[0]?.callback();
    clock.advance(0.5);

    this.assertEqual(calls, 2);
  }

  test_it_can_tell_how_many_intervals_have_gone(): void {
    const clock = new Clock();
    const counts: number[] = [];
    const loop = LoopingCall.withCount((count) => counts.push(count));
    loop.clock = clock;
    loop.start(1);

    clock.pump([1, 3.5, 0.5]);

    this.assertEqual(counts, [1, 1, 3, 1]);
  }

  test_a_call_that_comes_too_early_counts_for_none_and_is_left_out(): void {
    const clock = new Clock();
    const counts: number[] = [];
    const loop = LoopingCall.withCount((count) => counts.push(count));
    loop.clock = { seconds: () => Math.max(0, clock.seconds() - 0.5), callLater: clock.callLater.bind(clock) };
    loop.start(1, false);

    clock.advance(1);
    this.assertEqual(counts, []);
    clock.advance(0.5);

    this.assertEqual(counts, [1]);
  }

  test_an_error_ends_it(): void {
    const loop = new LoopingCall(() => JSON.parse('{'));
    loop.clock = new Clock();

    this.failureResultOf(loop.start(1), SyntaxError);
    this.assertFalse(loop.running);
  }

  test_stop_fires_it_and_reset_begins_the_interval_anew(): void {
    const { clock, times, loop } = ticking();
    const d = loop.start(2);
    clock.advance(1);
    loop.reset();
    clock.pump([1, 1]);

    loop.stop();

    this.assertEqual([times, this.successResultOf(d)], [[0, 3], loop]);
    this.assertEqual(clock.getDelayedCalls(), []);
    this.assertRaises(Error, () => loop.stop());
  }
}

export class CooperatorTests extends TestCase {
  test_what_the_end_of_a_task_throws_is_no_failure_of_the_task(): void {
    const clock = new Clock();
    const cooperator = new Cooperator({ scheduler: (tick) => clock.callLater(1, tick) });
    const task = cooperator.cooperate([].values());
    const fired = task.whenDone();
    fired.callback([].values());

    this.assertRaises(AlreadyCalledError, () => clock.advance(1));
    this.assertRaises(TaskDone, () => task.stop());
  }

  readonly #clock = new Clock();
  readonly #done: string[] = [];
  readonly #cooperator = new Cooperator({
    scheduler: (tick) => this.#clock.callLater(1, tick),
    terminationPredicateFactory: () => () => true,
  });

  test_tasks_take_turns(): void {
    const [a, b] = [this.#work('a', 2), this.#work('b', 2)];

    this.#clock.pump([1, 1, 1, 1, 1, 1]);

    this.assertEqual(this.#done, ['a', 'b', 'a', 'b']);
    this.successResultOf(a.whenDone());
    this.assertRaises(TaskDone, () => b.stop());
  }

  test_what_a_task_yields_is_waited_for(): void {
    const d = new Deferred<void>();
    const done = this.#done;
    const task = this.#cooperator.cooperate(
      (function* () {
        yield d;
        done.push('after');
      })(),
    );

    this.#clock.pump([1, 1]);
    this.assertEqual(done, []);
    d.callback();
    this.#clock.pump([1, 1]);

    this.assertEqual(done, ['after']);
    this.successResultOf(task.whenDone());
  }

  test_a_task_can_be_paused_and_stopped(): void {
    const task = this.#work('a', 5);
    const whenDone = task.whenDone();

    this.#clock.advance(1);
    task.pause();
    this.#clock.pump([1, 1]);
    this.assertEqual(this.#done, ['a']);
    task.resume();
    this.assertRaises(NotPaused, () => task.resume());
    this.#clock.advance(1);
    task.stop();

    this.assertEqual(this.#done, ['a', 'a']);
    this.failureResultOf(whenDone, TaskStopped);
    this.assertEqual(this.#clock.getDelayedCalls(), []);
  }

  test_what_a_task_throws_ends_it(): void {
    const task = this.#cooperator.cooperate(failing());

    this.#clock.advance(1);

    this.failureResultOf(task.whenDone(), RangeError);
    this.assertRaises(TaskFailed, () => task.pause());
  }

  test_stop_ends_all_tasks_and_those_that_come_after(): void {
    const tasks = [this.#work('a', 5), this.#work('b', 5), this.#work('c', 5)];

    this.#cooperator.stop();

    for (const task of [...tasks, this.#work('d', 1)]) this.failureResultOf(task.whenDone(), SchedulerStopped);
    this.assertFalse(this.#cooperator.running);
  }

  #work(name: string, steps: number): CooperativeTask {
    const done = this.#done;
    return this.#cooperator.cooperate(
      (function* () {
        for (let i = 0; i < steps; i++) {
          done.push(name);
          yield;
        }
      })(),
    );
  }
}

/** A loop that notes when it is called. */
function ticking(): { clock: Clock; times: number[]; loop: LoopingCall<[]> } {
  const clock = new Clock();
  const times: number[] = [];
  const loop = new LoopingCall(() => times.push(clock.seconds()));
  loop.clock = clock;
  return { clock, times, loop };
}

// biome-ignore lint/correctness/useYield: it throws before it would.
function* failing(): Generator<void> {
  throw new RangeError('thrown');
}
