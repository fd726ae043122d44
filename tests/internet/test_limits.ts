import { TestCase } from 'txtrial';
import {
  CancelledError,
  Deferred,
  DeferredLock,
  DeferredQueue,
  DeferredSemaphore,
  QueueOverflow,
  QueueUnderflow,
} from 'txtrial/internet';

export class DeferredLockTests extends TestCase {
  test_one_is_in_at_a_time_first_come_first_served(): void {
    const lock = new DeferredLock();
    const [first, second, third] = [lock.acquire(), lock.acquire(), lock.acquire()];

    this.assertIs(this.successResultOf(first), lock);
    this.assertNoResult(second);
    lock.release();
    this.assertIs(this.successResultOf(second), lock);
    this.assertNoResult(third);
    lock.release();
    lock.release();
    this.assertFalse(lock.locked);
  }

  test_run_releases_when_the_result_is_there(): void {
    const lock = new DeferredLock();
    const work = new Deferred<string>();
    const d = lock.run((given) => work.addCallback((result) => `${given} ${result}`), 'to run');

    this.assertTrue(lock.locked);
    work.callback('done');

    this.assertEqual(this.successResultOf(d), 'to run done');
    this.failureResultOf(
      lock.run(() => JSON.parse('{')),
      SyntaxError,
    );
    this.assertFalse(lock.locked);
  }

  test_who_gives_up_is_passed_over(): void {
    const lock = new DeferredLock();
    lock.acquire();
    const [impatient, patient] = [lock.acquire(), lock.acquire()];

    impatient.cancel();
    lock.release();

    this.failureResultOf(impatient, CancelledError);
    this.successResultOf(patient);
  }

  test_releasing_what_is_not_held_is_an_error(): void {
    this.assertRaises(Error, () => new DeferredLock().release());
  }
}

export class DeferredSemaphoreTests extends TestCase {
  test_as_many_are_in_as_there_are_tokens(): void {
    const semaphore = new DeferredSemaphore(2);
    const all = [semaphore.acquire(), semaphore.acquire(), semaphore.acquire()];

    this.assertEqual([all.map((d) => d.called), semaphore.tokens], [[true, true, false], 0]);
    semaphore.release();
    this.assertEqual([all.map((d) => d.called), semaphore.tokens], [[true, true, true], 0]);
  }

  test_it_needs_a_token(): void {
    for (const tokens of [0, -1, 1.5]) this.assertRaises(RangeError, () => new DeferredSemaphore(tokens));
  }
}

export class DeferredQueueTests extends TestCase {
  test_objects_come_out_in_order_to_who_waits_first(): void {
    const queue = new DeferredQueue<number>();
    queue.put(1);
    const got = [queue.get(), queue.get(), queue.get()];

    queue.put(2);
    queue.put(3);

    this.assertEqual(
      got.map((d) => this.successResultOf(d)),
      [1, 2, 3],
    );
  }

  test_many_objects_are_handed_out_in_time(): void {
    const queue = new DeferredQueue<number>();
    for (let i = 0; i < 200_000; i++) queue.put(i);

    let sum = 0;
    for (let i = 0; i < 200_000; i++) sum += this.successResultOf(queue.get());

    this.assertEqual(sum, 19_999_900_000);
  }

  test_size_and_backlog_are_limits(): void {
    const queue = new DeferredQueue<number>(1, 1);
    const waiting = queue.get();

    this.assertRaises(QueueUnderflow, () => queue.get());
    queue.put(1);
    queue.put(2);
    this.assertRaises(QueueOverflow, () => queue.put(3));
    this.assertEqual(this.successResultOf(waiting), 1);
  }

  test_who_gives_up_gets_nothing(): void {
    const queue = new DeferredQueue<number>();
    const [impatient, patient] = [queue.get(), queue.get()];

    impatient.cancel();
    queue.put(1);

    this.failureResultOf(impatient, CancelledError);
    this.assertEqual(this.successResultOf(patient), 1);
  }
}
