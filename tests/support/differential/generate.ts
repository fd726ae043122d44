/**
 * Writes random programs, one a line of JSON: `tsx generate.ts COUNT [SEED]`.
 *
 * To make a new corpus, from this folder:
 *   tsx generate.ts 16000 2026 | python3 ../../fixtures/differential/record.py | gzip -9 > ../../fixtures/differential/corpus.jsonl.gz
 */
import { pathToFileURL } from 'node:url';
import type { Callback, Canceller, ErrorName, Op, Program, Return, Step, Value } from './program.js';

/** Numbers from 0 to below 1 that depend on the seed alone (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Makes one program. What it is mostly about changes from program to program. */
export function makeProgram(random: () => number): Program {
  let ids = 0;
  const below = (n: number): number => Math.floor(random() * n);
  const chance = (p: number): boolean => random() < p;
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const several = <T>(least: number, most: number, make: () => T): T[] =>
    Array.from({ length: least + below(most - least + 1) }, make);

  const themes = ['plain', 'plain', 'joint', 'inline', 'limits', 'time', 'all'] as const;
  const theme = pick(themes);
  const about = (wanted: (typeof themes)[number]): number => (theme === wanted || theme === 'all' ? 1 : 0);

  const value = (): Value => pick<Value>([1, 2, 3, 'a', 'b', null, true, false]);
  const error = (): ErrorName => pick<ErrorName>(['AlphaError', 'AlphaError', 'BetaError']);
  const deferred = (): number => below(6);
  const seconds = (): number => pick([0, 0.5, 1, 1, 2, 3]);

  const returns = (): Return => {
    const kind = below(14);
    if (kind < 3) return ['pass'];
    if (kind < 6) return ['value', value()];
    if (kind < 8) return ['raise', error()];
    if (kind < 11) return ['deferred', deferred()];
    if (kind < 12) return ['succeed', value()];
    if (kind < 13) return ['fail', error()];
    return ['failure', error()];
  };
  const callback = (depth: number): Callback => {
    ids++;
    const id = ids;
    return { id, does: depth < 2 && chance(0.3) ? several(1, 2, () => op(depth + 1)) : [], returns: returns() };
  };
  const canceller = (depth: number): Canceller | null => {
    const kind = below(10);
    if (kind < 4) return null;
    if (kind < 5) return ['nothing'];
    if (kind < 7) return ['callback', value()];
    if (kind < 8) return ['errback', error()];
    if (kind < 9) return ['raise', error()];
    return ['does', depth < 2 ? several(1, 2, () => op(depth + 1)) : []];
  };
  const step = (depth: number): Step => {
    const kind = below(10);
    if (kind < 7) return ['wait', deferred(), chance(0.5)];
    if (kind < 8) return ['yield', value(), chance(0.5)];
    return ['does', depth < 2 ? several(1, 2, () => op(depth + 1)) : []];
  };

  const op = (depth: number): Op => {
    const weights: readonly (readonly [number, () => Op])[] = [
      [3, () => ['new', canceller(depth)]],
      [6, () => ['add', deferred(), pick(['callback', 'errback', 'both']), callback(depth)]],
      [2, () => ['addCallbacks', deferred(), callback(depth), callback(depth)]],
      [5, () => ['callback', deferred(), value()]],
      [2.5, () => ['errback', deferred(), error()]],
      [1, () => ['pause', deferred()]],
      [1.4, () => ['unpause', deferred()]],
      [2, () => ['cancel', deferred()]],
      [0.7, () => ['chain', deferred(), deferred()]],
      [4 * about('joint'), () => ['list', several(0, 4, deferred), chance(0.4), chance(0.4), chance(0.5)]],
      [1.5 * about('joint'), () => ['gather', several(0, 3, deferred), chance(0.5)]],
      [
        5 * about('inline'),
        () => ['inline', several(0, 4, () => step(depth)), chance(0.7) ? ['return', value()] : ['raise', error()]],
      ],
      [3 * about('limits'), () => ['acquire', below(2)]],
      [3 * about('limits'), () => ['release', below(2)]],
      [1.5 * about('limits'), () => ['hold', below(2), callback(depth)]],
      [2.5 * about('limits'), () => ['put', below(2), value()]],
      [2.5 * about('limits'), () => ['get', below(2)]],
      [2 * about('time'), () => ['timeout', deferred(), seconds()]],
      [2 * about('time'), () => ['later', seconds(), several(1, 2, () => op(depth + 1))]],
      [4 * about('time'), () => ['advance', seconds()]],
      [2 * about('time'), () => ['deferLater', seconds(), callback(depth)]],
      [1.2 * about('time'), () => ['loop', pick([0.5, 1, 2]), chance(0.6), chance(0.3), callback(depth)]],
      [0.8 * about('time'), () => ['loopStop', below(2)]],
      [0.8 * about('time'), () => ['loopReset', below(2)]],
      [1 * about('time'), () => ['tasks', several(0, 4, returns)]],
      [0.5 * about('time'), () => ['taskPause', below(3)]],
      [0.5 * about('time'), () => ['taskResume', below(3)]],
      [0.4 * about('time'), () => ['taskStop', below(3)]],
      [0.8 * about('time'), () => ['taskDone', below(3)]],
    ];
    const total = weights.reduce((sum, [weight]) => sum + weight, 0);
    let at = random() * total;
    for (const [weight, make] of weights) {
      at -= weight;
      if (at < 0) return make();
    }
    return ['new', null];
  };

  return [...several(1, 4, (): Op => ['new', canceller(0)]), ...several(4, 18, () => op(0))];
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const count = Number(process.argv[2]);
  const random = randomNumbers(Number(process.argv[3] ?? 1));
  for (let i = 0; i < count; i++) process.stdout.write(`${JSON.stringify(makeProgram(random))}\n`);
}
