/** Tests that live beside those that misbehave: what becomes of them has to be the same as if these were not there. */
import { CLEAN } from '../leaks/clean.js';

export interface Neighbour {
  readonly body: string;
  /** As `textOf` writes it. */
  readonly outcome: string;
}

const passing = (body: string): Neighbour => ({ body, outcome: 'success' });

/** By name. */
export const NEIGHBOURS: Readonly<Record<string, Neighbour>> = {
  nothing: passing(''),
  // What was closed is so after a turn.
  looks_around: passing('await turn(); await turn(); this.assertEqual(world(), before);'),
  waits: passing('await sleep(20); this.assertEqual(world(), before);'),
  waits_for_a_call: passing('this.assertEqual(await deferLater(reactor, 0.001, () => 7), 7);'),
  waits_for_turns: passing('for (let i = 0; i < 30; i++) await turn(); await null;'),
  logs_nothing: passing('this.assertEqual(this.flushLoggedErrors().length, 0);'),
  computes: passing('const end = Date.now() + 15; while (Date.now() < end);'),
  fails: { body: 'this.assertEqual([1, 2], [1, 3]);', outcome: 'failure assertion FailTest' },
  errs: { body: 'await turn(); throw new Boom("mine");', outcome: 'error error Boom' },
  logs: { body: 'log.err(new Boom("mine"));', outcome: 'error logged Boom' },
  loses: { body: 'fail(new Boom("mine"));', outcome: 'error unhandled Boom' },
  rejects: { body: 'void Promise.reject(new Boom("mine")); await turn();', outcome: 'error unhandled Boom' },
  leaks: { body: 'setTimeout(() => {}, 5000);', outcome: 'error leak LeakError timer' },
  // Not before its time is over, which is long, if anything of the others were still there.
  waits_for_nothing: { body: 'await new Promise(() => {});', outcome: 'error timeout TimeoutError' },
  skips: { body: 'throw new SkipTest("why");', outcome: 'skip' },
  ...Object.fromEntries(
    ['echo', 'fetch', 'http_keep_alive', 'client_by_name', 'worker_waited_for', 'child_waited_for', 'env_patched'].map(
      (name) => [name, passing(CLEAN[name] ?? 'this.fail("no such body");')],
    ),
  ),
};
