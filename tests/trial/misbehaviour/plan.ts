/** What a file of tests is to do: made at random, then put right where two things would say something else together. */
import fc from 'fast-check';
import { DEEDS, type Deed } from './deeds.js';
import { ENDINGS, type Ending } from './endings.js';
import { NEIGHBOURS } from './neighbours.js';

/** How a step comes to its end. */
export type Way = 'at once' | 'async' | 'after a promise' | 'after a turn' | 'after a call';

export interface StepPlan {
  readonly deeds: readonly string[];
  readonly ending: string;
  readonly way: Way;
}

export interface TestPlan {
  readonly body: StepPlan;
  readonly cleanups: readonly StepPlan[];
  readonly todo: 'none' | 'any' | 'Boom';
}

export interface ClassPlan {
  readonly setUp: StepPlan;
  readonly tearDown: StepPlan;
  readonly tests: readonly TestPlan[];
}

/** Tests that do nothing wrong, or just one thing, and notice what others have done: names of `NEIGHBOURS`. */
export interface NeighbourPlan {
  readonly neighbours: readonly string[];
}

export interface RunPlan {
  readonly classes: readonly (ClassPlan | NeighbourPlan)[];
  /** Of a random order. */
  readonly seed: number | undefined;
  readonly retries: number;
  readonly repeat: number;
  readonly supervise: boolean;
  readonly capture: boolean;
}

const names = (table: Readonly<Record<string, unknown>>, pattern: RegExp): fc.Arbitrary<string> =>
  fc.constantFrom(...Object.keys(table).filter((name) => pattern.test(name)));

const ofKind = (kind: Deed['kind']): fc.Arbitrary<string> =>
  fc.constantFrom(...Object.keys(DEEDS).filter((name) => DEEDS[name]?.kind === kind));

const deed = fc.oneof(
  { weight: 4, arbitrary: ofKind('trouble') },
  { weight: 4, arbitrary: ofKind('leak') },
  { weight: 3, arbitrary: ofKind('clean') },
  { weight: 1, arbitrary: ofKind('reactor') },
  { weight: 2, arbitrary: ofKind('output') },
  { weight: 2, arbitrary: ofKind('late') },
);

/** Endings, of which those that take a second or more are rarer. */
const ending = (slow: number, more: RegExp): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 48, arbitrary: names(ENDINGS, /^pass/) },
    { weight: 24, arbitrary: names(ENDINGS, /^(?:fail|not_equal|node_assert|boom|type_error|skip)/) },
    { weight: 10, arbitrary: names(ENDINGS, /^(?:throws|recursion)/) },
    { weight: 12, arbitrary: names(ENDINGS, /^(?:exit|really|abort|kill)/) },
    { weight: slow, arbitrary: names(ENDINGS, /^never/) },
    { weight: Math.ceil(slow / 4), arbitrary: names(ENDINGS, /^block/) },
    { weight: 8, arbitrary: names(ENDINGS, more) },
  );

const way = fc.constantFrom<Way>('at once', 'at once', 'async', 'after a promise', 'after a turn', 'after a call');

const step = (slow: number, more: RegExp, maxDeeds: number): fc.Arbitrary<StepPlan> =>
  fc.record({ deeds: fc.array(deed, { maxLength: maxDeeds }), ending: ending(slow, more), way });

const PASSING: StepPlan = { deeds: [], ending: 'pass', way: 'at once' };
const rarely = (step: fc.Arbitrary<StepPlan>): fc.Arbitrary<StepPlan> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(PASSING) }, { weight: 1, arbitrary: step });

