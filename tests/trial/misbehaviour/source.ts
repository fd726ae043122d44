/** Writes the file of tests that a plan asks for. */
import { IMPORTS } from '../leaks/imports.js';
import { NEIGHBOURS } from './neighbours.js';
import { type ClassPlan, deedOf, endingOf, type NeighbourPlan, type RunPlan, type StepPlan } from './plan.js';

/** The text that stands for a place, in messages and in what is printed. */
export function tag(...place: readonly (string | number)[]): string {
  return `#${place.join('.')}#`;
}

export const SHORT = 0.3;
const LONG = 40;

const HEADER = `${IMPORTS}
import assert from 'node:assert';
import { setImmediate as turn } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';
import { TestCase, SkipTest } from ${JSON.stringify(import.meta.resolve('txtrial'))};
import { DatagramProtocol, Deferred, deferLater, fail, Failure, LoopingCall, reactor, succeed } from ${JSON.stringify(import.meta.resolve('txtrial/internet'))};
import * as log from ${JSON.stringify(import.meta.resolve('txtrial/log'))};
class Boom extends Error { override name = 'Boom'; }
class Flushed extends Error {}
/** What goes on when the next neighbour runs. */
const resumers: (() => void)[] = [];
const resumed = (f: () => void) => void new Promise<void>((r) => resumers.push(r)).then(f);
const isFirst = (name: string) => {
  const mark = file + name;
  return !fs.existsSync(mark) && (fs.writeFileSync(mark, ''), true);
};
const die = (signal: string) => {
  spawnSync('/bin/kill', ['-' + signal, String(process.pid)]);
  for (;;);
};
const ours = { setTimeout, setImmediate, setInterval, queueMicrotask, then: Promise.prototype.then, nextTick: process.nextTick };
/** What tests could leave changed. */
const world = () => ({
  env: { ...process.env },
  cwd: process.cwd(),
  listeners: Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)]).filter(([, n]) => n !== 0).sort()),
  captured: process.hasUncaughtExceptionCaptureCallback(),
  open: process.getActiveResourcesInfo().filter((name) => /^(?:TCP|UDP|Pipe|FSEvent|StatWatcher|MessagePort|Worker)/.test(name) && !/^PipeWrap$/.test(name)),
  calls: reactor.getDelayedCalls().length,
  limit: Error.stackTraceLimit,
  same: Object.entries(ours).every(([name, f]) => f === (name === 'then' ? Promise.prototype.then : name === 'nextTick' ? process.nextTick : Reflect.get(globalThis, name))),
});
let before: unknown;
`;

/** The module of a run. */
export function sourceOf({ classes }: RunPlan): string {
  return (
    HEADER + classes.map((one, i) => ('neighbours' in one ? neighbourClass(one, i) : misbehavingClass(one, i))).join('')
  );
}

/** The name of a class. */
export function className(i: number, isNeighbour: boolean): string {
  return `C${i}${isNeighbour ? 'Neighbour' : ''}Tests`;
}

function neighbourClass({ neighbours }: NeighbourPlan, i: number): string {
  const tests = neighbours.map(
    (name, t) => `  async test_${t}() {
    const path = 'p' + count++ + '.sock'; void path;
    for (const resume of resumers.splice(0)) resume();
    ${NEIGHBOURS[name]?.body}
  }
`,
  );
  return `export class ${className(i, true)} extends TestCase {
  static timeout = ${LONG};
  constructor(name?: string) {
    super(name);
    before ??= world();
  }
${tests.join('')}}
`;
}

function misbehavingClass({ setUp, tearDown, tests }: ClassPlan, i: number): string {
  const steps = [setUp, tearDown, ...tests.flatMap(({ body, cleanups }) => [body, ...cleanups])];
  const slow = steps.some(({ ending }) => endingOf(ending).slow === true);
  const lines = [
    `export class ${className(i, false)} extends TestCase {`,
    `  static timeout = ${slow ? SHORT : LONG};`,
    `  ${method(setUp, 'setUp', [i, 'setUp'])}`,
    `  ${method(tearDown, 'tearDown', [i, 'tearDown'])}`,
  ];
  const after: string[] = [];
  for (const [t, { body, cleanups, todo }] of tests.entries()) {
    const registered = cleanups.map(
      (cleanup, c) =>
        `this.addCleanup(${cleanup.way === 'at once' && !isAsync(cleanup) ? '' : 'async '}() => {${bodyOf(cleanup, [i, t, c])}});\n`,
    );
    lines.push(`  ${method(body, `test_${t}`, [i, t], registered.join(''))}`);
    const value = todo === 'any' ? "'t'" : "{ reason: 't', errors: [Boom] }";
    if (todo !== 'none') after.push(`Object.assign(${className(i, false)}.prototype.test_${t}, { todo: ${value} });`);
  }
  return [...lines, '}', ...after, ''].join('\n');
}

function isAsync({ deeds, ending }: StepPlan): boolean {
  return /\bawait\b/.test([...deeds.map((name) => deedOf(name).body), endingOf(ending).body].join());
}

function method(step: StepPlan, name: string, place: readonly (string | number)[], first = ''): string {
  const prefix = step.way === 'at once' && !isAsync(step) ? '' : 'async ';
  return `${prefix}${name}() {\n${first}${bodyOf(step, place)}}`;
}

const WAYS = {
  'at once': '',
  async: '',
  'after a promise': 'await null;',
  'after a turn': 'await turn();',
  'after a call': 'await deferLater(reactor, 0);',
};

function bodyOf({ deeds, ending, way }: StepPlan, place: readonly (string | number)[]): string {
  const parts = deeds.map(
    (name, d) =>
      `{ const path = 'p' + count++ + '.sock'; void path;\n${deedOf(name).body.replaceAll('TAG', tag(...place, 'd', d))}\n}\n`,
  );
  return `${parts.join('')}${WAYS[way]}\n${endingOf(ending).body.replaceAll('TAG', tag(...place))}\n`;
}
