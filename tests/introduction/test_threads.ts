/** Long computations: in a thread they hold nobody up, and their result is a Deferred like any other. */
import { deferToThread, getThreadPool } from 'txtrial/internet';
import { ProgramTestCase } from '../support/program.js';

/** Goes to the thread as text, so it uses nothing from around it. */
function divide(a: number, b: number): number {
  if (b === 0) throw new RangeError('nobody can divide by 0');
  return a / b;
}

export class ThreadTests extends ProgramTestCase {
  /** The threads wait for further work until they are told that there is none. */
  override tearDown() {
    return getThreadPool().stop();
  }

  /** What the thread returns is the result, what it throws is the error. */
  async test_results_and_errors() {
    const { print } = this;

    const d = deferToThread(divide, 3, 2)
      .addCallback((result) => print('3 / 2 =', result))
      .addCallback(() => deferToThread(divide, 3, 0))
      .addErrback((failure) => print('sorry:', failure.trap(RangeError).name, failure.getErrorMessage()));
    print('asked');
    await d;

    this.assertPrinted('asked', '3 / 2 = 1.5', 'sorry: RangeError nobody can divide by 0');
  }
}
