import { TestCase } from 'txtrial';
import { runProject, startProject } from '../../support/project.js';

const LATER = 'const later = () => new Promise((done) => setTimeout(done, 5));';
const THROW = 'setTimeout(() => { throw new Boom(); }, 0);';

export class RemovedListenerTests extends TestCase {
  async test_what_goes_wrong_after_that_is_an_error_of_the_test_all_the_same() {
    const { outcomes, status } = await runProject(
      this,
      `${LATER}
      let go;
      export class Sample extends TestCase {
        async test_1_all() { process.removeAllListeners(); ${THROW} await later(); }
        async test_2_event() { process.removeAllListeners('uncaughtException'); ${THROW} await later(); }
        async test_3_rejection() { process.removeAllListeners('unhandledRejection'); Promise.reject(new Boom()); await later(); }
        async test_4_each() {
          for (const listener of process.listeners('uncaughtException')) process.off('uncaughtException', listener);
          ${THROW} await later();
        }
        async test_5_idle() { process.removeAllListeners(); await new Promise(() => {}); }
        async test_6_untouched() { ${THROW} await later(); }
        test_7_late() {
          process.removeAllListeners();
          void new Promise((resolve) => { go = resolve; }).then(() => process.nextTick(() => { throw new Boom(); }));
        }
        async test_8_next() { go(); await later(); }
      }`,
    );

    this.assertEqual(outcomes, {
      'Sample.test_1_all': ['error Boom'],
      'Sample.test_2_event': ['error Boom'],
      'Sample.test_3_rejection': ['error Boom'],
      'Sample.test_4_each': ['error Boom'],
      'Sample.test_5_idle': ['error TimeoutError'],
      'Sample.test_6_untouched': ['error Boom'],
      'Sample.test_7_late': ['success', 'late error Boom'],
      'Sample.test_8_next': ['success'],
    });
    this.assertEqual(status, 1);
  }

  async test_what_node_and_the_watch_on_leaks_listen_to_is_there_for_the_next_test() {
    const { outcomes, stderr } = await runProject(
      this,
      `export class Sample extends TestCase {
        test_1_all() {
          process.removeAllListeners();
          process.on('txtrial', () => {});
          return new Promise(setImmediate);
        }
        test_2_next() {
          process.on('txtrial', () => {});
          process.emitWarning('somebody is to see this');
        }
      }`,
    );

    this.assertEqual(outcomes, { 'Sample.test_1_all': ['error LeakError'], 'Sample.test_2_next': ['error LeakError'] });
    this.assertRegex(stderr, /Warning: somebody is to see this\n/);
  }

  /** The way to test code that is to end with an uncaught exception. */
  async test_a_handler_in_their_place_is_the_only_one_until_the_test_is_over() {
    const { outcomes } = await runProject(
      this,
      `${LATER}
      export class Sample extends TestCase {
        async test_1_own_handler() {
          const saved = process.listeners('uncaughtException');
          process.removeAllListeners('uncaughtException');
          const caught = new Promise((done) => process.once('uncaughtException', done));
          ${THROW}
          this.assertIsInstance(await caught, Boom);
          for (const listener of saved) process.on('uncaughtException', listener);
        }
        async test_2_own_handler_that_stays() {
          process.removeAllListeners('uncaughtException');
          process.on('uncaughtException', () => {});
          ${THROW} await later();
        }
        async test_3_next() { ${THROW} await later(); }
      }`,
    );

    this.assertEqual(outcomes, {
      'Sample.test_1_own_handler': ['success'],
      'Sample.test_2_own_handler_that_stays': ['error LeakError'],
      'Sample.test_3_next': ['error Boom'],
    });
  }

  async test_ctrl_c_still_ends_the_run_in_good_order() {
    const source = `
      export class Sample extends TestCase {
        test_1() { process.removeAllListeners(); }
        test_2() {
          process.removeAllListeners('SIGINT');
          setInterval(() => {}, 1000);
          console.log('ready');
          return new Deferred();
        }
      }`;
    let interrupted = false;

    const { status, outcomes } = await startProject(this, source, [], (event, run) => {
      if (event.type !== 'output' || interrupted) return;
      interrupted = true;
      run.kill('SIGINT');
    }).finished;

    this.assertEqual(outcomes, { 'Sample.test_1': ['success'], 'Sample.test_2': ['error InterruptedError'] });
    this.assertEqual(status, 130);
  }
}
