import { TestCase } from 'txtrial';
import type { TestEvent } from 'txtrial/reporter';
import createJsonReporter from '../../../src/trial/reporters/json.js';
import { error, printed, run, test } from './recorded.js';

export class JsonTests extends TestCase {
  test_one_event_a_line(): void {
    const events = run(test('m.C.test_x', error('line\nfeed \u2028 "quoted"')));

    const lines = printed(createJsonReporter, events).split('\n');

    this.assertEqual(lines.pop(), '');
    this.assertEqual(
      lines.map((line) => JSON.parse(line) as TestEvent),
      events,
    );
  }

  test_what_is_printed_before_the_run_comes_after_its_start(): void {
    const early: TestEvent = { type: 'output', stream: 'stdout', text: 'early' };
    const [first, ...rest] = run();

    const lines = printed(createJsonReporter, [early, ...(first ? [first] : []), ...rest]).split('\n');

    this.assertEqual(JSON.parse(lines[0] ?? ''), first);
    this.assertEqual(JSON.parse(lines[1] ?? ''), early);
    this.assertEqual(JSON.parse(printed(createJsonReporter, [early])), early);
  }
}
