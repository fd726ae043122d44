/** Cancelling: the way back, from the one who waits to the one who works. */
import { CancelledError, Clock, Deferred, type Failure } from 'txtrial/internet';
import { ProgramTestCase } from '../support/program.js';

export class CancellationTests extends ProgramTestCase {
  readonly read = (poem: unknown) => this.print('read:', poem);
  readonly excuse = (failure: Failure) => this.print('no poem:', failure.type?.name, failure.getErrorMessage());

  /** A Deferred that nobody has fired yet fails with CancelledError. */
  test_unfired() {
    const { print, read, excuse } = this;
    const d = new Deferred();
    d.addCallbacks(read, excuse);

    d.cancel();
    print('finished');

    this.assertPrinted('no poem: CancelledError The Deferred was cancelled.', 'finished');
  }

  /** It is a failure as any other: without an errback it stays unhandled, which the test would be told of. */
  test_it_is_a_failure() {
    const { print, read } = this;
    const d = new Deferred();
    d.addCallback(read);

    d.cancel();
    print('finished');

    this.failureResultOf(d, CancelledError);
    this.assertPrinted('finished');
  }

  /** What has fired cannot be taken back. */
  test_fired() {
    const { print, read, excuse } = this;
    const d = new Deferred();
    d.addCallbacks(read, excuse);

    d.callback('a poem');
    d.cancel();
    print('finished');

    this.assertPrinted('read: a poem', 'finished');
  }

  /** Who fires it may know nothing of the cancel: one late result is ignored. A second one is a mistake, as always. */
  test_fired_later() {
    const { print, read, excuse } = this;
    const d = new Deferred();
    d.addCallbacks(read, excuse);

    d.cancel();
    d.callback('too late');
    print('ignored');
    try {
      d.callback('and again');
    } catch (error) {
      print((error as Error).name);
    }

    this.assertPrinted('no poem: CancelledError The Deferred was cancelled.', 'ignored', 'AlreadyCalledError');
  }

  /** A canceller ends the work. It is called first, and the errbacks run when it is done. */
  test_with_a_canceller() {
    const { print, read, excuse } = this;
    const d = new Deferred(() => print('putting the pen down'));
    d.addCallbacks(read, excuse);

    d.cancel();
    print('finished');

    this.assertPrinted('putting the pen down', 'no poem: CancelledError The Deferred was cancelled.', 'finished');
  }

  /** It may have another end in mind: a result, or an error of its own. */
  test_a_canceller_that_fires() {
    const { read, excuse } = this;
    const asIs = new Deferred<string>((d) => d.callback('what there is so far'));
    const torn = new Deferred<string>((d) => d.errback(new RangeError('torn up')));
    for (const d of [asIs, torn]) d.addCallbacks(read, excuse);

    asIs.cancel();
    torn.cancel();

    this.assertPrinted('read: what there is so far', 'no poem: RangeError torn up');
  }

  /** A canceller has nothing to do when the work is done. */
  test_fired_with_a_canceller() {
    const { print, read, excuse } = this;
    const d = new Deferred(() => print('never called'));
    d.addCallbacks(read, excuse);

    d.callback('a poem');
    d.cancel();

    this.assertPrinted('read: a poem');
  }

  /** Without a canceller the wait ends and the work goes on; with one both end. */
  test_the_work_behind_it() {
    const { print, read, excuse } = this;
    const clock = new Clock();
    function order(withCanceller: boolean): Deferred<string> {
      const d = new Deferred<string>(withCanceller ? () => writing.cancel() : undefined);
      const writing = clock.callLater(5, () => {
        print('the poem is written');
        d.callback('a poem');
      });
      return d;
    }

    for (const withCanceller of [false, true]) {
      print('with a canceller:', withCanceller);
      const d = order(withCanceller);
      d.addCallbacks(read, excuse);
      clock.advance(2);
      d.cancel();
      clock.advance(3);
    }

    this.assertPrinted(
      'with a canceller: false',
      'no poem: CancelledError The Deferred was cancelled.',
      'the poem is written', // for nobody
      'with a canceller: true',
      'no poem: CancelledError The Deferred was cancelled.',
    );
  }

  /** A Deferred that waits for another one passes the cancel on: the inner one is where the work is now. */
  test_outer_and_inner() {
    const { print, read, excuse } = this;
    const outer = new Deferred<string>(() => print('the outer canceller'));
    const inner = new Deferred<string>(() => print('the inner canceller'));
    outer.addCallback((name) => {
      print('asked for', name);
      return inner;
    });
    outer.addCallbacks(read, excuse);

    outer.callback('Ozymandias');
    print('cancelling the outer one');
    outer.cancel();
    print('finished');

    this.assertPrinted(
      ...['asked for Ozymandias', 'cancelling the outer one', 'the inner canceller'],
      ...['no poem: CancelledError The Deferred was cancelled.', 'finished'],
    );
  }

