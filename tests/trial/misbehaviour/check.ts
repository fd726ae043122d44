/** Compares what a run has told with what has to become of it. */
import type { Outcome, TestFinished, Totals } from 'txtrial/reporter';
import { type ProjectRun, shortId } from '../../support/project.js';
import { type Attempt, type Expected, expectedOf } from './expected.js';
import type { RunPlan } from './plan.js';

/** `error logged Boom #1.2#`: all that is compared of an outcome. */
export function textOf({ kind, cause, errorName, message, reason, leak }: Outcome): string {
  const found = /#[\w.]+#/.exec(`${reason ?? ''} ${message?.split('\n', 1)[0] ?? ''}`)?.[0];
  const isTagged = kind !== 'unexpectedSuccess' && leak === undefined && found !== undefined;
  return [kind, cause, errorName, leak?.kind, isTagged ? found : undefined]
    .filter((part) => part !== undefined)
    .join(' ');
}

/** What is wrong with a run; nothing if it is as it has to be. */
export function complaintsAbout(plan: RunPlan, run: ProjectRun): string[] {
  const complaints: string[] = [];
  const say = (text: string): void => void complaints.push(text);
  const expected = expectedOf(plan);
  checkStream(plan, run, expected, say);
  checkTotals(plan, run, say);
  const seen = new Map<string, number>();
  for (const event of run.events) {
    if (event.type !== 'testFinished') continue;
    const id = shortId(event.id);
    const passes = seen.get(id) ?? 0;
    seen.set(id, passes + 1);
    const attempts = expected.get(id)?.runs[passes];
    if (attempts === undefined) say(`${id} ran, and was not to`);
    else checkVerdict(id, event, attempts, plan, say);
  }
  for (const [id, { runs }] of expected) {
    if (seen.get(id) !== runs.length) say(`${id} was told of ${seen.get(id) ?? 0} times, not ${runs.length}`);
  }
  checkLate(run, expected, say);
  checkOutput(run, expected, say);
  return complaints;
}

