import { TEST_CASE_MARK } from '../life/test_state.js';
import { SynchronousTestCase } from './synchronous_test_case.js';

/**
 * The base of test classes: each method whose name starts with `test` and goes on is one test.
 *
 * `setUp`, the test, each cleanup and `tearDown` may return a Deferred or a Promise: it is waited for before the next
 * step, and no longer than the test's timeout (120 seconds unless a `timeout` attribute says otherwise).
 *
 * @example
 * export class PoetryTestCase extends TestCase {
 *   setUp() { this.port = reactor.listenTCP(0, new PoetryServerFactory(POEM)); }
 *   tearDown() { return this.port.stopListening(); }
 *   async test_client() { this.assertEqual(await getPoetry('127.0.0.1', this.port.getHost().port), POEM); }
 * }
 * @see Twisted, twisted.trial.unittest.TestCase
 */
export class TestCase extends SynchronousTestCase {
  override get [TEST_CASE_MARK](): 'asynchronous' {
    return 'asynchronous';
  }
}
