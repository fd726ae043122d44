import { FailTest, TestCase } from 'txtrial';
import { Deferred, type Failure, fail, succeed } from 'txtrial/internet';
import { Boom, OutcomeTestCase, SubBoom } from '../../support/outcomes.js';

class Probe extends TestCase {}
const t: TestCase = new Probe();

export class AssertFailureTests extends OutcomeTestCase {
  async test_it_fires_with_the_error() {
    const error = new SubBoom('why');

    this.assertIs(await this.assertFailure(fail(error), Boom), error);
    this.assertIs(await this.assertFailure(Promise.reject(error), TypeError, SubBoom), error);
    const sure: SubBoom = await this.assertFailure(fail(error), SubBoom);
    this.assertEqual(sure.message, 'why');
  }

  async test_another_error_is_a_failure_that_tells_of_it() {
    const { errors } = await this.outcomes(
      (test) => test.assertFailure(fail(new Boom('why')), TypeError),
      'failure FailTest',
    );

    const [error] = errors as [FailTest];
    this.assertEqual(error.message, 'TypeError expected, but the Deferred failed with Boom: why');
    this.assertIsInstance(error.cause, Boom);
  }

  async test_a_value_is_a_failure() {
    const { errors } = await this.outcomes((test) => test.assertFailure(succeed(7), Boom), 'failure FailTest');

    this.assertEqual((errors[0] as FailTest).message, 'Boom expected, but the Deferred fired with 7.');
  }

  async test_without_a_class_every_error_is_refused() {
    await this.outcomes((test) => test.assertFailure(fail(new Boom())), 'failure FailTest');
  }

  async test_one_that_is_wrong_and_not_returned_is_an_error() {
    await this.outcomes((test) => void test.assertFailure(succeed(7), Boom), 'error FailTest');
  }

  async test_the_stack_shows_the_call() {
    const d = new Deferred<void>();
    const checked = t.assertFailure(d, Boom);
    setImmediate(() => d.callback());

    const error = await this.assertFailure(checked, FailTest);

    this.assertSubstring('test_the_stack_shows_the_call', String(error.stack));
  }
}

export class ResultTests extends OutcomeTestCase {
  test_success_result_of() {
    this.assertEqual(this.successResultOf(succeed(7)), 7);
    this.assertRaises(FailTest, () => t.successResultOf(new Deferred()));
    const error = this.assertRaises(FailTest, () => t.successResultOf(fail(new Boom('why'))));
    this.assertSubstring('failed with Boom: why', error.message);
  }

  test_failure_result_of() {
    const failure: Failure = this.failureResultOf(fail(new SubBoom()), Boom);

    this.assertIsInstance(failure.value, SubBoom);
    this.assertRaises(FailTest, () => t.failureResultOf(new Deferred()));
    this.assertRaises(FailTest, () => t.failureResultOf(succeed(7)));
    this.assertRaises(FailTest, () => t.failureResultOf(fail(new Boom()), TypeError));
  }

  async test_no_result() {
    const unfired = new Deferred<number>();
    this.assertNoResult(unfired);
    unfired.callback(7);
    this.assertEqual(await unfired, 7);
    this.assertRaises(FailTest, () => t.assertNoResult(succeed(7)));
    this.assertRaises(FailTest, () => t.assertNoResult(fail(new Boom())));
    await this.outcomes((test) => {
      const d = new Deferred();
      test.assertNoResult(d);
      d.errback(new Boom());
    }, 'error Boom');
  }

  test_waiting_for_another_is_no_result() {
    const waiting = new Deferred<number>();
    waiting.addCallback(() => new Deferred());
    waiting.callback(1);

    this.assertNoResult(waiting);
    this.assertRaises(FailTest, () => t.successResultOf(waiting));
  }

  test_the_result_is_taken() {
    const d = succeed(7);

    this.successResultOf(d);

    this.assertIs(this.successResultOf(d), undefined);
  }

  test_a_promise_is_refused() {
    const error = this.assertRaises(TypeError, () => t.successResultOf(Promise.resolve(7) as never));

    this.assertSubstring('Promise', error.message);
  }
}
