import { exit } from 'node:process';
import { TestCase } from 'txtrial';
import { reactor, succeed } from 'txtrial/internet';
import { err } from 'txtrial/log';
import { OutcomeTestCase } from '../../support/outcomes.js';
import { runProject } from '../../support/project.js';

export class ExitTests extends OutcomeTestCase {
  async test_ending_the_process_is_an_error_of_the_test() {
    const ways: (() => unknown)[] = [
      () => process.exit(3),
      () => process.abort(),
      () => process.kill(process.pid),
      () => process.kill(process.pid, 'SIGKILL'),
      () => process.kill(process.pid, 9),
      () => process.kill(0, 'SIGTERM'),
      () => process.kill(-1, 'SIGKILL'),
      () => exit(0),
      () => (process as unknown as { reallyExit(code: number): never }).reallyExit(0),
    ];
    const execve: unknown = Reflect.get(process, 'execve');
    if (typeof execve === 'function') ways.push(() => Reflect.apply(execve, process, ['/bin/true', []]));

    for (const way of ways) {
      const { errors } = await this.outcomes(way, 'error ForbiddenExitError');
      this.assertRegex(String(errors[0]), /process\.\w+\(.*\) was called in a test/);
    }
  }

  async test_the_code_behind_it_does_not_run() {
    let wentOn = false;

    await this.outcomes(() => {
      process.exit(0);
      wentOn = true;
    }, 'error ForbiddenExitError');

    this.assertFalse(wentOn);
  }

  test_code_that_swallows_it_does_not_hide_it() {
    return this.outcomes(() => {
      try {
        process.exit(0);
      } catch {
        return 'fine';
      }
    }, 'error ForbiddenExitError');
  }

  async test_in_a_callback_it_counts_once() {
    await this.outcomes(async () => {
      setImmediate(() => process.exit(0));
      await new Promise(setImmediate);
      await new Promise(setImmediate);
    }, 'error ForbiddenExitError');
    await this.outcomes(async () => {
      void Promise.resolve().then(() => process.exit(0));
      await new Promise(setImmediate);
    }, 'error ForbiddenExitError');
  }

  async test_in_a_deferred_or_the_log_it_counts_once() {
    await this.outcomes(() => void succeed(1).addCallback(() => process.exit(0)), 'error ForbiddenExitError');
    await this.outcomes(() => void reactor.callLater(0, () => process.exit(0)), 'error ForbiddenExitError');
    await this.outcomes(() => {
      try {
        process.exit(0);
      } catch (error) {
        err(new Error('it would not end', { cause: error }));
      }
    }, 'error ForbiddenExitError');
  }

  test_it_can_not_be_flushed() {
    class Sample extends TestCase {
      override tearDown() {
        this.flushLoggedErrors();
      }

      test_it() {
        process.exit(0);
      }
    }

    return this.outcomesOf(Sample, ['error ForbiddenExitError']);
  }

  test_a_question_is_no_signal() {
    return this.outcomes((test) => test.assertTrue(process.kill(process.pid, 0)), 'success');
  }

  test_a_signal_that_the_test_handles_reaches_its_handler() {
    return this.outcomes(
      async (test) => {
        for (const signal of ['SIGUSR2', 'SIGTERM', 'SIGINT'] as const) {
          const got = new Promise((resolve) => process.once(signal, resolve));
          process.kill(process.pid, signal);
          test.assertEqual(await got, signal);
          test.assertRaises(Error, () => process.kill(process.pid, signal));
        }
      },
      'error ForbiddenExitError',
      'error ForbiddenExitError',
      'error ForbiddenExitError',
    );
  }

  /** Node ends a process in which such a listener throws: programs that log the error and exit have one. */
  test_in_a_listener_for_uncaught_exceptions() {
    return this.outcomes(
      async (test) => {
        const exits = () => process.exit(1);
        const fails = () => {
          throw new RangeError('the handler is wrong, too');
        };
        for (const event of ['uncaughtException', 'uncaughtExceptionMonitor'] as const) {
          for (const listener of [exits, fails]) {
            process.once(event, listener);
            test.addCleanup(() => process.off(event, listener));
            await throwLater();
          }
        }
      },
      // Those of uncaughtException, after the runner's own listener.
      'error TypeError',
      'error ForbiddenExitError',
      'error TypeError',
      'error RangeError',
      // Those of uncaughtExceptionMonitor, which comes before.
      'error ForbiddenExitError',
      'error TypeError',
      'error RangeError',
      'error TypeError',
    );
  }

  test_in_a_listener_that_hears_first_of_what_a_microtask_throws() {
    return this.outcomes(async () => {
      process.prependOnceListener('uncaughtException', () => process.exit(1));
      queueMicrotask(() => {
        throw new TypeError('nobody takes it');
      });
      await new Promise(setImmediate);
    }, 'error ForbiddenExitError');
  }

  /** As signal-exit does, which many packages load: Node calls that then. */
  async test_where_a_package_stands_in_for_process_emit() {
    const { outcomes } = await runProject(
      this,
      `
      const { emit } = process;
      process.emit = function processEmit(...args) { return emit.apply(this, args); };
      const later = () => new Promise((done) => setTimeout(done, 5));
      export class ATests extends TestCase {
        test_1() {
          process.once('uncaughtException', () => process.exit(1));
          setImmediate(() => { throw new TypeError('nobody takes it'); });
          return later();
        }
        test_2() { return new Promise(() => {}); }
        test_3() { setImmediate(() => { throw new TypeError('nobody takes it'); }); return later(); }
      }`,
    );

    this.assertEqual(outcomes, {
      'ATests.test_1': ['error TypeError', 'error ForbiddenExitError'],
      'ATests.test_2': ['error TimeoutError'],
      'ATests.test_3': ['error TypeError'],
    });
  }

  test_in_a_listener_for_rejections() {
    return this.outcomes(
      async () => {
        process.once('unhandledRejection', () => process.exit(1));
        void Promise.reject(new TypeError('nobody takes it'));
        await new Promise(setImmediate);
        await new Promise(setImmediate);
      },
      'error TypeError',
      'error ForbiddenExitError',
    );
  }

  /** It is told whoever emits the event. */
  test_what_such_a_listener_throws_at_code_that_emits_the_event() {
    return this.outcomes((test) => {
      process.once('uncaughtException', () => {
        throw new RangeError('the handler is wrong, too');
      });
      test.assertRaises(RangeError, () => process.emit('uncaughtException', new TypeError('told')));
    }, 'error TypeError');
  }

  test_stopping_the_reactor() {
    return this.outcomes(() => reactor.stop(), 'error ForbiddenExitError');
  }
}

async function throwLater(): Promise<void> {
  setImmediate(() => {
    throw new TypeError('nobody takes it');
  });
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}
