import { TestCase, todo } from 'txtrial';
import { Deferred, reactor } from 'txtrial/internet';
import { Boom, OutcomeTestCase, throws } from '../../support/outcomes.js';
import { runProject } from '../../support/project.js';

export class OtherTestsTimersTests extends TestCase {
  /** What another test left behind, without keeping the process alive, is nothing to wait for. */
  async test_an_interval_of_another_test_can_not_come() {
    const { outcomes } = await runProject(
      this,
      `export class Sample extends TestCase {
        static allowLeaks = ['timer'];
        test_a() { setInterval(() => {}, 5).unref(); }
        test_b() { return new Deferred(); }
      }`,
    );

    this.assertEqual(outcomes, { 'Sample.test_a': ['success'], 'Sample.test_b': ['error TimeoutError'] });
  }
}

export class NothingLeftTests extends OutcomeTestCase {
  async test_it_is_reported_at_once_like_a_timeout() {
    const steps: string[] = [];
    class Sample extends TestCase {
      override tearDown() {
        steps.push('tearDown');
      }

      test_it() {
        this.addCleanup(() => steps.push('cleanup'));
        return new Promise(() => {});
      }
    }

    const { errors, causes } = await this.outcomesOf(Sample, ['error TimeoutError']);

    this.assertSubstring('Sample.test_it (test_it) waits for something that can never come', String(errors[0]));
    this.assertEqual(causes, ['timeout']);
    this.assertEqual(steps, ['cleanup', 'tearDown']);
  }

  test_todo_is_honoured() {
    class Sample extends TestCase {
      @todo('why')
      test_it() {
        return new Deferred();
      }
    }

    return this.outcomesOf(Sample, ['expectedFailure TimeoutError (why)']);
  }

  test_in_every_step() {
    class Sample extends TestCase {
      override tearDown() {
        return new Deferred();
      }

      test_it() {
        this.addCleanup(() => new Deferred());
        this.addCleanup(throws(new Boom()));
      }
    }

    return this.outcomesOf(Sample, ['error Boom', 'error TimeoutError', 'error TimeoutError']);
  }

  async test_what_can_still_come_is_waited_for() {
    await this.outcomes(() => new Promise((resolve) => void setTimeout(resolve, 20)), 'success');
    await this.outcomes(() => new Promise((resolve) => void setTimeout(resolve, 20).unref()), 'success');
    await this.outcomes(() => {
      return new Promise((resolve) => AbortSignal.timeout(20).addEventListener('abort', resolve));
    }, 'success');
    await this.outcomes(() => {
      const d = new Deferred<void>();
      reactor.callLater(0.02, () => d.callback());
      return d;
    }, 'success');
  }

  test_an_unrefd_timer_that_was_cleared_can_not_come() {
    return this.outcomes(() => {
      clearTimeout(setTimeout(() => {}, 100_000).unref());
      return new Deferred();
    }, 'error TimeoutError');
  }
}
