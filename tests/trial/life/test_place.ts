import { TestCase } from 'txtrial';
import { runProject } from '../../support/project.js';

const SOURCE = `interface Lost { nothing: string }
export class PlaceTests extends TestCase {
  static timeout = 0.01;
  test_timeout() { return new Promise((done) => setTimeout(done, 10_000).unref()); }
  test_nothing_left() { return new Deferred(); }
  *test_generator() { yield 1; }
  test_field = () => {};
}
export class SetUpTests extends TestCase {
  override setUp() { return new Deferred(); }
  test_set_up() {}
}
`;

export class PlaceTests extends TestCase {
  async test_errors_of_the_runners_own_say_where_the_test_is_written() {
    const { events } = await runProject(this, SOURCE, '--no-chdir');

    const places: string[] = [];
    for (const event of events) {
      if (event.type !== 'testFinished') continue;
      const [, name, file, line] = /\n {4}at (\S+) \((.+):(\d+)\)$/.exec(event.outcomes[0]?.stack ?? '') ?? [];
      places.push(`${event.outcomes[0]?.errorName} ${name} ${file === event.file} ${Number(line) === event.line}`);
    }
    this.assertEqual(places, [
      'TypeError PlaceTests.test_field true true',
      'TypeError PlaceTests.test_generator true true',
      'TimeoutError PlaceTests.test_nothing_left true true',
      'TimeoutError PlaceTests.test_timeout true true',
      'TimeoutError SetUpTests.test_set_up true true',
    ]);
  }

  async test_an_error_after_an_await_has_all_the_lines_that_wait_for_it() {
    const { events } = await runProject(
      this,
      `async function inner() { await null; throw new Error('x'); }
      async function outer() { await inner(); }
      export class SampleTests extends TestCase {
        async test_a() { await outer(); }
        async test_b() { await new Promise((done) => setTimeout(done, 1)); }
        // Begins in the callback that test_b ends in.
        async test_c() { await outer(); }
      }`,
    );

    const stacks = events.flatMap((event) =>
      event.type === 'testFinished' ? event.outcomes.map(({ stack }) => stack ?? '') : [],
    );
    const names = stacks.join().match(/(?<=\n {4}at )(?:async )?\S+/g);
    const waiting = ['inner', 'async outer'];
    this.assertEqual(names, [...waiting, 'async SampleTests.test_a', ...waiting, 'async SampleTests.test_c']);
  }
}
