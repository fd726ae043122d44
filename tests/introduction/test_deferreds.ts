/** A Deferred: a result that is not there yet, and what is to be done when it comes. */
import { AlreadyCalledError, Deferred, type Failure, fail, maybeDeferred, succeed } from 'txtrial/internet';
import { ProgramTestCase, runProgram, withoutPlaces } from '../support/program.js';

export class FiringTests extends ProgramTestCase {
  /** callback() runs the callbacks before it returns. No reactor is needed, and nothing happens behind our back. */
  test_with_a_result() {
    const { print } = this;
    const d = new Deferred<string>();
    d.addCallbacks(
      (poem) => print('read:', poem),
      () => print('no poem'),
    );

    print('firing');
    d.callback('Roses are read.');
    print('finished');

    this.assertPrinted('firing', 'read: Roses are read.', 'finished');
  }

  /** errback() runs the errbacks. They are given a Failure, whatever it was fired with. */
  test_with_an_error() {
    const { print } = this;
    const d = new Deferred<string>();
    d.addCallbacks(
      (poem) => print('read:', poem),
      (failure) => print('no poem:', failure, failure.value instanceof RangeError),
    );

    d.errback(new RangeError('too many feet'));
    print('finished');

    this.assertPrinted('no poem: [Failure instance: RangeError: too many feet] true', 'finished');
  }

  /** A Deferred fires once, whichever way it was and whichever way is tried next. */
  test_twice() {
    const { print } = this;
    const ways = { callback: (d: Deferred) => d.callback('x'), errback: (d: Deferred) => d.errback(new Error('x')) };
    for (const [first, fire] of Object.entries(ways)) {
      for (const [second, fireAgain] of Object.entries(ways)) {
        const d = new Deferred();
        d.addBoth(() => print(`${first}, then ${second}`));
        fire(d);
        this.assertRaises(AlreadyCalledError, () => fireAgain(d));
        print('refused');
      }
    }

    this.assertPrinted(
      ...['callback, then callback', 'refused', 'callback, then errback', 'refused'],
      ...['errback, then callback', 'refused', 'errback, then errback', 'refused'],
    );
  }

  /** Firing is a call like any other: a callback that computes for long keeps everybody waiting. */
  async test_blocked() {
    const { printed } = await runProgram(this, 'blocked.js');

    this.assertEqual(printed, [
      ...['firing', 'first callback', 'computing', 'computed', 'last callback', 'fired'],
      'the timer, late', // it was due while we computed
    ]);
  }

  /** Callbacks may be added when the result is there already: each one runs as it is added. */
  test_fired_before_callbacks_are_added() {
    const { print } = this;
    const d = succeed('a poem');

    d.addCallback((poem) => {
      print('first:', poem);
      return poem.toUpperCase();
    });
    print('between');
    d.addCallback((poem) => print('second:', poem));

    fail(new Error('no ink')).addErrback((failure) => print('third:', failure.getErrorMessage()));

    this.assertPrinted('first: a poem', 'between', 'second: A POEM', 'third: no ink');
  }

  /** pause() holds the callbacks back, unpause() lets them go. This is how a chain waits for another Deferred. */
  test_paused() {
    const { print } = this;
    const d = new Deferred<string>();
    d.addCallback((poem) => print(poem));

    d.pause();
    d.callback('a poem');
    d.addCallback(() => print('and the end'));
    print('paused:', d.paused);
    d.unpause();
    print('paused:', d.paused);

    this.assertPrinted('paused: 1', 'a poem', 'and the end', 'paused: 0');
  }
}

export class ChainTests extends ProgramTestCase {
  /** Each callback is given what the one before it returned. */
  test_what_a_callback_returns() {
    const { print } = this;
    const d = new Deferred<string>();
    d.addCallback((word) => `${word} ${word}`)
      .addCallback((line) => line.length)
      .addCallback((length) => print('characters:', length))
      .addCallback((nothing) => print('print returned:', nothing));

    d.callback('echo');

    this.assertPrinted('characters: 9', 'print returned: undefined');
  }

  /** Further arguments are handed on behind the result. */
  test_further_arguments() {
    const { print } = this;
    const d = new Deferred<string>();
    d.addCallback((poem: string, times: number) => poem.repeat(times), 3).addCallback(print, 'said', 'the', 'bird');

    d.callback('tirili ');

    this.assertPrinted('tirili tirili tirili  said the bird');
  }

  /** An exception goes to the next errback, past the callbacks between; what that returns goes to the next callback. */
  test_between_callbacks_and_errbacks() {
    const { print } = this;
    const d = new Deferred<string>();
    d.addCallback((text) => JSON.parse(text));
    d.addCallback(() => print('skipped'));
    d.addErrback((failure) => {
      print('caught:', failure.type?.name);
      return 'a default';
    });
    d.addErrback(() => print('skipped, too'));
    d.addCallback((value) => print('goes on with', value));

    d.callback('{ not JSON');

    this.assertPrinted('caught: SyntaxError', 'goes on with a default');
  }

  /** The errback of a pair is for errors that come from above, not for those of its own callback. */
  test_a_pair_does_not_catch_its_own_errors() {
    const { print } = this;
    const d = new Deferred<string>();
    d.addCallbacks(
      () => {
        throw new Error('the callback slipped');
      },
      () => print('the errback beside it'),
    );
    d.addErrback((failure) => print('the errback below it:', failure.getErrorMessage()));

    d.callback('go');

    this.assertPrinted('the errback below it: the callback slipped');
  }

