import { TestCase } from 'txtrial';
import { abortable, CancelledError, cancelOnAbort, Deferred, signalOf, succeed } from 'txtrial/internet';

export class AbortSignalTests extends TestCase {
  async test_cancelling_aborts_the_signal_that_the_work_was_given(): Promise<void> {
    let signal: AbortSignal | undefined;
    const d = abortable((given) => {
      signal = given;
      return new Promise((_, reject) => given.addEventListener('abort', () => reject(given.reason)));
    });

    d.cancel();

    this.failureResultOf(d, CancelledError);
    this.assertEqual(signal?.aborted, true);
    await Promise.resolve();
  }

  async test_the_result_of_the_work_is_the_result(): Promise<void> {
    this.assertEqual(await abortable(async () => 'done'), 'done');
  }

  test_an_aborted_signal_cancels(): void {
    const controller = new AbortController();
    const [before, done] = [
      cancelOnAbort(new Deferred(), controller.signal),
      cancelOnAbort(succeed(1), controller.signal),
    ];

    controller.abort();

    this.failureResultOf(before, CancelledError);
    this.assertEqual(this.successResultOf(done), 1);
    this.failureResultOf(cancelOnAbort(new Deferred(), controller.signal), CancelledError);
  }

  test_the_signal_lets_go_of_one_that_has_its_result(): void {
    const controller = new AbortController();
    const inner = new Deferred<string>();
    const first = new Deferred<void>();
    cancelOnAbort(first, controller.signal).addCallback(() => inner);
    first.callback();

    controller.abort();

    this.assertNoResult(inner);
  }

  test_the_reason_of_the_signal_is_the_cause_of_the_error(): void {
    const [controller, reason] = [new AbortController(), new Error('the user has left')];
    const before = cancelOnAbort(new Deferred(), controller.signal);

    controller.abort(reason);

    for (const d of [before, cancelOnAbort(new Deferred(), controller.signal)]) {
      const { value } = this.failureResultOf(d, CancelledError);
      this.assertIdentical(value instanceof CancelledError && value.cause, reason);
    }
  }

  test_a_deferred_that_fails_aborts_its_signal_and_keeps_its_failure(): void {
    const d = new Deferred<string>();
    const signal = signalOf(d);

    d.cancel();

    this.assertIsInstance(signal.reason, CancelledError);
    this.failureResultOf(d, CancelledError);
  }
}
