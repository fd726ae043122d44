import { TestCase } from 'txtrial';
import { Failure } from 'txtrial/internet';
import { addObserver, callWithContext, err, type LogEvent, type LogObserver, msg, removeObserver } from 'txtrial/log';

export class PublisherTests extends TestCase {
  readonly #events: LogEvent[] = [];

  override setUp(): void {
    this.#observe((event) => this.#events.push(event));
  }

  test_a_message_is_its_parts_with_spaces(): void {
    const before = Date.now() / 1000;

    msg('port', 8000, { open: true });

    const [event] = this.#events;
    this.assertEqual(
      [event?.message, event?.isError, event?.system, event?.failure],
      ['port 8000 { open: true }', false, '-', undefined],
    );
    this.assertApproximates(event?.time ?? 0, before, 10);
  }

  test_an_error_is_logged_as_a_failure_with_what_was_being_done(): void {
    const error = new RangeError('no shelf');

    err(error, 'while reading');
    err(new Failure(error));

    this.assertEqual(
      this.#events.map(({ message, isError, why, failure }) => [message, isError, why, failure?.value]),
      [
        ['while reading no shelf', true, 'while reading', error],
        ['no shelf', true, undefined, error],
      ],
    );
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 2);
  }

  test_a_text_is_an_error_without_a_failure(): void {
    err('only text');

    this.assertEqual(
      this.#events.map(({ message, isError, failure }) => [message, isError, failure]),
      [['only text', true, undefined]],
    );
  }

  test_a_context_holds_for_what_is_logged_inside_it(): void {
    callWithContext({ system: 'outer', port: 1 }, () => {
      callWithContext({ system: 'inner' }, msg, 'a');
      msg('b');
    });
    msg('c');

    this.assertEqual(
      this.#events.map(({ message, system, port }) => [message, system, port]),
      [
        ['a', 'inner', 1],
        ['b', 'outer', 1],
        ['c', '-', undefined],
      ],
    );
  }

  test_a_context_ends_when_the_call_throws(): void {
    this.assertRaises(SyntaxError, () => callWithContext({ system: 'parser' }, JSON.parse, '{'));
    msg('after');

    this.assertEqual(this.#events[0]?.system, '-');
  }

  test_an_observer_that_throws_breaks_nothing_and_is_reported(): void {
    const later: string[] = [];
    this.#observe(function clumsy() {
      throw new RangeError('dropped it');
    });
    this.#observe((event) => later.push(event.message));

    msg('hello');

    this.assertEqual(later, ['hello', 'Log observer clumsy threw: dropped it']);
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
  }

  test_an_observer_that_was_added_twice_is_called_twice_and_removed_once_at_a_time(): void {
    const heard: string[] = [];
    const observer = (event: LogEvent) => heard.push(event.message);
    addObserver(observer);
    addObserver(observer);
    this.addCleanup(removeObserver, observer);

    msg('twice');
    removeObserver(observer);
    msg('once');

    this.assertEqual(heard, ['twice', 'twice', 'once']);
  }

  test_an_observer_that_was_removed_hears_nothing(): void {
    const heard: LogEvent[] = [];
    const observer: LogObserver = (event) => heard.push(event);
    addObserver(observer);
    removeObserver(observer);

    msg('unheard');

    this.assertEqual(heard, []);
  }

  #observe(observer: LogObserver): void {
    addObserver(observer);
    this.addCleanup(removeObserver, observer);
  }
}