  /** Cancelling the inner one is an error on its way through the outer one. */
  test_inner() {
    const { print, read, excuse } = this;
    const outer = new Deferred<string>(() => print('the outer canceller'));
    const inner = new Deferred<string>(() => print('the inner canceller'));
    outer.addCallback(() => inner).addCallbacks(read, excuse);

    outer.callback('go');
    inner.cancel();

    this.assertPrinted('the inner canceller', 'no poem: CancelledError The Deferred was cancelled.');
  }

  /** Cancelled before it has fired, the outer one never gets to the inner one. */
  test_outer_that_has_not_fired() {
    const { print, read, excuse } = this;
    const outer = new Deferred<string>(() => print('the outer canceller'));
    const inner = new Deferred<string>(() => print('the inner canceller'));
    outer.addCallback(() => inner).addCallbacks(read, excuse);

    outer.cancel();

    this.assertPrinted('the outer canceller', 'no poem: CancelledError The Deferred was cancelled.');
  }

  /** Many may wait for one result, each with a Deferred of their own: who leaves disturbs nobody else. */
  test_many_waiters() {
    const { print } = this;
    const waiters = new Map<string, Deferred<string>>();
    const wait = (name: string) => {
      const d = new Deferred<string>(() => waiters.delete(name));
      waiters.set(name, d);
      d.addCallbacks(
        (poem) => print(`${name} read:`, poem),
        (failure) => print(name, 'left:', failure.type?.name),
      );
      return d;
    };

    wait('Ada');
    const ben = wait('Ben');
    wait('Cleo');
    ben.cancel();
    for (const d of waiters.values()) d.callback('a poem');

    this.assertPrinted('Ben left: CancelledError', 'Ada read: a poem', 'Cleo read: a poem');
  }
}

/** Asks for the poem once, keeps it, and lets any number of clients wait for it. When all have left, it stops asking. */
class PoemProxy {
  readonly #fetch: () => Deferred<string>;
  readonly #waiting = new Set<Deferred<string>>();
  #fetching: Deferred<unknown> | undefined;
  #poem: string | undefined;

  constructor(fetch: () => Deferred<string>) {
    this.#fetch = fetch;
  }

  getPoem(): Deferred<string> {
    const client = new Deferred<string>(() => this.#leave(client));
    if (this.#poem !== undefined) client.callback(this.#poem);
    else {
      this.#waiting.add(client);
      this.#fetching ??= this.#fetch().addCallbacks(
        (poem) => this.#arrived(poem),
        (failure) => this.#failed(failure),
      );
    }
    return client;
  }

  #leave(client: Deferred<string>): void {
    this.#waiting.delete(client);
    if (this.#waiting.size === 0) this.#fetching?.cancel();
  }

  #arrived(poem: string): void {
    this.#poem = poem;
    for (const client of this.#take()) client.callback(poem);
  }

  #failed(failure: Failure): void {
    for (const client of this.#take()) client.errback(failure);
  }

  #take(): Deferred<string>[] {
    const clients = [...this.#waiting];
    this.#waiting.clear();
    this.#fetching = undefined;
    return clients;
  }
}

export class PoemProxyTests extends ProgramTestCase {
  #server = new Deferred<string>();
  readonly proxy = new PoemProxy(() => {
    this.print('asking the server');
    this.#server = new Deferred(() => this.print('no longer asking'));
    return this.#server;
  });

  client(name: string): Deferred<unknown> {
    return this.proxy.getPoem().addCallbacks(
      (poem) => this.print(`${name} read:`, poem),
      (failure) => this.print(name, 'left:', failure.type?.name),
    );
  }

  /** The server is asked once for all, and not at all when the poem is known. */
  test_asked_once() {
    this.client('Ada');
    this.client('Ben');
    this.#server.callback('a poem');
    this.client('Cleo');

    this.assertPrinted('asking the server', 'Ada read: a poem', 'Ben read: a poem', 'Cleo read: a poem');
  }

  /** One client leaves: the others still want their poem. */
  test_one_leaves() {
    const ada = this.client('Ada');
    this.client('Ben');
    ada.cancel();
    this.#server.callback('a poem');

    this.assertPrinted('asking the server', 'Ada left: CancelledError', 'Ben read: a poem');
  }

  /** The last one leaves: now nobody wants it. Whoever comes later makes the proxy ask again. */
  test_all_leave() {
    const clients = [this.client('Ada'), this.client('Ben')];
    for (const client of clients) client.cancel();
    this.client('Cleo');
    this.#server.callback('a poem');

    this.assertPrinted(
      ...['asking the server', 'Ada left: CancelledError', 'no longer asking', 'Ben left: CancelledError'],
      ...['asking the server', 'Cleo read: a poem'],
    );
  }
}
