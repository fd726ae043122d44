import { readFileSync } from 'node:fs';
import { TestCase } from 'txtrial';
import { runFile } from '../../support/project.js';

export class AgainstTrialTests extends TestCase {
  /** `rules.txt` was recorded by `record.py` with Twisted 22.4. */
  async test_outcomes_and_their_order_are_those_of_real_trial() {
    const fixture = (name: string) => new URL(`../../fixtures/trial_rules/${name}`, import.meta.url);
    const recorded = readFileSync(fixture('rules.txt'), 'utf8').trimEnd().split('\n');

    const { events } = await runFile(this, fixture('rules.ts'));

    const lines: string[] = [];
    for (const event of events) {
      if (event.type !== 'testFinished') continue;
      const outcomes = event.outcomes.map(({ kind, errorName, reason }) => {
        return [kind, errorName, reason === undefined ? undefined : `(${reason})`].filter(Boolean).join(' ');
      });
      lines.push(`${event.id.split('.').slice(-2).join('.')} :: ${outcomes.join(' | ')}`);
    }
    this.assertEqual(lines, recorded);
  }
}
