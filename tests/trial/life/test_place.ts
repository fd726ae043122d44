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
}
