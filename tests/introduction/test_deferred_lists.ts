/** Several Deferreds as one. */
import { Deferred, DeferredList, type Failure, gatherResults, type ListEntry } from 'txtrial/internet';
import { ProgramTestCase, runProgram, withoutPlaces } from '../support/program.js';

/** `[true, result]` or `[false, failure]`, as one word. */
function word([good, result]: readonly [boolean, unknown]): string {
  return good ? `good(${result})` : `bad(${(result as Failure).getErrorMessage()})`;
}

export class DeferredListTests extends ProgramTestCase {
  readonly show = (results: readonly ListEntry<unknown>[]) =>
    this.print('results:', results.map(word).join(' ') || '-');

  /** A list of nothing has nothing to wait for. */
  test_empty() {
    const { print, show } = this;

    const list = new DeferredList([]);
    print('made');
    list.addCallback(show);
    print('finished');

    this.assertPrinted('made', 'results: -', 'finished');
  }

  /** It is a Deferred itself, and fires when the last of its Deferreds has. */
  test_one() {
    const { print, show } = this;
    const d = new Deferred<string>();

    new DeferredList([d]).addCallback(show);
    print('firing');
    d.callback('a poem');

    this.assertPrinted('firing', 'results: good(a poem)');
  }

  /** The results stand in the order of the list, whichever came first. */
  test_order() {
    const { print, show } = this;
    const [first, second, third] = [new Deferred<string>(), new Deferred<string>(), new Deferred<string>()];

    new DeferredList([first, second, third]).addCallback(show);
    for (const d of [third, first, second]) {
      print('firing');
      d.callback(d === first ? '1' : d === second ? '2' : '3');
    }

    this.assertPrinted('firing', 'firing', 'firing', 'results: good(1) good(2) good(3)');
  }

  /** Errors are results among others: the list itself does not fail. */
  test_mixed() {
    const { print, show } = this;
    const [first, second] = [new Deferred<string>(), new Deferred<string>()];

    new DeferredList([first, second], { consumeErrors: true }).addCallback(show).addErrback(() => print('never'));
    second.errback(new Error('no ink'));
    print('one has failed');
    first.callback('a poem');

    this.assertPrinted('one has failed', 'results: good(a poem) bad(no ink)');
  }

  /** Each Deferred keeps its error, and it is reported as unhandled; with consumeErrors it is taken. */
  async test_consume_errors() {
    const kept = await runProgram(this, 'list_of_errors.js');
    const consumed = await runProgram(this, 'list_of_errors.js', 'consume');

    const printed = ['result: a poem', 'error: no ink', 'finished'];
    this.assertEqual(withoutPlaces(kept.printed), [
      ...printed,
      ...['Unhandled error in Deferred:', 'Error: no ink', '    at ...'],
    ]);
    this.assertEqual(consumed.printed, printed);
  }

  /** Callbacks that were added before the list, and those added after it, stand in one chain with it. */
  test_beside_other_callbacks() {
    const { print, show } = this;
    const d = new Deferred<string>();
    d.addCallback((poem) => poem.toUpperCase());

    new DeferredList([d]).addCallback(show);
    d.addCallback((poem) => print('after the list:', poem));
    d.callback('a poem');

    this.assertPrinted('results: good(A POEM)', 'after the list: A POEM');
  }

  /** The first result is enough. */
  test_the_first_result() {
    const { print } = this;
    const [first, second] = [new Deferred<string>(), new Deferred<string>()];

    const list = new DeferredList([first, second], { fireOnOneCallback: true });
    list.addCallback(([result, index]) => print('number', index, 'was first with', result));
    second.callback('a haiku');
    first.callback('an ode');

    this.assertPrinted('number 1 was first with a haiku');
  }

  /** Or the first error is too much: then the list fails, and says whose error it was. */
  test_the_first_error() {
    const { print } = this;
    const [first, second] = [new Deferred<string>(), new Deferred<string>()];

    gatherResults([first, second], { consumeErrors: true }).addErrback((failure) => print(failure.getErrorMessage()));
    second.errback(new RangeError('no ink'));
    first.callback('an ode');

    this.assertPrinted('#1 failed: RangeError: no ink');
  }
}
