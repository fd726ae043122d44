/**
 * Tests that misbehave at random: each must have its verdict, and those beside them theirs. More of them, and others:
 * `MISBEHAVIOUR_RUNS=100 MISBEHAVIOUR_SEED=7 npx trial tests/trial/misbehaviour`.
 */
import fc from 'fast-check';
import { TestCase } from 'txtrial';
import { type ProjectRun, runModule } from '../../support/project.js';
import { complaintsAbout, neighboursOf } from './check.js';
import { type RunPlan, runPlan } from './plan.js';
import { sourceOf } from './source.js';

const { MISBEHAVIOUR_RUNS: runs, MISBEHAVIOUR_SEED: seed = '1', MISBEHAVIOUR_CLASSES: classes = '10' } = process.env;

export class MisbehaviourTests extends TestCase {
  static timeout = runs === undefined ? 120 : 86_400;

  async test_each_verdict_is_right_and_the_neighbours_are_untouched() {
    let tests = 0;
    await fc.assert(
      fc.asyncProperty(runPlan(Number(classes), 2), async (plan) => {
        const source = sourceOf(plan);
        const run = await runModule(this, source, ...argumentsOf(plan));
        tests += run.started.length;
        const complaints = complaintsAbout(plan, run);
        if (complaints.length === 0) complaints.push(...(await this.#touched(plan, source, run)));
        if (complaints.length > 0) throw new Error(`${complaints.join('\n')}\n`);
      }),
      {
        seed: Number(seed),
        numRuns: Number(runs ?? 4),
        // A smaller one would take too long to find.
        endOnFailure: true,
      },
    );
    if (runs !== undefined) console.log(`${tests} tests misbehaved, as they should.`);
  }

  /** Runs the neighbours alone, and says what is different. */
  async #touched({ repeat }: RunPlan, source: string, run: ProjectRun): Promise<string[]> {
    const told = neighboursOf(run);
    if (told.length === 0) return [];
    const alone = neighboursOf(await runModule(this, source, '--repeat', `${repeat}`, '--grep', 'Neighbour'));
    return told.flatMap((text, i) => (text === alone[i] ? [] : [`${text}, but alone ${alone[i]}`]));
  }
}

export function argumentsOf({ seed, retries, repeat, supervise, capture }: RunPlan): string[] {
  return [
    ...(seed === undefined ? [] : ['--random', `${seed}`]),
    '--flaky',
    'warn',
    '--retries',
    `${retries}`,
    '--repeat',
    `${repeat}`,
    supervise ? '--supervise' : '--no-supervise',
    ...(capture ? ['--capture'] : []),
  ];
}
