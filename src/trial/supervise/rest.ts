import { discover } from '../discover/discover.js';
import type { Loading } from '../discover/loading.js';
import type { Loader } from '../load/load.js';
import type { Options } from '../options/options.js';
import type { Suite, SuiteProblem, SuiteTest } from '../run/suite.js';
import type { Found } from '../stage.js';
import { ProcessDiedError } from './death.js';
import type { PlannedTest, ResumedProgress } from './frames.js';
import { place } from './verdicts.js';

/** Finds what is left of a run whose process has died: the same tests in the same order, whatever is found now. */
export async function rest(
  { items, next, passes, failedPasses, totals }: Omit<ResumedProgress, 'attempts'>,
  loader: Loader,
  options: Options,
  loading: Loading,
): Promise<Found> {
  const severalPasses = options.untilFailure || options.repeat > 1;
  const wanted = severalPasses ? items : items.slice(next);
  const selectors = [...new Set(wanted.flatMap((item) => ('type' in item ? [] : [item[1]])))];
  const found =
    selectors.length === 0
      ? []
      : await discover(loader, { ...options, selectors, grep: undefined, randomSeed: undefined }, loading);
  const tests = byId(found);
  const suite = wanted.map((item): SuiteTest | SuiteProblem => {
    if ('type' in item) return { kind: 'problem', event: item, usage: undefined };
    return tests.get(item[0])?.shift() ?? missing(item);
  });
  const start = severalPasses ? next : 0;
  const known = new Set(items.flatMap((item) => ('type' in item ? [`${item.id}\n${item.message}`] : [])));
  const fresh = found.flatMap((item) =>
    item.kind === 'problem' && !known.has(`${item.event.id}\n${item.event.message}`)
      ? [{ ...item, usage: undefined }]
      : [],
  );
  suite.splice(start, 0, ...fresh);
  const testsBefore = items.slice(0, next).filter((item) => !('type' in item)).length;
  return { suite, start: { next: start, testsBefore, passes, failedPasses, totals } };
}

function byId(suite: Suite): Map<string, SuiteTest[]> {
  const tests = new Map<string, SuiteTest[]>();
  for (const item of suite) {
    if (item.kind !== 'test') continue;
    const same = tests.get(item.id);
    if (same === undefined) tests.set(item.id, [item]);
    else same.push(item);
  }
  return tests;
}

/** A test that was there before: that it does not run is an error of its own. */
function missing([id, file, line]: PlannedTest): SuiteTest {
  class MissingTest {
    constructor() {
      throw new ProcessDiedError(
        'This test was not run: the process that was to run it died, and the fresh one did not find it any more.',
      );
    }
  }
  return {
    kind: 'test',
    ...place(id, file, line),
    module: {},
    testClass: MissingTest,
    methodName: id.slice(id.lastIndexOf('.') + 1),
  };
}
