/** Whose error it is: the test in whose asynchronous context it was made. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Deferred } from '../../internet/deferred.js';
import { Failure, isFailure } from '../../internet/failure.js';
import { setUnhandledWatcher } from '../../internet/unhandled.js';
import { addObserver, type LogEvent, removeObserver } from '../../log/publisher.js';
import type { OutcomeCause, TestId } from '../events/events.js';
import type { Maker } from '../leaks/made.js';
import { MadeDeferred, type Trace } from '../waiting/trace.js';
import { chargedIn } from './errors.js';
import type { CollectedWarning } from './warnings.js';

/** What errors can be charged to: a test's life, or a module's. */
export interface Owner extends Maker {
  /** Where its code does something, as an error says it: `in a test`. */
  readonly place: string;
  /** The id of the test that it is, or runs inside of; undefined for a module. */
  readonly testId: TestId | undefined;
  /** How many tests it runs inside of. */
  readonly depth: number;
  /** What is kept of what is done, in case it has to be said what a test waits for. */
  readonly trace?: Trace | undefined;
  /** Something went wrong in this test's context. `key` is what `settle` takes it back by. */
  trouble(key: object, failure: Failure, cause: OutcomeCause): void;
  /** It has been dealt with after all. */
  settle(key: object): void;
  /** Reports what went wrong after the test was over. */
  reportLate(): void;
  /** @param show - Lets Node have the warning after all; a second call does nothing. */
  takeWarning(warning: CollectedWarning, show: () => void): void;
  /** Shows the warnings that were kept. */
  showWarnings(): void;
}

/** What happened in no test's context. */
export type Stray = (failure: Failure, cause: OutcomeCause) => void;

const store = new AsyncLocalStorage<Owner | undefined>();
// Its own: a test may replace those of all.
const { run, getStore, enterWith } = store;
Object.assign(store, { run, getStore, enterWith });

/** Failed Deferreds that nobody has dealt with, and who made them. */
const failed = new Map<object, Owner | StrayFailure>();
/** Owners whose tests were over when something went wrong. */
const late = new Set<Owner>();
/** Of the runs that are on, the innermost last. */
const strays: Stray[] = [];

interface StrayFailure {
  readonly stray: Failure;
}

/** The test in whose context this is called, if any. */
export function currentOwner(): Owner | undefined {
  return store.getStore();
}

/** Calls `f` in the context of a test, or of none. */
export function runAs<A extends readonly unknown[], R>(owner: Owner | undefined, f: (...args: A) => R, ...args: A): R {
  return store.run(owner, f, ...args);
}

/** Makes what goes on from here belong to no test. */
export function leaveContext(): void {
  store.enterWith(undefined);
}

/** Begins to watch for errors; `stray` hears of those without an owner. Runs nest. */
export function beginAttribution(stray: Stray): void {
  strays.push(stray);
  if (strays.length > 1) return;
  setUnhandledWatcher({ owner: ownerOfNew, failed: deferredFailed, handled: deferredHandled });
  addObserver(logged);
}

/** Ends what `beginAttribution` began, with the same argument. */
export function endAttribution(stray: Stray): void {
  const index = strays.lastIndexOf(stray);
  if (index !== -1) strays.splice(index, 1);
  if (strays.length > 0) return;
  setUnhandledWatcher(undefined);
  removeObserver(logged);
  failed.clear();
  late.clear();
}

/** Whether anybody hears of what happens in no test's context. */
export function hearsStrays(): boolean {
  return strays.length > 0;
}

/** Charges an error to the owner, or where there is none to the innermost run. @param key - What `settle` takes it back by. */
export function charge(owner: Owner | undefined, failure: Failure, cause: OutcomeCause, key: object = {}): void {
  if (owner === undefined) strays.at(-1)?.(failure, cause);
  else owner.trouble(key, failure, cause);
}

/** Remembers that a test which is over has something to report. */
export function noteLate(owner: Owner): void {
  late.add(owner);
}

/** Has all that turned up late reported: called when a test ends, and when the run ends. */
export function reportLate(): void {
  if (late.size === 0) return;
  const owners = [...late];
  late.clear();
  for (const owner of owners) owner.reportLate();
}

/** At the end of a run: failures of Deferreds that were made outside of any test. */
export function reportStrays(): void {
  for (const [deferred, entry] of failed) {
    if (!('stray' in entry)) continue;
    failed.delete(deferred);
    strays.at(-1)?.(entry.stray, 'unhandled');
  }
}

function ownerOfNew(deferred: object | undefined, made: typeof Deferred): Owner | MadeDeferred<Owner> | undefined {
  const owner = store.getStore();
  if (deferred === undefined) return owner;
  return owner?.trace?.made(deferred, made, owner) ?? owner;
}

function deferredFailed(deferred: object, failure: Failure, ownerOrMade: unknown): void {
  if (chargedIn(failure.value) !== undefined) return;
  if (ownerOrMade === undefined) {
    failed.set(deferred, { stray: failure });
    return;
  }
  const owner = (ownerOrMade instanceof MadeDeferred ? ownerOrMade.owner : ownerOrMade) as Owner;
  failed.set(deferred, owner);
  owner.trouble(deferred, failure, 'unhandled');
}

function deferredHandled(deferred: object): void {
  const entry = failed.get(deferred);
  if (entry === undefined) return;
  failed.delete(deferred);
  if (!('stray' in entry)) entry.settle(deferred);
}

function logged(event: LogEvent): void {
  const { failure } = event;
  const owner = store.getStore();
  owner?.trace?.logged(event);
  if (failure === undefined || chargedIn(failure.value) !== undefined) return;
  charge(owner, isFailure(failure) ? failure : new Failure(failure.value), 'logged');
}
