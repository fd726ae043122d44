import { TestCase } from 'txtrial';
import { runProject, runProjectUnder } from '../../support/project.js';

const sample = `
  export class SampleTests extends TestCase {
    test_a_tick() { process.nextTick(() => { throw new Boom(); }); }
    test_b_tick_of_a_microtask() { queueMicrotask(() => process.nextTick(() => { throw new Boom(); })); }
    test_c_clean() {}
    test_d_microtask() { queueMicrotask(() => { throw new Boom(); }); }
    test_e_rejection() { Promise.reject(new Boom()); }
    test_f_rejection_of_later() { void Promise.resolve().then(() => Promise.resolve()).then(() => { throw new Boom(); }); }
    test_g_handled_in_a_tick() { const promise = Promise.reject(new Boom()); process.nextTick(() => promise.catch(() => {})); }
    test_h_two_ticks() {
      process.nextTick(() => { throw new Boom(); });
      process.nextTick(() => { throw new RangeError(); });
    }
    test_i_clean() {}
  }`;

const expected = {
  'SampleTests.test_a_tick': ['error Boom'],
  'SampleTests.test_b_tick_of_a_microtask': ['error Boom'],
  'SampleTests.test_c_clean': ['success'],
  'SampleTests.test_d_microtask': ['error Boom'],
  'SampleTests.test_e_rejection': ['error Boom'],
  'SampleTests.test_f_rejection_of_later': ['error Boom'],
  'SampleTests.test_g_handled_in_a_tick': ['success'],
  'SampleTests.test_h_two_ticks': ['error Boom', 'error RangeError'],
  'SampleTests.test_i_clean': ['success'],
};

/** What tests that return nothing leave to microtasks and ticks is heard of before their verdict. */
export class TurnsTests extends TestCase {
  async test_errors_are_charged_before_the_next_test() {
    const { outcomes, stderr } = await runProject(this, sample);
    this.assertEqual([outcomes, stderr], [expected, '']);
  }

  async test_the_same_where_node_warns_of_what_is_used_for_it() {
    const { outcomes, stderr } = await runProjectUnder(this, ['--pending-deprecation'], sample);
    // There Node may go on with the ticks after the one that threw when trial has looked.
    const told = JSON.parse(JSON.stringify(outcomes).replaceAll('late error RangeError', 'error RangeError'));
    this.assertEqual([told, stderr], [expected, '']);
  }

  async test_timers_and_sockets_have_their_turn_between_short_tests() {
    const { outcomes, totals } = await runProject(
      this,
      `
      let turns = 0;
      setInterval(() => { turns += 1; }, 1).unref();
      class ShortTests extends TestCase {
        test_last() { this.assertTrue(turns > 10, String(turns)); }
      }
      for (let i = 0; i < 200; i++) {
        ShortTests.prototype['test_' + i] = () => { for (const end = performance.now() + 1; performance.now() < end;); };
      }
      export { ShortTests };`,
    );
    this.assertEqual(totals?.successes, 201, String(outcomes['ShortTests.test_last']));
  }
}
