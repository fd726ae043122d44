import { TestCase } from 'txtrial';
import { Clock } from 'txtrial/internet';
import { SlowPoetryFactory, type SlowPoetryOptions } from '../../src/poetry/slow_server.js';
import { connect, logLines } from '../support/poetry.js';

export class SlowServerTests extends TestCase {
  clock = new Clock();

  start(poem: string, options: Omit<SlowPoetryOptions, 'clock'>) {
    const factory = new SlowPoetryFactory(poem, { ...options, clock: this.clock });
    return () => connect(factory).transport;
  }

  test_a_few_bytes_at_a_time() {
    const transport = this.start('abcdefgh', { numBytes: 3, delay: 2 })();
    this.assertEqual(transport.value().toString(), 'abc');

    this.clock.advance(1.9);
    this.assertEqual(transport.value().toString(), 'abc');
    this.clock.advance(0.1);
    this.assertEqual(transport.value().toString(), 'abcdef');
    this.assertTrue(transport.connected);
    this.clock.advance(2);

    this.assertEqual(transport.value().toString(), 'abcdefgh');
    this.assertFalse(transport.connected);
  }

  test_ten_bytes_a_tenth_of_a_second_unless_told_otherwise() {
    const transport = this.start('x'.repeat(25), {})();

    this.clock.pump([0.1]);

    this.assertEqual(transport.value().length, 20);
  }

  test_the_end_comes_with_the_last_bytes() {
    this.assertFalse(this.start('abc', { numBytes: 3 })().connected);
    this.assertFalse(this.start('', {})().connected);
  }

  test_a_client_that_leaves_leaves_no_call_behind() {
    const transport = this.start('abcdef', { numBytes: 3 })();

    transport.loseConnection();

    this.assertEqual(this.clock.getDelayedCalls(), []);
  }

  test_side_by_side() {
    const connect = this.start('abcdef', { numBytes: 3, delay: 1 });
    const first = connect();
    this.clock.advance(0.5);
    const second = connect();
    this.assertEqual(second.value().toString(), 'abc');

    this.clock.advance(0.5);
    this.assertEqual([first.value().length, second.value().length], [6, 3]);
    this.clock.advance(0.5);
    this.assertEqual(second.value().length, 6);
  }

  test_blocking_it_serves_one_after_another() {
    const log = logLines(this);
    const connect = this.start('abcdef', { numBytes: 3, delay: 1, blocking: true });
    const [first, second, third] = [connect(), connect(), connect()];
    this.assertEqual(log.length, 1);

    this.clock.advance(0.9);
    this.assertEqual(
      [first, second, third].map((t) => t.value().length),
      [3, 0, 0],
    );
    this.clock.advance(0.1);
    this.assertEqual(
      [first, second, third].map((t) => t.value().length),
      [6, 3, 0],
    );
    this.clock.advance(1);
    this.assertEqual(
      [first, second, third].map((t) => t.value().length),
      [6, 6, 3],
    );
    this.clock.advance(1);

    this.assertEqual(third.value().length, 6);
    this.assertEqual(
      log,
      Array.from({ length: 3 }, () => `sending 6 bytes of poetry to ${first.getPeer()}`),
    );
  }

  test_blocking_it_skips_those_who_have_left() {
    const connect = this.start('abcdef', { numBytes: 3, delay: 1, blocking: true });
    const [first, second, third] = [connect(), connect(), connect()];

    second.loseConnection();
    this.assertEqual(third.value().length, 0);
    first.loseConnection();

    this.assertEqual(
      [first, second, third].map((t) => t.value().length),
      [3, 0, 3],
    );
  }
}
