import { TestCase } from 'txtrial';
import { runProject, startProject } from '../../support/project.js';

/** Signals that tests only play. */
export class InterruptTests extends TestCase {
  static timeout = 60;

  /** Tests of what a program does on a signal emit it by hand: no signal came, so the run goes on. */
  async test_a_signal_that_a_test_emits_ends_no_run() {
    const source = `
      export class ATests extends TestCase {
        #hear(signal, ...args) {
          let heard = 0;
          const listener = () => { heard += 1; };
          process.on(signal, listener);
          process.emit(signal, ...args);
          process.off(signal, listener);
          this.assertEqual(heard, 1);
        }
        test_1() { for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) this.#hear(signal); }
        test_2() { for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) this.#hear(signal, signal); }
        test_3() {
          for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGBREAK', 'SIGUSR2']) process.emit(signal, signal);
        }
        test_4() {}
      }`;

    const { outcomes, status, stderr } = await runProject(this, source);

    const passed = ['success'];
    this.assertEqual(outcomes, {
      'ATests.test_1': passed,
      'ATests.test_2': passed,
      'ATests.test_3': passed,
      'ATests.test_4': passed,
    });
    this.assertEqual([status, stderr], [0, '']);
  }

  /** The supervisor hands a signal on unless the other process says that it has come there. */
  async test_a_signal_that_a_test_emits_is_not_taken_for_one_that_comes_later() {
    const source = `
      export class ATests extends TestCase {
        async test_1() {
          process.emit('SIGTERM', 'SIGTERM');
          console.log('emitted');
          await new Promise((done) => setTimeout(done, 30_000));
        }
        test_2() {}
      }`;

    const run = startProject(this, source, ['--supervise'], (event, { kill }) => {
      if (event.type === 'output') kill('SIGTERM');
    });

    const { outcomes, status } = await run.finished;
    this.assertEqual(outcomes, { 'ATests.test_1': ['error InterruptedError'] });
    this.assertEqual(status, 143);
  }
}
