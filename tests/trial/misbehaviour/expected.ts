/** What has to become of the tests of a plan, as the rules say. */
import { NEIGHBOURS } from './neighbours.js';
import { type ClassPlan, deedOf, endingOf, type RunPlan, type StepPlan, type TestPlan } from './plan.js';
import { className, tag } from './source.js';

/** What has to become of one test. */
export interface Expected {
  readonly id: string;
  readonly isNeighbour: boolean;
  /** Of each attempt, run by run. */
  readonly runs: readonly (readonly Attempt[])[];
}

/** What has to become of one attempt at a test; outcomes are written as `textOf` does, `*` standing for anything. */
export interface Attempt {
  /** In this order. */
  readonly steps: readonly string[];
  /** In any order, behind those. */
  readonly others: readonly string[];
  /** What comes when a neighbour has run after it. */
  readonly late: readonly string[];
  /** What it prints and logs. */
  readonly printed: readonly string[];
}

/** By id without the module. */
export function expectedOf(plan: RunPlan): ReadonlyMap<string, Expected> {
  const all: Expected[] = [];
  for (const [i, one] of plan.classes.entries()) {
    if ('neighbours' in one) {
      for (const [t, name] of one.neighbours.entries()) {
        const outcome = NEIGHBOURS[name]?.outcome ?? '';
        const isFailed = /^(?:failure|error)/.test(outcome);
        const attempt: Attempt = { steps: [outcome], others: [], late: [], printed: [] };
        const attempts = new Array<Attempt>(isFailed ? plan.retries + 1 : 1).fill(attempt);
        const runs = new Array<readonly Attempt[]>(plan.repeat).fill(attempts);
        all.push({ id: `${className(i, true)}.test_${t}`, isNeighbour: true, runs });
      }
    } else {
      for (const t of one.tests.keys()) all.push(ofTest(plan, one, i, t));
    }
  }
  return new Map(all.map((one) => [one.id, one]));
}

function ofTest({ retries, repeat }: RunPlan, one: ClassPlan, i: number, t: number): Expected {
  const runs: Attempt[][] = [];
  let isFirst = true;
  for (let run = 0; run < repeat; run++) {
    const attempts: Attempt[] = [];
    do {
      attempts.push(new Life(one, i, t, isFirst).run());
      isFirst &&= !hasBegun(one);
    } while (attempts.length <= retries && hasFailed(attempts.at(-1)));
    runs.push(attempts);
  }
  return { id: `${className(i, false)}.test_${t}`, isNeighbour: false, runs };
}

/** Whether the method of the test runs. */
function hasBegun({ setUp }: ClassPlan): boolean {
  return endingOf(setUp.ending).end === 'pass';
}

function hasFailed(attempt: Attempt | undefined): boolean {
  return [...(attempt?.steps ?? []), ...(attempt?.others ?? [])].some((text) => /^(?:failure|error)/.test(text));
}

type Step = 'setUp' | 'test' | 'cleanup' | 'tearDown';

/** One attempt, gone through by the rules. */
class Life {
  readonly #plan: ClassPlan;
  readonly #test: TestPlan;
  readonly #place: readonly [number, number];
  readonly #isFirst: boolean;
  readonly #steps: string[] = [];
  readonly #others: string[] = [];
  readonly #leaks: string[] = [];
  readonly #late: string[] = [];
  readonly #lateLeaks: string[] = [];
  readonly #printed: string[] = [];
  readonly #dirty = new Set<string>();
  #isGivenUp = false;
  #hasDied = false;
  #isClean = true;

  constructor(plan: ClassPlan, i: number, t: number, isFirst: boolean) {
    this.#plan = plan;
    this.#test = plan.tests[t] as TestPlan;
    this.#place = [i, t];
    this.#isFirst = isFirst;
  }

  run(): Attempt {
    const [i, t] = this.#place;
    const { setUp, tearDown } = this.#plan;
    const { body, cleanups } = this.#test;
    const isSetUp = this.#step('setUp', setUp, [i, 'setUp']);
    if (isSetUp && !this.#hasDied) {
      this.#step('test', body, [i, t]);
      for (let c = cleanups.length - 1; c >= 0; c--) this.#step('cleanup', cleanups[c] as StepPlan, [i, t, c]);
      this.#step('tearDown', tearDown, [i, 'tearDown']);
    }
    const printed = this.#printed;
    if (this.#hasDied) return { steps: ['error death ProcessDiedError'], others: [], late: [], printed };
    if (this.#isGivenUp) this.#leaks.length = this.#lateLeaks.length = 0;
    const calls = [...this.#dirty].filter((name) => name === 'calls').map(() => DIRTY);
    const ports = [...this.#dirty].filter((name) => name === 'ports').map(() => DIRTY);
    this.#others.push(...this.#leaks, ...calls);
    if (this.#isClean && this.#others.length === 0) this.#others.push('success');
    this.#others.push(...ports);
    return { steps: this.#steps, others: this.#others, late: [...this.#late, ...this.#lateLeaks], printed };
  }

  /** Returns whether the step has passed. */
  #step(step: Step, plan: StepPlan, place: readonly (string | number)[]): boolean {
    if (this.#hasDied) return false;
    for (const [d, name] of plan.deeds.entries()) this.#deed(name, tag(...place, 'd', d));
    return this.#ending(step, plan.ending, tag(...place));
  }

  #deed(name: string, text: string): void {
    const { kind, outcome = '' } = deedOf(name);
    const expected = outcome.replace('TAG', text);
    switch (kind) {
      case 'leak':
        this.#leaks.push(expected);
        break;
      case 'reactor':
        this.#dirty.add(name.endsWith('port') ? 'ports' : 'calls');
        break;
      case 'trouble':
        this.#others.push(expected);
        break;
      case 'late':
        (name === 'late_leak' ? this.#lateLeaks : this.#late).push(expected);
        break;
      case 'output':
        this.#printed.push(text);
        break;
      default:
    }
  }

  #ending(step: Step, name: string, text: string): boolean {
    const { end, error = '*', tagged, dirty } = endingOf(name);
    if (dirty === true) this.#dirty.add('calls');
    if (end === 'death') this.#hasDied = true;
    if (end === 'given up') this.#isGivenUp = true;
    const { todo } = this.#test;
    if (end === 'pass' || (end === 'flaky' && !this.#isFirst)) {
      if (step !== 'test' || todo === 'none') return true;
      this.#isClean = false;
      this.#steps.push('unexpectedSuccess');
      return true;
    }
    this.#isClean = false;
    const what = `${end === 'given up' ? 'timeout' : 'error'} ${error}${tagged === true ? ` ${text}` : ''}`;
    if (step === 'test' && (todo === 'any' || (todo === 'Boom' && isBoom(name)))) {
      this.#steps.push(`expectedFailure ${what}`);
    } else if (end === 'skip' && (step === 'setUp' || step === 'test')) {
      this.#steps.push(`skip ${text}`);
    } else if (end === 'assertion' && step === 'test') {
      this.#steps.push(`failure ${what.replace('error', 'assertion')}`);
    } else {
      this.#steps.push(`error ${what}`);
    }
    return false;
  }
}

const DIRTY = 'error leak DirtyReactorAggregateError';

function isBoom(name: string): boolean {
  const { error, body } = endingOf(name);
  return error === 'Boom' || (error === undefined && /^throw [^[]*new Boom\("x/.test(body));
}
