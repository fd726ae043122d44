/**
 * First steps with the reactor: it waits for events, and calls us when they come.
 *
 * The programs stand in tests/introduction/programs; `node tests/introduction/programs/hello.js` runs one by hand.
 */
import { Clock, LoopingCall } from 'txtrial/internet';
import { ProgramTestCase, runProgram, startProgram } from '../support/program.js';

export class ReactorTests extends ProgramTestCase {
  /** We hand a function over; the reactor calls it when it runs. Nothing comes after run() until stop(). */
  async test_hello() {
    const { status, printed } = await runProgram(this, 'hello.js');

    this.assertEqual(printed, [
      'nothing has been called yet',
      'the reactor is running: true',
      'the reactor has stopped, and the program goes on here',
    ]);
    this.assertEqual(status, 0);
  }

  /** A reactor without work keeps the program alive, and Ctrl-C ends it in good order. */
  async test_idle() {
    const program = startProgram(this, 'idle.js');
    await program.begun;

    program.interrupt();

    const { status, printed } = await program.finished;
    this.assertEqual(printed, ['waiting for Ctrl-C', 'shutting down', 'stopped']);
    this.assertEqual(status, 0);
  }

  /** Between the line that says run() and our callback there is nobody but the reactor. */
  async test_stack() {
    const { printed } = await runProgram(this, 'stack.js');

    this.assertEqual(printed, ['this program', 'the reactor', 'this program']);
  }

  /** A callback that asks to be called again. While it waits, nothing is blocked. */
  async test_countdown() {
    const { status, printed } = await runProgram(this, 'countdown.js', '0.01');

    this.assertEqual(printed, ['ready', '3 ...', '2 ...', '1 ...', 'go']);
    this.assertEqual(status, 0);
  }

  /** Three countdowns, each at its own pace, in one thread; here on a clock that we move ourselves. */
  test_three_countdowns() {
    const { print } = this;
    const clock = new Clock();
    const countDown = (name: string, from: number, pace: number) => {
      let left = from;
      const loop = new LoopingCall(() => {
        print(name, left);
        if (left === 0) loop.stop();
        left -= 1;
      });
      loop.clock = clock;
      return loop.start(pace);
    };

    countDown('red', 3, 1);
    countDown('green', 1, 2.5);
    countDown('blue', 1, 4).addCallback(() => print('all is over'));
    clock.pump([1, 1, 1, 1]);

    this.assertPrinted(
      ...['red 3', 'green 1', 'blue 1'], // at once
      ...['red 2', 'red 1'], // after 1 and 2 seconds
      ...['green 0', 'red 0'], // both are due after 3 seconds; green has been for longer
      ...['blue 0', 'all is over'],
    );
  }

  /** An error in one callback is told, with its place, and does no harm to the next one. */
  async test_stumble() {
    const { status, printed } = await runProgram(this, 'stumble.js');

    const [begin, error, place, ...rest] = printed;
    this.assertEqual([begin, error], ['off we go', 'Error: a stone in the way']);
    this.assertRegex(String(place), /^ {4}at .*stumble\.js:5:9$/);
    this.assertEqual(rest, ['still on my feet', 'arrived']);
    this.assertEqual(status, 0);
  }

  /** There is one reactor, and it runs once. */
  async test_run_twice() {
    const { status, printed } = await runProgram(this, 'run_twice.js');

    this.assertEqual(printed, [
      'ReactorNotRunning', // stop() before run()
      'ReactorAlreadyRunning', // run() inside run()
      'ReactorNotRestartable', // run() after run()
      'once is enough',
    ]);
    this.assertEqual(status, 0);
  }

  /** A Deferred does not wait for anything by itself: here the reactor fires it, with a result or with an error. */
  async test_poem_later() {
    this.assertEqual((await runProgram(this, 'poem_later.js')).printed, ['Roses are read.']);
    this.assertEqual((await runProgram(this, 'poem_later.js', 'fail')).printed, ['no poem today: the poet sleeps']);
  }
}
