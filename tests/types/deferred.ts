// Checked by the compiler alone: how the types of Deferreds follow what is done with them.
import { expectTypeOf } from 'expect-type';
import {
  type CallsLater,
  Deferred,
  DeferredDict,
  DeferredList,
  deferLater,
  deferToThread,
  ensureDeferred,
  execute,
  type Failure,
  fail,
  gatherResults,
  inlineCallbacks,
  type ListEntry,
  maybeDeferred,
  race,
  succeed,
} from 'txtrial/internet';

declare const clock: CallsLater;
declare const failure: Failure;
declare const text: Deferred<string>;
declare const count: Deferred<number>;

// A chain has the type of what the last callback returns.
expectTypeOf(text.addCallback((s) => s.length)).toEqualTypeOf<Deferred<number>>();
expectTypeOf(text.addCallback(() => count)).toEqualTypeOf<Deferred<number>>();
expectTypeOf(text.addCallback(async (s) => [s])).toEqualTypeOf<Deferred<string[]>>();
expectTypeOf(text.addCallback(() => undefined)).toEqualTypeOf<Deferred<undefined>>();
expectTypeOf(text.addCallback((s) => (s === '' ? failure : s.length))).toEqualTypeOf<Deferred<number>>();
expectTypeOf(text.addCallback((s, n: number, b: boolean) => [s, n, b] as const, 1, true)).toEqualTypeOf<
  Deferred<readonly [string, number, boolean]>
>();
// @ts-expect-error: the further argument is a number.
text.addCallback((_s, n: number) => n, 'one');
// @ts-expect-error: the result is a string.
text.addCallback((n: number) => n);

// An errback widens it, one that hands the failure on does not.
expectTypeOf(text.addErrback(() => 1)).toEqualTypeOf<Deferred<string | number>>();
expectTypeOf(text.addErrback((f) => f)).toEqualTypeOf<Deferred<string>>();
expectTypeOf(text.addErrback(() => count)).toEqualTypeOf<Deferred<string | number>>();

// Both branches count.
expectTypeOf(
  text.addCallbacks(
    (s) => s.length,
    () => null,
  ),
).toEqualTypeOf<Deferred<number | null>>();
expectTypeOf(text.addCallbacks((s) => s.length)).toEqualTypeOf<Deferred<number>>();
expectTypeOf(
  text.addBoth((result) => {
    expectTypeOf(result).toEqualTypeOf<string | Failure>();
    return result;
  }),
).toEqualTypeOf<Deferred<string>>();
expectTypeOf(text.chainDeferred(new Deferred<string>())).toEqualTypeOf<Deferred<void>>();
expectTypeOf(text.addTimeout(1, clock)).toEqualTypeOf<Deferred<string>>();
expectTypeOf(text.addTimeout(1, clock, () => 0)).toEqualTypeOf<Deferred<string | number>>();

// Only a Deferred of nothing is fired with nothing.
new Deferred<void>().callback();
// @ts-expect-error: a string is needed.
text.callback();
// @ts-expect-error: a string is needed.
text.callback(1);

// Making them.
expectTypeOf(succeed()).toEqualTypeOf<Deferred<void>>();
expectTypeOf(succeed(1 as number)).toEqualTypeOf<Deferred<number>>();
expectTypeOf(fail(new Error())).toEqualTypeOf<Deferred<never>>();
expectTypeOf(execute((n: number) => `${n}`, 1)).toEqualTypeOf<Deferred<string>>();
expectTypeOf(maybeDeferred(async () => 1)).toEqualTypeOf<Deferred<number>>();
expectTypeOf(maybeDeferred((s: string) => succeed(s.length), 'x')).toEqualTypeOf<Deferred<number>>();
expectTypeOf(ensureDeferred(Promise.resolve(1))).toEqualTypeOf<Deferred<number>>();
expectTypeOf(Deferred.fromPromise(Promise.resolve('x'))).toEqualTypeOf<Deferred<string>>();
expectTypeOf(deferLater(clock, 1)).toEqualTypeOf<Deferred<void>>();
expectTypeOf(deferLater(clock, 1, (n: number) => succeed(n), 1)).toEqualTypeOf<Deferred<number>>();
expectTypeOf(deferToThread((a: number, b: number) => a + b, 1, 2)).toEqualTypeOf<Deferred<number>>();

// Promises both ways.
expectTypeOf(text.asPromise()).toEqualTypeOf<Promise<string>>();
expectTypeOf<Awaited<Deferred<string>>>().toEqualTypeOf<string>();
expectTypeOf<Deferred<string>>().toExtend<PromiseLike<string>>();
expectTypeOf(Promise.all([text, count])).toEqualTypeOf<Promise<[string, number]>>();

// Generators.
const both = inlineCallbacks(function* (factor: number) {
  const s = yield* text;
  const n = yield* count;
  expectTypeOf(s).toEqualTypeOf<string>();
  expectTypeOf(n).toEqualTypeOf<number>();
  return s.length * n * factor;
});
expectTypeOf(both).toEqualTypeOf<(this: unknown, factor: number) => Deferred<number>>();

// Several as one.
expectTypeOf(gatherResults([text, count])).toEqualTypeOf<Deferred<[string, number]>>();
expectTypeOf(gatherResults([text] as Deferred<string>[])).toEqualTypeOf<Deferred<string[]>>();
expectTypeOf(race([text, count])).toEqualTypeOf<Deferred<[index: number, result: string | number]>>();
new DeferredList([text, count]).addCallback((entries) =>
  expectTypeOf(entries).toEqualTypeOf<[ListEntry<string>, ListEntry<number>]>(),
);
new DeferredList([text, count], { fireOnOneCallback: true }).addCallback((result) =>
  expectTypeOf(result).toEqualTypeOf<
    [ListEntry<string>, ListEntry<number>] | [result: string | number, index: number]
  >(),
);
new DeferredDict({ text, count }).addCallback((entries) =>
  expectTypeOf(entries).toEqualTypeOf<{ text: ListEntry<string>; count: ListEntry<number> }>(),
);
