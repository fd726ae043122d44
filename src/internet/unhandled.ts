/** Who hears of it when a Deferred ends in a failure that nobody takes. */
import { err } from '../log/publisher.js';
import { debugText } from './deferred_debug.js';
import type { Failure } from './failure.js';

/** Hears of failed Deferreds at once instead of when they are collected: the runner's way. */
export interface UnhandledWatcher {
  /**
   * Asked once for each Deferred that is made: whose it is. The answer is kept on it, and comes back in `failed`.
   *
   * @param deferred - It has no state yet; undefined for one that is fired at once.
   * @param made - The class that was called to make it.
   */
  owner(deferred: object | undefined, made: DeferredClass): unknown;
  /** The chain of `deferred` ended in `failure`, and nothing waits for it. */
  failed(deferred: object, failure: Failure, owner: unknown): void;
  /** The failure of `deferred` has been taken after all. */
  handled(deferred: object): void;
}

type DeferredClass = abstract new (...args: never[]) => unknown;

interface Lost {
  readonly failure: Failure;
  readonly debug: string;
}

// Kept from before a test can replace it by a fake.
const soon = globalThis.queueMicrotask;

let watcher: UnhandledWatcher | undefined;

// Most failures are taken in the turn they happen in, so only those that outlast it are registered.
const fresh = new Map<object, Failure>();
const lost = new Set<Lost>();
const lostOf = new WeakMap<object, Lost>();
let registry: FinalizationRegistry<Lost> | undefined;

/**
 * Sets who hears of failed Deferreds. Without a watcher they are logged as "Unhandled error in Deferred:" when they are
 * collected, and the others when the process exits.
 */
export function setUnhandledWatcher(w: UnhandledWatcher | undefined): void {
  watcher = w;
}

/** Whose a Deferred that is being made is. */
export function ownerOf(deferred: object | undefined, made: DeferredClass): unknown {
  return watcher === undefined ? undefined : watcher.owner(deferred, made);
}

/** A chain has ended in a failure. */
export function noteFailed(deferred: object, failure: Failure, owner: unknown): void {
  if (watcher !== undefined) {
    watcher.failed(deferred, failure, owner);
    return;
  }
  if (registry === undefined) {
    registry = new FinalizationRegistry(report);
    process.on('exit', reportAll);
  }
  if (fresh.size === 0) soon(registerFresh);
  fresh.set(deferred, failure);
}

/** The failure that a chain had ended in has been taken. */
export function noteHandled(deferred: object): void {
  // Both are told: the watcher may have been set, or taken away, between the failure and now.
  watcher?.handled(deferred);
  if (fresh.delete(deferred)) return;
  const entry = lostOf.get(deferred);
  if (entry === undefined) return;
  lost.delete(entry);
  lostOf.delete(deferred);
  registry?.unregister(deferred);
}

function registerFresh(): void {
  for (const [deferred, failure] of fresh) {
    const entry = { failure, debug: debugText(deferred) };
    lost.add(entry);
    lostOf.set(deferred, entry);
    registry?.register(deferred, entry, deferred);
  }
  fresh.clear();
}

function reportAll(): void {
  registerFresh();
  for (const entry of lost) report(entry);
}

function report(entry: Lost): void {
  if (!lost.delete(entry)) return;
  err(entry.failure, `Unhandled error in Deferred:${entry.debug === '' ? '' : `\n${entry.debug}`}`);
}
