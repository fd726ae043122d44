/**
 * The same program in four ways: callbacks, Deferreds, generators, async functions.
 *
 * It gets a poem from the first of two servers that has one, prints its length, and says in any case when it is over.
 */
import { Deferred, inlineCallbacks, maybeDeferred, succeed } from 'txtrial/internet';
import { ProgramTestCase } from '../support/program.js';

class NoPoem extends Error {}

type Print = (...parts: readonly unknown[]) => void;

/** What the program needs of the world, as Deferreds. */
interface Servers {
  readonly print: Print;
  getPoem(server: string): Deferred<string>;
}

/** Bare callbacks, one for each way it may go: every step has to be handed on by hand, and so has every error. */
function withCallbacks({ print, getPoem }: Servers, done: () => void, failed: (error: unknown) => void): void {
  function get(server: string, gotPoem: (poem: string) => void, gotError: (error: unknown) => void) {
    getPoem(server).addCallbacks(gotPoem, (failure) => gotError(failure.value));
  }
  function show(poem: string) {
    print('length:', poem.length);
    over();
    done();
  }
  function giveUp(error: unknown) {
    over();
    failed(error);
  }
  function over() {
    print('over');
  }
  print('asking');
  get('first', show, (error) => {
    if (!(error instanceof NoPoem)) {
      giveUp(error);
      return;
    }
    print('asking the other one');
    get('second', show, giveUp);
  });
}

/** Deferreds: one chain, in which errors look for their errback themselves. */
function withDeferreds({ print, getPoem }: Servers): Deferred<void> {
  print('asking');
  return getPoem('first')
    .addErrback((failure) => {
      failure.trap(NoPoem);
      print('asking the other one');
      return getPoem('second');
    })
    .addCallback((poem) => print('length:', poem.length))
    .addBoth((result) => {
      print('over');
      return result;
    });
}

/** A generator: the same chain, with the words of the language for its branches. */
const withGenerator = inlineCallbacks(function* ({ print, getPoem }: Servers) {
  print('asking');
  try {
    let poem: string;
    try {
      poem = yield* getPoem('first');
    } catch (error) {
      if (!(error instanceof NoPoem)) throw error;
      print('asking the other one');
      poem = yield* getPoem('second');
    }
    print('length:', poem.length);
  } finally {
    print('over');
  }
});

/** An async function awaits Deferreds as it awaits promises. */
async function withAsync({ print, getPoem }: Servers): Promise<void> {
  print('asking');
  try {
    let poem: string;
    try {
      poem = await getPoem('first');
    } catch (error) {
      if (!(error instanceof NoPoem)) throw error;
      print('asking the other one');
      poem = await getPoem('second');
    }
    print('length:', poem.length);
  } finally {
    print('over');
  }
}

export class FourWaysTests extends ProgramTestCase {
  readonly ways: Readonly<Record<string, (servers: Servers) => Deferred<unknown>>> = {
    callbacks: (servers) => {
      const d = new Deferred<void>();
      withCallbacks(
        servers,
        () => d.callback(),
        (error) => d.errback(error),
      );
      return d;
    },
    deferreds: withDeferreds,
    generator: withGenerator,
    async: (servers) => maybeDeferred(withAsync, servers),
  };

  /** Runs all four, with servers that answer so; a text is a poem. */
  async runWith(answers: Readonly<Record<string, string | Error>>, ...expected: readonly string[]): Promise<void> {
    const { print } = this;
    for (const [way, program] of Object.entries(this.ways)) {
      print(way);
      const getPoem = (server: string) => {
        const d = new Deferred<string>();
        const answer = answers[server];
        setImmediate(() => (typeof answer === 'string' ? d.callback(answer) : d.errback(answer)));
        return d;
      };
      await program({ print, getPoem }).addCallbacks(
        () => print('good'),
        (failure) => print('bad:', failure.getErrorMessage()),
      );
      this.assertPrinted(way, ...expected);
    }
  }

  test_a_poem_at_once() {
    return this.runWith({ first: 'a poem' }, 'asking', 'length: 6', 'over', 'good');
  }

  test_a_poem_of_the_second_server() {
    return this.runWith(
      { first: new NoPoem(), second: 'another poem' },
      ...['asking', 'asking the other one', 'length: 12', 'over', 'good'],
    );
  }

  test_no_poem() {
    return this.runWith(
      { first: new NoPoem(), second: new NoPoem('sold out') },
      ...['asking', 'asking the other one', 'over', 'bad: sold out'],
    );
  }

  test_another_error() {
    return this.runWith({ first: new RangeError('no such server') }, 'asking', 'over', 'bad: no such server');
  }
}

export class BridgeTests extends ProgramTestCase {
  /** The one difference in the order of steps: callbacks run as the Deferred fires, what awaits runs a little later. */
  async test_await_comes_after_the_call() {
    const { print } = this;
    const d = new Deferred<string>();
    d.addCallback((poem) => {
      print('a callback:', poem);
      return poem;
    });
    async function reader() {
      print('after await:', await d);
    }

    const reading = reader();
    d.callback('a poem');
    print('fired');
    await reading;

    this.assertPrinted('a callback: a poem', 'fired', 'after await: a poem');
  }

  /** An async function that a callback calls: the chain waits for its promise. */
  async test_a_callback_may_be_async() {
    const { print } = this;
    const d = new Deferred<string>();
    d.addCallback(async (poem) => {
      print('thinking about', poem);
      await null;
      return 'a thought';
    });
    d.addCallback((thought) => print('then:', thought));

    d.callback('a poem');
    print('fired');
    await d;

    this.assertPrinted('thinking about a poem', 'fired', 'then: a thought');
  }

  /** `await` throws the error itself, not the Failure around it. */
  async test_await_throws_the_error() {
    const { print } = this;
    const d = new Deferred<string>();
    const failing = async () => {
      try {
        await d;
      } catch (error) {
        print(error instanceof NoPoem, (error as Error).message);
      }
    };

    const over = failing();
    d.errback(new NoPoem('sold out'));
    await over;

    this.assertPrinted('true sold out');
  }

  /** A promise as a Deferred, and back: a result is a result in both worlds. */
  async test_there_and_back() {
    const { print } = this;

    const d = Deferred.fromPromise(Promise.resolve('from a promise')).addCallback((text) => text.toUpperCase());
    print(await d);
    const promise = succeed('from a Deferred').asPromise();
    print(await promise.then((text) => text.toUpperCase()));
    print(await Promise.all([succeed(1), Promise.resolve(2), 3]));

    this.assertPrinted('FROM A PROMISE', 'FROM A DEFERRED', '[ 1, 2, 3 ]');
  }

  /** What stands behind `await`: anything with a `then` is asked to call back. */
  async test_below_await() {
    const { print } = this;
    const poemLike = {
      then(resolve: (value: string) => void) {
        print('await has called then');
        resolve('a poem');
      },
    };

    print('got', await poemLike);

    this.assertPrinted('await has called then', 'got a poem');
  }
}
