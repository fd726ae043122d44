/** Generators that wait for Deferreds: a chain of callbacks, written as if it blocked. */
import { Clock, Deferred, deferLater, fail, gatherResults, inlineCallbacks, succeed } from 'txtrial/internet';
import { ProgramTestCase } from '../support/program.js';

class Smudge extends Error {}

export class GeneratorTests extends ProgramTestCase {
  /** A generator runs when it is asked for a value, up to its next yield: it and its caller take turns. */
  test_takes_turns_with_its_caller() {
    const { print } = this;
    function* lines() {
      print('dipping the pen');
      yield 'one';
      print('dipping again');
      yield 'two';
      print('cleaning the pen');
    }

    const writer = lines();
    print('nothing has happened yet');
    for (let step = writer.next(); !step.done; step = writer.next()) print('line', step.value);

    this.assertPrinted(
      ...['nothing has happened yet', 'dipping the pen', 'line one'],
      ...['dipping again', 'line two', 'cleaning the pen'],
    );
  }

  /** Two of them at work at the same time, each with its own place to go on from. */
  test_several_at_a_time() {
    const { print } = this;
    function* poet(name: string, verses: number) {
      for (let verse = 1; verse <= verses; verse++) {
        print(name, 'writes verse', verse);
        yield;
      }
      print(name, 'is done');
    }

    const poets = [poet('Ada', 2), poet('Ben', 1)];
    for (let turn = 0; turn < 3; turn++) for (const each of poets) each.next();
    this.assertPrinted(
      ...['Ada writes verse 1', 'Ben writes verse 1'],
      ...['Ada writes verse 2', 'Ben is done'],
      'Ada is done',
    );
  }

  /** Driven by hand: values go out and come in, and an error can be thrown in where it waits. */
  test_driven_by_hand() {
    const { print } = this;
    function* writer(): Generator<string, string, string> {
      const ink = yield 'which ink?';
      print('got', ink);
      try {
        const paper = yield 'which paper?';
        print('got', paper);
      } catch (error) {
        print('caught', error instanceof Smudge);
      }
      yield 'a blotter, please';
      return 'signed';
    }

    const driven = writer();
    print(driven.next().value);
    print(driven.next('blue').value);
    print(driven.throw(new Smudge()).value);
    print(driven.next());

    this.assertPrinted(
      ...['which ink?', 'got blue', 'which paper?'],
      ...['caught true', 'a blotter, please', "{ value: 'signed', done: true }"],
    );
  }

  /** `yield*` puts one generator in the place of another: what is sent to the outer one arrives at the innermost. */
  test_one_inside_the_other() {
    const { print } = this;
    function* squares(): Generator<number, never, number> {
      let n = 0;
      for (;;) n = yield n * n;
    }
    function* inside() {
      print('from outside to inside');
      return yield* squares();
    }
    function* outside() {
      return yield* inside();
    }

    const driven = outside();
    driven.next();
    for (const n of [2, 5, 10]) print('the square of', n, 'is', driven.next(n).value);

    this.assertPrinted(
      'from outside to inside',
      ...['the square of 2 is 4', 'the square of 5 is 25', 'the square of 10 is 100'],
    );
  }
}

export class InlineCallbacksTests extends ProgramTestCase {
  /** What has a value at once comes back at once; for a Deferred the generator waits. Errors are thrown where it waits. */
  test_waiting() {
    const { print } = this;
    const clock = new Clock();
    const program = inlineCallbacks(function* () {
      print('first:', yield 'a plain value');
      print('second:', yield* deferLater(clock, 5, () => 'after five seconds'));
      try {
        yield deferLater(clock, 5, () => {
          throw new Smudge('after ten');
        });
      } catch (error) {
        print('third:', error instanceof Smudge);
      }
    });

    program().addCallback(() => print('finished'));
    print('it waits');
    clock.advance(5);
    print('it waits again');
    clock.advance(5);

    this.assertPrinted(
      ...['first: a plain value', 'it waits', 'second: after five seconds'],
      ...['it waits again', 'third: true', 'finished'],
    );
  }

  /** Whoever calls it gets a Deferred, which fires with what the generator returns. */
  test_returned_value() {
    const { print } = this;
    const source = new Deferred<string>();
    const count = inlineCallbacks(function* () {
      const poem = yield* source;
      return poem.split(' ').length;
    });

    count().addCallback((words) => print('words:', words));
    print('asked');
    source.callback('so much depends upon');

    this.assertPrinted('asked', 'words: 4');
  }

  /** What the generator does not catch fails the Deferred. */
  test_errors_come_out() {
    const { print } = this;
    const read = inlineCallbacks(function* (source: Deferred<string>) {
      const poem = yield* source;
      print('not reached with', poem);
    });

    read(fail(new Smudge('illegible'))).addErrback((failure) => print(failure));

    this.assertPrinted('[Failure instance: Smudge: illegible]');
  }

  /** An error thrown into it is caught by a plain try, and `finally` is what it always was. */
  test_errors_go_in() {
    const { print } = this;
    const first = new Deferred<string>();
    const second = new Deferred<string>();
    const read = inlineCallbacks(function* () {
      try {
        return yield* first;
      } catch (error) {
        print('the first one:', error instanceof Smudge);
        return yield* second;
      } finally {
        print('the book is closed');
      }
    });

    read().addCallback((poem) => print('read:', poem));
    first.errback(new Smudge());
    second.callback('a fair copy');

    this.assertPrinted('the first one: true', 'the book is closed', 'read: a fair copy');
  }

  /** They call one another, as functions do. */
  test_one_calls_the_other() {
    const { print } = this;
    const clock = new Clock();
    const fetchVerse = inlineCallbacks(function* (n: number) {
      yield deferLater(clock, 1);
      print('verse', n);
      return `verse ${n}`;
    });
    const fetchPoem = inlineCallbacks(function* () {
      const verses: string[] = [];
      for (const n of [1, 2]) verses.push(yield* fetchVerse(n));
      return verses.join(', ');
    });

    fetchPoem().addCallback((poem) => print(poem));
    clock.pump([1, 1]);

    this.assertPrinted('verse 1', 'verse 2', 'verse 1, verse 2');
  }

  /** Several at once: each waits for its own, and none for the others. */
  test_several_at_once() {
    const { print } = this;
    const clock = new Clock();
    const write = inlineCallbacks(function* (name: string, seconds: number) {
      print(name, 'begins');
      yield deferLater(clock, seconds);
      print(name, 'is halfway');
      yield deferLater(clock, seconds);
      return name;
    });

    gatherResults([write('haiku', 1), write('ode', 3)]).addCallback((names) => print('written:', names.join(', ')));
    clock.pump([1, 1, 1, 1, 1, 1]);

    this.assertPrinted(
      ...['haiku begins', 'ode begins'],
      ...['haiku is halfway', 'ode is halfway', 'written: haiku, ode'],
    );
  }

  /** Cancelling the Deferred cancels what the generator waits for just then. */
  test_cancelled() {
    const { print } = this;
    const source = new Deferred<string>(() => print('the source is told'));
    const read = inlineCallbacks(function* () {
      yield succeed('the title');
      try {
        yield source;
      } finally {
        print('cleaned up');
      }
    });

    const d = read();
    d.addErrback((failure) => print('in the end:', failure.type?.name));
    d.cancel();

    this.assertPrinted('the source is told', 'cleaned up', 'in the end: CancelledError');
  }
}