  /** An errback may let some errors pass: trap() throws them again, and returning the Failure does the same. */
  test_errors_passed_on() {
    const { print } = this;
    const d = new Deferred<string>();
    d.addErrback((failure) => {
      print('only for TypeErrors');
      failure.trap(TypeError);
      return 'mended';
    });
    d.addErrback((failure): Failure => {
      print('I only look:', failure.getErrorMessage());
      return failure;
    });
    d.addErrback((failure) => {
      print('I take it');
      failure.trap(RangeError);
    });
    d.addBoth((result) => print('in the end:', result));

    d.errback(new RangeError('too far'));

    this.assertPrinted('only for TypeErrors', 'I only look: too far', 'I take it', 'in the end: undefined');
  }

  /** addBoth() is for what has to be done in any case, as finally is. */
  test_in_any_case() {
    const { print } = this;
    const close = (result: unknown) => {
      print('closed');
      return result;
    };
    const good = new Deferred<string>();
    const bad = new Deferred<string>();
    for (const d of [good, bad]) {
      d.addBoth(close).addCallbacks(
        (result) => print('result:', result),
        (failure) => print('error:', failure.getErrorMessage()),
      );
    }

    good.callback('a poem');
    bad.errback(new Error('a blot'));

    this.assertPrinted('closed', 'result: a poem', 'closed', 'error: a blot');
  }

  /** An error that nobody has taken when the Deferred is gone is reported. `finished` comes before. */
  async test_unhandled() {
    const { status, printed } = await runProgram(this, 'unhandled.js');

    this.assertEqual(withoutPlaces(printed), [
      ...['finished', 'Unhandled error in Deferred:'],
      ...['TypeError: poem.toUpperCase is not a function', '    at ...'],
    ]);
    this.assertEqual(status, 0);
  }
}

export class NestedTests extends ProgramTestCase {
  /** A callback that returns a Deferred: its chain waits for it, and goes on with its result. */
  test_returned_from_a_callback() {
    const { print } = this;
    const outer = new Deferred<string>();
    const inner = new Deferred<string>();
    outer.addCallback((name) => {
      print('looking for', name);
      return inner;
    });
    outer.addCallback((poem) => print('found:', poem));

    print('firing the outer one');
    outer.callback('Ozymandias');
    print('firing the inner one');
    inner.callback('Look on my works');
    print('finished');

    this.assertPrinted(
      ...['firing the outer one', 'looking for Ozymandias'],
      ...['firing the inner one', 'found: Look on my works', 'finished'],
    );
  }

  /** While it waits the outer Deferred is paused; the inner one has given its result away in the end. */
  test_the_outer_is_paused() {
    const { print } = this;
    const outer = new Deferred<string>();
    const inner = new Deferred<string>();
    outer.addCallback(() => inner);

    outer.callback('go');
    print('called:', outer.called, 'paused:', outer.paused, 'waits for the inner one:', outer.result === inner);
    inner.callback('done');
    print('called:', outer.called, 'paused:', outer.paused, 'result:', outer.result);
    inner.addCallback((result) => print('left for the inner one:', result));

    this.assertPrinted(
      'called: true paused: 1 waits for the inner one: true',
      'called: true paused: 0 result: done',
      'left for the inner one: undefined',
    );
  }

  /** An inner Deferred that has fired already makes nobody wait. */
  test_already_fired() {
    const { print } = this;
    const d = new Deferred<string>();
    d.addCallback((poem) => succeed(`${poem}, from the cache`)).addCallback(print);

    d.callback('a poem');
    print('finished');

    this.assertPrinted('a poem, from the cache', 'finished');
  }

  /** The error of the inner Deferred is the error of the outer one. An errback may return a Deferred as well. */
  test_errors_of_the_inner_one() {
    const { print } = this;
    const second = new Deferred<string>();
    const d = new Deferred<string>();
    d.addCallback(() => fail(new Error('the first server is down')));
    d.addErrback((failure) => {
      print(failure.getErrorMessage());
      return second;
    });
    d.addCallback((poem) => print('from the second server:', poem));

    d.callback('go');
    print('still waiting');
    second.callback('a poem');

    this.assertPrinted('the first server is down', 'still waiting', 'from the second server: a poem');
  }

  /** A function that answers at once or later: maybeDeferred() makes it all the same for the caller. */
  async test_maybe_deferred() {
    const { print } = this;
    const later = new Deferred<string>();
    const answers: Record<string, () => unknown> = {
      value: () => 'at once',
      error: () => {
        throw new Error('thrown at once');
      },
      deferred: () => later,
      promise: async () => 'as a promise',
    };
    const ask = (name: string) =>
      maybeDeferred(() => answers[name]?.()).addCallbacks(
        (result) => print(`${name}:`, result),
        (failure) => print(`${name}:`, failure.getErrorMessage()),
      );

    for (const name of ['value', 'error', 'deferred']) ask(name);
    print('asked');
    later.callback('in a while');
    await ask('promise');

    this.assertPrinted(
      ...['value: at once', 'error: thrown at once', 'asked'],
      ...['deferred: in a while', 'promise: as a promise'],
    );
  }
}

export class TextTests extends ProgramTestCase {
  /** A Deferred shows how far it is. */
  test_how_a_deferred_is_printed() {
    const { print } = this;
    const outer = new Deferred<string>();
    const inner = new Deferred<string>();
    outer.addCallback(() => inner);

    print(outer);
    outer.callback('go');
    print(outer);
    inner.callback('a poem');
    print(outer);
    const failed = fail(new RangeError('too far'));
    print(failed);
    failed.addErrback(() => undefined);
    print(failed);
    inner.pause();
    print(inner);

    this.assertPrinted(
      '<Deferred pending>',
      '<Deferred waiting on a Deferred>',
      "<Deferred current result: 'a poem'>",
      '<Deferred current result: [Failure instance: RangeError: too far]>',
      '<Deferred current result: undefined>',
      '<Deferred current result: undefined, paused>',
    );
  }
}
