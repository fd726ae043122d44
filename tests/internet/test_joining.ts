import { TestCase } from 'txtrial';
import {
  CancelledError,
  Deferred,
  DeferredDict,
  DeferredList,
  FailureGroup,
  FirstError,
  fail,
  gatherResults,
  race,
  succeed,
} from 'txtrial/internet';

export class DeferredListTests extends TestCase {
  test_it_fires_with_what_became_of_each_in_order(): void {
    const [a, b] = [new Deferred<string>(), new Deferred<number>()];
    const list = new DeferredList([a, b], { consumeErrors: true });

    b.errback(new RangeError('b'));
    this.assertNoResult(list);
    a.callback('A');

    const [first, second] = this.successResultOf(list);
    this.assertEqual(first, [true, 'A']);
    this.assertEqual([second[0], String(second[1])], [false, '[Failure instance: RangeError: b]']);
    this.assertEqual([a.result, b.result], ['A', undefined]);
  }

  test_it_may_fire_with_the_first_result(): void {
    const [a, b] = [new Deferred<string>(), new Deferred<string>()];
    const list = new DeferredList([a, b], { fireOnOneCallback: true });

    b.callback('B');

    this.assertEqual(this.successResultOf(list), ['B', 1]);
  }

  test_it_may_fail_with_the_first_failure(): void {
    const list = new DeferredList([new Deferred(), fail(new RangeError('x'))], {
      fireOnOneErrback: true,
      consumeErrors: true,
    });

    const { index, subFailure } = this.failureResultOf(list, FirstError).value as FirstError;

    this.assertEqual([index, subFailure.check(RangeError)], [1, RangeError]);
  }

  test_an_empty_one_fires_at_once_but_never_with_a_first_result(): void {
    this.assertEqual(this.successResultOf(new DeferredList([])), []);
    this.assertNoResult(new DeferredList([], { fireOnOneCallback: true }));
  }

  test_cancelling_it_cancels_each_and_what_a_canceller_throws_is_logged(): void {
    const wild = new Deferred<string>(() => {
      throw new RangeError('canceller');
    });
    const tame = new Deferred<string>();
    const list = new DeferredList([wild, tame], { consumeErrors: true });

    list.cancel();

    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
    this.assertEqual([wild.called, tame.called], [false, true]);
    wild.callback('after all');
    this.successResultOf(list);
  }

  test_one_that_waits_for_what_waits_for_it_can_be_cancelled(): void {
    const d = new Deferred<unknown>();
    const other = new Deferred<string>();
    d.addCallback(() => gatherResults([d, d, other]));
    d.callback('go');

    d.cancel();

    this.failureResultOf(d, FirstError);
    this.failureResultOf(other, CancelledError);
  }

  async test_promises_are_taken_too(): Promise<void> {
    this.assertEqual(await gatherResults([Promise.resolve(1), succeed('two')]), [1, 'two']);
  }

  test_gatherResults_cancels_all(): void {
    const [a, b] = [new Deferred<string>(), new Deferred<string>()];
    const all = gatherResults([a, b], { consumeErrors: true });

    all.cancel();

    const { subFailure } = this.failureResultOf(all, FirstError).value as FirstError;
    this.assertIs(subFailure.check(CancelledError), CancelledError);
  }
}

export class DeferredDictTests extends TestCase {
  test_it_fires_with_what_became_of_each_by_name(): void {
    const { poem, title } = this.successResultOf(
      new DeferredDict({ poem: succeed('roses'), title: fail(new RangeError()) }, { consumeErrors: true }),
    );

    this.assertEqual(poem, [true, 'roses']);
    this.assertFalse(title[0]);
  }

  test_the_first_failure_is_given_with_its_name(): void {
    const all = new DeferredDict({ poem: fail(new Error()) }, { fireOnOneErrback: true, consumeErrors: true });

    this.assertEqual((this.failureResultOf(all, FirstError).value as FirstError).index, 'poem');
  }
}

export class RaceTests extends TestCase {
  test_the_first_result_wins_and_the_others_are_cancelled(): void {
    const cancelled: string[] = [];
    const [slow, quick] = [new Deferred<string>(() => cancelled.push('slow')), new Deferred<string>()];
    const first = race([slow, quick]);

    quick.callback('won');

    this.assertEqual([this.successResultOf(first), cancelled], [[1, 'won'], ['slow']]);
  }

  test_if_all_fail_it_fails_with_all_their_failures_in_order(): void {
    const [a, b] = [new Deferred(), new Deferred()];
    const first = race([a, b]);

    b.errback(new Error('b'));
    a.errback(new Error('a'));

    const { failures } = this.failureResultOf(first, FailureGroup).value as FailureGroup;
    this.assertEqual(
      failures.map((failure) => failure.getErrorMessage()),
      ['a', 'b'],
    );
  }

  test_one_that_waits_for_what_waits_for_it_can_be_cancelled(): void {
    const d = new Deferred<unknown>();
    const other = new Deferred<string>();
    const seen: unknown[] = [];
    d.addCallback(() => race([d, other]).addErrback((failure) => seen.push(failure.type)));
    d.callback('go');

    d.cancel();

    this.assertEqual(seen, [CancelledError]);
    this.assertEqual([d.paused, other.called], [0, true]);
  }

  test_cancelling_it_cancels_all(): void {
    const [a, b] = [new Deferred(), new Deferred()];
    const first = race([a, b]);

    first.cancel();

    this.failureResultOf(first, FailureGroup);
    this.assertEqual([a.called, b.called], [true, true]);
  }
}
