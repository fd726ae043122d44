import { TestCase } from 'txtrial';
import { FastPoetryFactory } from '../../src/poetry/fast_server.js';
import { connect, logLines } from '../support/poetry.js';

export class FastServerTests extends TestCase {
  test_sends_the_whole_poem_and_closes() {
    const { transport } = connect(new FastPoetryFactory('Grüße\n'));

    this.assertEqual(transport.value().toString(), 'Grüße\n');
    this.assertFalse(transport.connected);
  }

  test_says_how_many_bytes_go_where() {
    const log = logLines(this);

    const { transport } = connect(new FastPoetryFactory('Grüße\n'));

    this.assertEqual(log, [`sending 8 bytes of poetry to ${transport.getPeer()}`]);
  }

  /** Bytes that are no text, too. */
  test_each_client_gets_it() {
    const factory = new FastPoetryFactory(Buffer.from([0, 255, 10]));

    for (const client of [connect(factory), connect(factory)]) {
      this.assertEqual(client.transport.value(), Buffer.from([0, 255, 10]));
    }
  }
}
