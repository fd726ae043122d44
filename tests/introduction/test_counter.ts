/** A step that may fail, and another one instead: counting visits in a cache that others write to as well. */
import { Deferred, type Failure, fail, succeed } from 'txtrial/internet';
import { ProgramTestCase } from '../support/program.js';

class Missing extends Error {}
class Taken extends Error {}
class Offline extends Error {}

/** Somewhere in the network: numbers with names. It can do one thing at a time, and tells when that is done. */
class Cache {
  readonly numbers = new Map<string, number>();

  get(name: string): Deferred<number> {
    const n = this.numbers.get(name);
    return n === undefined ? fail(new Missing(name)) : succeed(n);
  }

  increment(name: string): Deferred<number> {
    return this.get(name).addCallback((n) => {
      this.numbers.set(name, n + 1);
      return n + 1;
    });
  }

  add(name: string, n: number): Deferred<number> {
    if (this.numbers.has(name)) return fail(new Taken(name));
    this.numbers.set(name, n);
    return succeed(n);
  }
}

/** The first visit has to make the number. Whoever finds that somebody else was faster goes back to the first step. */
function countVisit(cache: Cache): Deferred<number> {
  function begin(failure: Failure): Deferred<number> {
    failure.trap(Missing);
    return cache.add('visits', 1).addErrback(goOn);
  }
  function goOn(failure: Failure): Deferred<number> {
    failure.trap(Taken);
    return cache.increment('visits').addErrback(begin);
  }
  return cache.increment('visits').addErrback(begin);
}

/** No number means that there was no visit. Any other error is not for us. */
function visits(cache: Cache): Deferred<number> {
  return cache.get('visits').addErrback((failure) => {
    failure.trap(Missing);
    return 0;
  });
}

export class CounterTests extends ProgramTestCase {
  test_visits() {
    const { print } = this;
    const cache = new Cache();

    visits(cache).addCallback((n) => print('at first:', n));
    for (const name of ['Ada', 'Ben']) countVisit(cache).addCallback((n) => print(name, 'is visitor', n));
    visits(cache).addCallback((n) => print('in the end:', n));

    this.assertPrinted('at first: 0', 'Ada is visitor 1', 'Ben is visitor 2', 'in the end: 2');
  }

  /** Between our two questions somebody else makes the number. */
  test_somebody_is_faster() {
    const { print } = this;
    const cache = new Cache();
    const [answer, later] = [new Deferred<number>(), cache.increment.bind(cache)];
    this.patch(cache, 'increment', () => answer);

    countVisit(cache).addCallback((n) => print('visitor', n));
    this.patch(cache, 'increment', later);
    countVisit(cache).addCallback((n) => print('somebody else is visitor', n));
    answer.errback(new Missing('visits'));

    this.assertPrinted('somebody else is visitor 1', 'visitor 2');
  }

  test_another_error_comes_out() {
    const { print } = this;
    const cache = new Cache();
    this.patch(cache, 'get', () => fail(new Offline('no answer')));

    countVisit(cache).addErrback((failure) => print(failure));
    visits(cache).addErrback((failure) => print(failure));

    this.assertPrinted('[Failure instance: Offline: no answer]', '[Failure instance: Offline: no answer]');
  }
}
