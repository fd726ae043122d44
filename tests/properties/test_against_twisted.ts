import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { TestCase } from 'txtrial';
import { play } from '../support/differential/play.js';
import type { Recorded } from '../support/differential/program.js';

const corpus = new URL('../fixtures/differential/corpus.jsonl.gz', import.meta.url);

/** Thousands of random programs, and what real Twisted made of each. */
export class AgainstTwistedTests extends TestCase {
  test_everyRecordedProgramLeavesTheTraceItLeftInTwisted(): void {
    const lines = gunzipSync(readFileSync(corpus)).toString().trimEnd().split('\n');
    const differing: string[] = [];

    for (const line of lines) {
      const { program, trace } = JSON.parse(line) as Recorded;
      const played = play(program);
      const at = trace.findIndex((entry, index) => entry !== played[index]);
      if (at === -1 && played.length === trace.length) continue;
      differing.push(`${JSON.stringify(program)}\n  step ${at}: Twisted ${trace[at]}, here ${played[at]}`);
    }

    // The failures that the programs leave behind, and what their cancellers throw, are none of this test's.
    this.flushLoggedErrors();
    this.assertGreater(lines.length, 3000);
    differing.sort((a, b) => a.length - b.length);
    this.assertEqual(differing.slice(0, 3), [], `${differing.length} of ${lines.length} programs differ`);
  }
}
