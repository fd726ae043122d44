import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { TestCase } from 'txtrial';
import { differences } from '../support/receivers.js';

const corpus = new URL('../fixtures/protocols/corpus.jsonl.gz', import.meta.url);

/** Random bytes at random boundaries, and what the receivers of real Twisted made of them. */
export class AgainstTwistedTests extends TestCase {
  test_every_recorded_stream_is_received_as_in_twisted() {
    const recorded = gunzipSync(readFileSync(corpus)).toString().trimEnd().split('\n');

    const differing = differences(recorded);

    this.assertEqual(recorded.length, 2400);
    this.assertEqual(differing.slice(0, 3), [], `${differing.length} of ${recorded.length} streams differ`);
  }
}
