import { TestCase } from 'txtrial';
import { CancelledError, Deferred, ensureDeferred, fail, inlineCallbacks, succeed } from 'txtrial/internet';

class Adder {
  readonly #step = 10;

  @inlineCallbacks
  *add(n: number): Generator<unknown, number> {
    return (yield* succeed(n)) + this.#step;
  }
}

export class InlineCallbacksTests extends TestCase {
  test_it_runs_to_the_end_at_once_over_fired_deferreds(): void {
    const sum = inlineCallbacks(function* (n: number) {
      let total = 0;
      for (let i = 1; i <= n; i++) total += yield* succeed(i);
      return total;
    });

    this.assertEqual(this.successResultOf(sum(1_000_000)), 500_000_500_000);
  }

  test_it_goes_on_with_the_result_or_the_error_of_what_it_waits_for(): void {
    const [first, second] = [new Deferred<string>(), new Deferred<string>()];
    const d = inlineCallbacks(function* () {
      const got = yield* first;
      try {
        yield* second;
      } catch (error) {
        return `${got} ${(error as Error).message}`;
      }
      return 'no error';
    })();

    first.callback('one');
    this.assertNoResult(d);
    second.errback(new Error('two'));

    this.assertEqual(this.successResultOf(d), 'one two');
    this.assertEqual([first.result, second.result], [undefined, undefined]);
  }

  async test_promises_are_waited_for_and_so_is_what_it_returns(): Promise<void> {
    const d = inlineCallbacks(function* () {
      const got: unknown = yield Promise.resolve('from a promise');
      return Promise.resolve(`returned ${String(got)}`);
    })();

    this.assertEqual(await d, 'returned from a promise');
  }

  test_what_is_no_deferred_comes_back_at_once(): void {
    const d = inlineCallbacks(function* () {
      return [yield 1, yield undefined];
    })();

    this.assertEqual(this.successResultOf(d), [1, undefined]);
  }

  test_what_it_throws_fails_it(): void {
    // biome-ignore lint/correctness/useYield: it throws before it would.
    const d = inlineCallbacks(function* () {
      throw new RangeError('thrown');
    })();

    this.failureResultOf(d, RangeError);
  }

  test_cancelling_cancels_what_it_waits_for_and_it_may_go_on(): void {
    const cancelled: string[] = [];
    const wait = (name: string) => new Deferred<void>(() => cancelled.push(name));
    const d = inlineCallbacks(function* () {
      try {
        yield wait('first');
      } catch (error) {
        cancelled.push((error as Error).name);
      }
      yield wait('second');
    })();

    d.cancel();
    this.assertNoResult(d);
    d.cancel();

    this.failureResultOf(d, CancelledError);
    this.assertEqual(cancelled, ['first', 'CancelledError', 'second']);
  }

  test_a_hundred_thousand_that_wait_for_each_other(): void {
    const next = inlineCallbacks(function* (before: Deferred<number>) {
      return (yield* before) + 1;
    });
    const first = new Deferred<number>();
    let last: Deferred<number> = first;
    for (let i = 0; i < 100_000; i++) last = next(last);

    first.callback(0);

    this.assertEqual(this.successResultOf(last), 100_000);
  }

  test_it_decorates_a_method_and_keeps_its_name(): void {
    const d = new Adder().add(1) as unknown as Deferred<number>;

    this.assertEqual(this.successResultOf(d), 11);
    this.assertEqual(Adder.prototype.add.name, 'add');
  }

  test_attributes_of_the_function_stay(): void {
    const f = Object.assign(function* () {}, { todo: 'later' });

    this.assertEqual(Reflect.get(inlineCallbacks(f), 'todo'), 'later');
  }

  test_a_function_that_is_no_generator_is_refused(): void {
    const wrong = inlineCallbacks((() => 5) as never) as () => unknown;

    this.assertRaisesRegex(TypeError, /Write function\*/, wrong);
  }

  async test_ensureDeferred_takes_what_can_be_waited_for(): Promise<void> {
    const own = succeed(1);
    const generator = (function* () {
      return yield* succeed('generated');
    })();

    this.assertIs(ensureDeferred(own), own as Deferred<number>);
    this.assertEqual(this.successResultOf(ensureDeferred(generator)), 'generated');
    this.assertEqual(await ensureDeferred(Promise.resolve('promised')), 'promised');
    this.assertRaises(TypeError, () => ensureDeferred(5 as never));
    fail(new Error('taken')).addErrback(() => undefined);
  }
}
