/**
 * A little language for programs of Deferreds, which real Twisted and this package both run.
 *
 * `tests/fixtures/differential/record.py` is its interpreter on Twisted, `play.ts` the one on this package; both write
 * the same trace. Numbers that name a Deferred, lock, queue or loop count modulo how many there are at that moment.
 */

/** A value that is the same in both languages. */
export type Value = number | string | boolean | null;

/** The name of one of the programs' own error classes. */
export type ErrorName = 'AlphaError' | 'BetaError';

/** What a callback ends in: its own argument, a value, an error thrown, a Deferred, a fired or failed one, a Failure. */
export type Return =
  | ['pass']
  | ['value', Value]
  | ['raise', ErrorName]
  | ['deferred', number]
  | ['succeed', Value]
  | ['fail', ErrorName]
  | ['failure', ErrorName];

/** A callback: says that it was called and with what, does something, returns something. */
export interface Callback {
  readonly id: number;
  readonly does: readonly Op[];
  readonly returns: Return;
}

export type Canceller =
  | ['nothing']
  | ['callback', Value]
  | ['errback', ErrorName]
  | ['raise', ErrorName]
  | ['does', readonly Op[]];

/** One step of a generator; `caught` steps stand in a try of their own. */
export type Step = ['wait', number, boolean] | ['yield', Value, boolean] | ['does', readonly Op[]];

export type Op =
  | ['new', Canceller | null]
  | ['add', number, 'callback' | 'errback' | 'both', Callback]
  | ['addCallbacks', number, Callback, Callback]
  | ['callback', number, Value]
  | ['errback', number, ErrorName]
  | ['pause' | 'unpause' | 'cancel', number]
  | ['chain', number, number]
  | ['list', readonly number[], boolean, boolean, boolean]
  | ['gather', readonly number[], boolean]
  | ['inline', readonly Step[], ['return', Value] | ['raise', ErrorName]]
  | ['acquire' | 'release', number]
  | ['hold', number, Callback]
  | ['put', number, Value]
  | ['get', number]
  | ['timeout', number, number]
  | ['later', number, readonly Op[]]
  | ['advance', number]
  | ['deferLater', number, Callback]
  | ['loop', number, boolean, boolean, Callback]
  | ['loopStop' | 'loopReset', number]
  | ['tasks', readonly Return[]]
  | ['taskPause' | 'taskResume' | 'taskStop' | 'taskDone', number];

export type Program = readonly Op[];

/** One line of the corpus: a program and what real Twisted made of it. */
export interface Recorded {
  readonly program: Program;
  readonly trace: readonly string[];
}
