import { TestCase } from 'txtrial';
import { formatElapsed } from '../../src/poetry/elapsed.js';

export class ElapsedTests extends TestCase {
  test_as_python_writes_it() {
    this.assertEqual(formatElapsed(10.13422), '0:00:10.134220');
    this.assertEqual(formatElapsed(0), '0:00:00.000000');
    this.assertEqual(formatElapsed(59.9999999), '0:01:00.000000');
    this.assertEqual(formatElapsed(7200), '2:00:00.000000');
    this.assertEqual(formatElapsed(36_000 + 23 * 60 + 5.000001), '10:23:05.000001');
  }
}