/** Outcomes of the neighbours, without what differs from run to run. */
export function neighboursOf({ events }: ProjectRun): string[] {
  return events
    .flatMap((event) =>
      event.type === 'testFinished' && event.id.includes('Neighbour')
        ? [
            `${event.id} ${JSON.stringify(event.outcomes)}`
              .replace(/[^\s"(]*\/test_sample\.ts/g, 'test_sample.ts')
              .replace(/\b(port|127\.0\.0\.1:|\[::1\]:) ?\d+/g, '$1')
              .replace(/(?<=stack":").*?(?=")/g, (stack) => stack.split('\\n    at node:')[0] ?? ''),
          ]
        : [],
    )
    .sort();
}

type Say = (text: string) => void;

function checkStream({ repeat }: RunPlan, run: ProjectRun, expected: ReadonlyMap<string, Expected>, say: Say): void {
  const { events, stderr, loadErrors } = run;
  const [first] = events;
  if (first?.type !== 'runStarted') say(`the first event is ${first?.type}`);
  else if (first.planned !== expected.size) say(`planned ${first.planned}, not ${expected.size}`);
  if (events.at(-1)?.type !== 'runFinished') say(`the last event is ${events.at(-1)?.type}: ${stderr}`);
  let running: string | undefined;
  let finished = 0;
  const over = new Set<string>();
  for (const event of events) {
    if (event.type === 'testStarted') {
      if (running !== undefined) say(`${event.id} began while ${running} was running`);
      running = event.id;
    } else if (event.type === 'testFinished') {
      if (running !== event.id) say(`${event.id} ended while ${running} was running`);
      running = undefined;
      finished += 1;
      over.add(event.id);
      if (event.outcomes.length === 0) say(`${event.id} has no outcome`);
    } else if (event.type === 'verdictAmended' && !over.has(event.id)) {
      say(`${event.id} was amended before it was over`);
    }
  }
  if (finished !== expected.size * repeat) say(`${finished} tests were over, not ${expected.size * repeat}`);
  for (const { message, id } of loadErrors) say(`load error of ${id}: ${message}`);
  if (/mistake in trial|Please report|DeprecationWarning: .*trial|waits for something that nothing/.test(stderr))
    say(stderr);
}

const totalOf = {
  success: 'successes',
  failure: 'failures',
  error: 'errors',
  skip: 'skips',
  expectedFailure: 'expectedFailures',
  unexpectedSuccess: 'unexpectedSuccesses',
} as const;

function checkTotals({ repeat }: RunPlan, { events, totals, status }: ProjectRun, say: Say): void {
  const planned = events[0]?.type === 'runStarted' ? events[0].planned : 0;
  const told: Record<string, number> = { successes: 0, failures: 0, errors: 0, skips: 0 };
  Object.assign(told, { expectedFailures: 0, unexpectedSuccesses: 0 });
  let before = planned * (repeat - 1);
  for (const event of events) {
    // The totals are those of the last pass.
    const counts = event.type === 'verdictAmended' || event.type === 'testFinished';
    if (event.type === 'testFinished' && before-- > 0) continue;
    if (!counts || before > 0) continue;
    for (const { kind } of event.outcomes) told[totalOf[kind]] = (told[totalOf[kind]] ?? 0) + 1;
    if (event.type === 'testFinished' && event.flaky) told.flaky = (told.flaky ?? 0) + 1;
  }
  const same = Object.keys({ ...told, ...totals }).every((name) => told[name] === totals?.[name as keyof Totals]);
  if (!same) say(`totals are ${JSON.stringify(totals)}, the tests' ${JSON.stringify(told)}`);
  const wanted = (told.failures ?? 0) + (told.errors ?? 0) > 0 ? 1 : 0;
  const last = events.at(-1);
  if (status !== wanted) say(`exit status ${status}, not ${wanted}`);
  if (last?.type === 'runFinished' && last.exitCode !== status) say(`exit status ${status}, ${last.exitCode} as told`);
}

function checkVerdict(id: string, event: TestFinished, attempts: readonly Attempt[], plan: RunPlan, say: Say): void {
  const told = event.attempts?.map(({ outcomes }) => outcomes) ?? [event.outcomes];
  if (told.length !== attempts.length) say(`${id} has ${told.length} attempts, not ${attempts.length}`);
  for (const [a, attempt] of attempts.entries()) {
    const outcomes = (told[a] ?? []).map(textOf);
    const wrong = difference(attempt, outcomes);
    if (wrong !== undefined) say(`${id}${plan.retries > 0 ? `, attempt ${a + 1}` : ''} ${wrong}`);
  }
  const hasFailed = (outcomes: readonly Outcome[]) =>
    outcomes.some(({ kind }) => kind === 'failure' || kind === 'error');
  const isFlaky = told.length > 1 && !hasFailed(event.outcomes);
  if ((event.flaky === true) !== isFlaky) say(`${id} is ${event.flaky ? '' : 'not '}flaky`);
}

/** What is wrong with outcomes, if anything. */
function difference({ steps, others }: Attempt, outcomes: readonly string[]): string | undefined {
  const isRight =
    outcomes.length === steps.length + others.length &&
    steps.every((text, i) => matches(text, outcomes[i])) &&
    sameInAnyOrder(others, outcomes.slice(steps.length));
  return isRight ? undefined : `has ${show(outcomes)} instead of ${show([...steps, ...others])}`;
}

function sameInAnyOrder(wanted: readonly string[], told: readonly string[]): boolean {
  const rest = [...told];
  for (const text of wanted) {
    const index = rest.findIndex((one) => matches(text, one));
    if (index === -1) return false;
    rest.splice(index, 1);
  }
  return rest.length === 0;
}

function matches(wanted: string, told: string | undefined): boolean {
  if (told === undefined) return false;
  return wanted.endsWith(' *') ? told.startsWith(wanted.slice(0, -1).trimEnd()) : told === wanted;
}

function checkLate({ events }: ProjectRun, expected: ReadonlyMap<string, Expected>, say: Say): void {
  const late = new Map<string, string[]>();
  const lastNeighbour = events.findLastIndex((event) => event.type === 'testStarted' && event.id.includes('Neighbour'));
  for (const event of events) {
    if (event.type !== 'verdictAmended') continue;
    const id = shortId(event.id);
    late.set(id, [...(late.get(id) ?? []), ...event.outcomes.map(textOf)]);
  }
  for (const [id, { runs }] of expected) {
    const began = events.findIndex((event) => event.type === 'testFinished' && shortId(event.id) === id);
    const wanted = began < lastNeighbour ? (runs[0]?.[0]?.late ?? []) : [];
    const told = late.get(id) ?? [];
    if (!sameInAnyOrder(wanted, told)) say(`${id} has late ${show(told)} instead of ${show(wanted)}`);
  }
}

function checkOutput({ events }: ProjectRun, expected: ReadonlyMap<string, Expected>, say: Say): void {
  const printed = new Map<string, number>();
  for (const event of events) {
    if (event.type !== 'output') continue;
    for (const [text] of event.text.matchAll(/#[\w.]+#/g)) {
      const key = `${event.id === undefined ? 'no test' : shortId(event.id)} ${text}`;
      printed.set(key, (printed.get(key) ?? 0) + 1);
    }
  }
  for (const [id, { runs }] of expected) {
    for (const text of runs.flat().flatMap(({ printed }) => printed)) {
      const key = `${id} ${text}`;
      const left = printed.get(key) ?? 0;
      if (left === 0) say(`${id} has printed ${text}, of which nothing was told`);
      else printed.set(key, left - 1);
    }
  }
  const isPrinted = (text: string) => [...expected.values()].some(({ runs }) => runs[0]?.[0]?.printed.includes(text));
  for (const [key, left] of printed) {
    const text = key.split(' ').at(-1) ?? '';
    if (left > 0 && isPrinted(text)) say(`${key} was told ${left} times too often`);
  }
}

function show(texts: readonly string[]): string {
  return `[${texts.join(', ')}]`;
}