const classPlan = (slow: number): fc.Arbitrary<ClassPlan> =>
  fc.record({
    setUp: rarely(step(slow, /^(?:pass|die)$/, 2)),
    tearDown: rarely(step(slow, /^(?:pass|die)$/, 2)),
    tests: fc.array(
      fc.record({
        body: step(slow, /^(?:flaky|die.*)$/, 3),
        cleanups: fc.array(rarely(step(slow, /^(?:pass|die)$/, 1)), { maxLength: 2 }),
        todo: fc.constantFrom('none', 'none', 'none', 'none', 'any', 'Boom'),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  });

const neighbourPlan: fc.Arbitrary<NeighbourPlan> = fc.record({
  neighbours: fc.array(fc.constantFrom(...Object.keys(NEIGHBOURS)), { minLength: 1, maxLength: 4 }),
});

/**
 * Any run.
 *
 * @param classes - How many it has, at most.
 * @param slow - How often a step never ends, of about a hundred.
 */
export function runPlan(classes: number, slow: number): fc.Arbitrary<RunPlan> {
  return fc
    .record({
      classes: fc.array(fc.oneof({ weight: 2, arbitrary: classPlan(slow) }, { weight: 1, arbitrary: neighbourPlan }), {
        minLength: Math.min(classes, 4),
        maxLength: classes,
      }),
      seed: fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined }),
      retries: fc.constantFrom(0, 0, 0, 1, 2),
      repeat: fc.constantFrom(1, 1, 1, 2),
      supervise: fc.constantFrom(false, false, true),
      capture: fc.constantFrom(false, false, true),
    })
    .map(settled);
}

/** Leaves out what cannot be together. */
export function settled(plan: RunPlan): RunPlan {
  return { ...plan, classes: plan.classes.map((one) => ('neighbours' in one ? one : settledClass(one, plan))) };
}

function settledClass(plan: ClassPlan, run: RunPlan): ClassPlan {
  const steps = [plan.setUp, plan.tearDown, ...plan.tests.flatMap(({ body, cleanups }) => [body, ...cleanups])];
  const slow = steps.some(({ ending }) => endingOf(ending).slow === true);
  // A timer that is made late is there to the end.
  const isWaitedFor = run.classes.some((one) => 'neighbours' in one && one.neighbours.includes('waits_for_nothing'));
  const deadly = run.supervise && steps.some(({ ending }) => endingOf(ending).end === 'death');
  const lasting = run.retries > 0 || run.repeat > 1 || deadly;
  const settledStep = (step: StepPlan, once: Set<string>, isTearDown: boolean): StepPlan => {
    const ending = endingOf(step.ending).end === 'death' && !run.supervise ? 'pass' : step.ending;
    const deeds = step.deeds.filter((name) => {
      const deed = deedOf(name);
      if (deed.brief || (slow && deed.waits) || (isTearDown && deed.cleansUp)) return false;
      if (deed.kind === 'late' && (lasting || run.supervise)) return false;
      if (name === 'prints_later' && deadly) return false;
      if (name === 'late_leak' && isWaitedFor) return false;
      if (deed.once === undefined) return true;
      if (once.has(deed.once)) return false;
      once.add(deed.once);
      return true;
    });
    const way = slow && step.way.startsWith('after a') ? 'async' : step.way;
    return { deeds, ending, way };
  };
  // What setUp and tearDown do, no test of the class does as well.
  const once = new Set<string>();
  const setUp = settledStep(plan.setUp, once, false);
  const tearDown = settledStep(plan.tearDown, once, true);
  const isBare = [setUp, tearDown].every(
    (step) => step.deeds.length === 0 && step.ending === 'pass' && step.way === 'at once',
  );
  const tests = plan.tests.map((test): TestPlan => {
    const own = new Set(once);
    const body = settledStep(test.body, own, false);
    const cleanups = test.cleanups.map((cleanup) => settledStep(cleanup, own, false));
    const last = test.body.deeds.at(-1);
    const endsBriefly =
      isBare && cleanups.length === 0 && body.ending === 'pass' && /^(?:at once|async)$/.test(body.way);
    if (last === undefined || !deedOf(last).brief || !endsBriefly || (slow && deedOf(last).waits)) {
      return { body, cleanups, todo: test.todo };
    }
    return { body: { ...body, deeds: [...body.deeds, last] }, cleanups, todo: test.todo };
  });
  return { setUp, tearDown, tests };
}

export function deedOf(name: string): Deed {
  const deed = DEEDS[name];
  if (deed === undefined) throw new RangeError(`There is no deed ${name}.`);
  return deed;
}

export function endingOf(name: string): Ending {
  const ending = ENDINGS[name];
  if (ending === undefined) throw new RangeError(`There is no ending ${name}.`);
  return ending;
}
