import { threadId } from 'node:worker_threads';
import { TestCase } from 'txtrial';
import {
  CancelledError,
  callFromThread,
  Deferred,
  deferToThread,
  Failure,
  getThreadPool,
  ThreadDied,
  ThreadPool,
} from 'txtrial/internet';

class ShelfError extends Error {}

enum Shelf {
  lowest = 3,
}

/** Is called in another thread, which loads this file anew. */
export function shelvesAbove(n: number): number {
  if (n < 0) throw new ShelfError(`there is no shelf ${n}`);
  return n - Shelf.lowest;
}

export class DeferToThreadTests extends TestCase {
  async test_a_function_runs_in_another_thread(): Promise<void> {
    const [sum, id] = await deferToThread(
      async (a: number, b: number) => {
        const { threadId: there } = await import('node:worker_threads');
        return [a + b, there];
      },
      1,
      2,
    );

    this.assertEqual(sum, 3);
    this.assertNotEqual(id, threadId);
  }

  async test_a_free_variable_is_an_error_that_names_it(): Promise<void> {
    const outside = Math.random();

    const error = await this.assertFailure(
      deferToThread(() => outside + 1),
      ReferenceError,
    );

    this.assertSubstring('pass outside as an argument', (error as Error).message);
  }

  async test_an_error_keeps_its_class_name_message_stack_fields_and_cause(): Promise<void> {
    const failure = await deferToThread(() => {
      class ShelfError extends RangeError {
        readonly shelf = 7;
      }
      throw new ShelfError('no shelf', { cause: new TypeError('deep') });
    }).addErrback((it) => [it] as const);
    const [it] = failure;

    this.assertEqual([it.check(ShelfError), it.check(RangeError)], [ShelfError, RangeError]);
    this.assertEqual(String(it), '[Failure instance: ShelfError: no shelf]');
    this.assertEqual((it.value as { shelf?: number }).shelf, 7);
    this.assertRegex(it.getTraceback(), /sent-to-thread.*\nCaused by: TypeError: deep/s);
  }

  async test_an_export_of_a_typescript_module_runs_in_another_thread(): Promise<void> {
    const f = { module: import.meta.url, name: 'shelvesAbove' };

    this.assertEqual(await deferToThread(f, 10), 7);
    const error = (await this.assertFailure(deferToThread(f, -1), Error)) as Error;
    this.assertIs(new Failure(error).check(ShelfError), ShelfError);
    this.assertRegex(new Failure(error).getTraceback(), /at shelvesAbove \(.*test_threads\.ts:22:/);
    await this.assertFailure(deferToThread({ ...f, name: 'missing' }), TypeError);
  }

  async test_what_cannot_be_cloned_is_an_error(): Promise<void> {
    await this.assertFailure(
      deferToThread((f) => f, String),
      DOMException,
    );
    await this.assertFailure(
      deferToThread(() => () => 1),
      DOMException,
    );
    await this.assertFailure(deferToThread(Math.max, 1), TypeError);
  }

  async test_after_a_stop_there_is_a_new_pool(): Promise<void> {
    const pool = getThreadPool();
    this.assertEqual(await deferToThread(() => 1), 1);
    await pool.stop();

    this.assertEqual([pool.stopped, pool.threads], [true, 0]);
    this.assertEqual(await deferToThread(() => 2), 2);
    this.assertIsNot(getThreadPool(), pool);
  }

  async test_callFromThread_calls_in_the_next_turn(): Promise<void> {
    const d = new Deferred<unknown[]>();
    let returned = false;

    callFromThread((x) => d.callback([x, returned]), 'called');
    returned = true;

    this.assertEqual(await d, ['called', true]);
  }
}

export class ThreadPoolTests extends TestCase {
  async test_a_thread_is_used_again_and_work_waits_for_it(): Promise<void> {
    const pool = this.#pool(1);
    const all = [1, 2, 3].map((n) => pool.run((x: number) => x * 2, [n]));

    this.assertEqual([pool.threads, pool.queued], [1, 2]);
    this.assertEqual(await Promise.all(all), [2, 4, 6]);
    this.assertEqual([pool.threads, pool.queued], [1, 0]);
  }

  async test_work_that_waits_can_be_taken_back(): Promise<void> {
    const pool = this.#pool(1);
    const [first, second, third] = ['a', 'b', 'c'].map((x) => pool.run((given: string) => given, [x]));

    second?.cancel();

    this.assertEqual(pool.queued, 1);
    this.assertEqual(await Promise.all([first, third]), ['a', 'c']);
    this.failureResultOf(second as Deferred<unknown>, CancelledError);
  }

  async test_a_thread_that_dies_fails_its_work_and_the_pool_goes_on(): Promise<void> {
    const pool = this.#pool(1);
    const [dies, throws, lives] = [
      pool.run(() => process.exit(3), []),
      pool.run(() => {
        setImmediate(() => {
          throw new RangeError('later');
        });
        return new Promise(() => undefined);
      }, []),
      pool.run(() => 'alive', []),
    ];

    const error = await this.assertFailure(dies, ThreadDied);
    this.assertSubstring('exit code 3', (error as Error).message);
    await this.assertFailure(throws, RangeError);
    this.assertEqual(await lives, 'alive');
  }

  async test_stop_does_what_is_there_and_takes_no_more(): Promise<void> {
    const pool = new ThreadPool({ size: 1 });
    const all = [pool.run(() => 1, []), pool.run(() => 2, [])];

    const stopped = pool.stop();
    this.failureResultOf(
      pool.run(() => 3, []),
      CancelledError,
    );

    this.assertEqual(await Promise.all(all), [1, 2]);
    await stopped;
    this.assertEqual(pool.threads, 0);
  }

  #pool(size: number): ThreadPool {
    const pool = new ThreadPool({ size });
    this.addCleanup(() => pool.stop());
    return pool;
  }
}
