import { UsageError } from '../usage_error.js';
import type { Options, PartialOptions } from './options.js';

/** Two options that cannot both have what they ask for. */
const CONTRADICTIONS: readonly (readonly [keyof PartialOptions, keyof PartialOptions, why: string])[] = [
  ['bisect', 'list', '--bisect does not go with --list: choose one'],
  ['bisect', 'dryRun', '--bisect does not go with --dry-run, in which no test fails: choose one'],
  [
    'bisect',
    'untilFailure',
    '--bisect does not go with --until-failure: it runs the tests once, and then parts of them',
  ],
  ['bisect', 'repeat', '--bisect does not go with --repeat: it runs the tests once, and then parts of them'],
  ['bisect', 'debug', '--bisect does not go with --debug: it runs the tests many times, each in a process of its own'],
  ['bisect', 'reporter', '--bisect does not go with --reporter: it prints what it finds, and no report'],
  [
    'list',
    'reporter',
    '--list does not go with --reporter: it prints ids. --dry-run --reporter json has them as events',
  ],
  ['dryRun', 'untilFailure', '--dry-run does not go with --until-failure: no test ever fails'],
  ['randomSeed', 'order', '--random does not go with --order: choose one'],
];

/**
 * @param asked - What the arguments say. What they contradict in a configuration is only a default, and gives way.
 * @param options - What comes of all.
 * @throws UsageError if they contradict each other.
 */
export function refuseContradictions(asked: PartialOptions, options: Options): void {
  for (const [one, other, why] of CONTRADICTIONS) {
    if (asked[one] !== undefined && asked[other] !== undefined) throw new UsageError(`${why}. See trial --help.`);
  }
  if (asked.postMortem === false && !options.debug) {
    throw new UsageError('--nopm needs --debug: nothing else stops at failures. See trial --help.');
  }
}
