import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { TestCase } from 'txtrial';
import { TestLog } from '../../../src/trial/temp/test_log.js';
import { UsageError } from '../../../src/trial/usage_error.js';

const STAMP = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4}`;

export class TestLogTests extends TestCase {
  #directory = '';

  override setUp(): void {
    this.#directory = `${process.cwd()}/${this.mktemp()}`;
    mkdirSync(this.#directory);
    // Longer than the log holds lines back: its timer is over by then.
    this.addCleanup(() => new Promise((resolve) => setTimeout(resolve, 10)));
  }

  #open(name = 'test.log'): TestLog {
    const log = new TestLog(this.#directory, name, (error) => this.fail(error.message));
    this.addCleanup(() => log.close());
    return log;
  }

  test_lines(): void {
    const log = this.#open();

    log.event({ type: 'testStarted', id: 'm.C.test_x', file: '/x.ts', startedAt: 86400 * 365 });
    log.observe({ time: 86400 * 365 + 0.5, system: 'server', message: 'one\ntwo', isError: false });
    log.event({
      type: 'testFinished',
      id: 'm.C.test_x',
      file: '/x.ts',
      duration: 0,
      outcomes: [
        { kind: 'failure', errorName: 'FailTest', message: 'no', stack: 'FailTest: no\n    at f (/x.ts:1:2)' },
        { kind: 'error', errorName: 'Error', message: 'told by the test itself', cause: 'logged' },
        { kind: 'skip', reason: 'why' },
      ],
    });
    log.flush();

    const expected = [
      `${STAMP} \\[-\\] Log opened\\.`,
      '19(?:70-12-31|71-01-0[12]) .*\\[-\\] --> m\\.C\\.test_x <--',
      '19(?:70-12-31|71-01-0[12]) .*\\[server\\] one',
      '\ttwo',
      `${STAMP} \\[-\\] failure in m\\.C\\.test_x`,
      '\tFailTest: no',
      '\t    at f \\(/x\\.ts:1:2\\)',
    ];
    this.assertRegex(readFileSync(log.path, 'utf8'), new RegExp(`^${expected.join('\n')}\n$`));
  }

  test_it_goes_on_in_a_line_of_its_own_where_another_process_has_died(): void {
    const path = `${this.#directory}/test.log`;
    writeFileSync(path, 'half a line');

    const log = new TestLog(this.#directory, 'test.log', (error) => this.fail(error.message), true);
    this.addCleanup(() => log.close());

    this.assertRegex(readFileSync(path, 'utf8'), new RegExp(`^half a line\n${STAMP} \\[-\\] Log opened again\\.\n$`));
  }

  test_it_is_there_at_once(): void {
    const { path } = this.#open();

    this.assertRegex(readFileSync(path, 'utf8'), /Log opened/);
  }

  test_it_stays_inside_of_the_directory(): void {
    this.assertTrue(existsSync(this.#open('logs/deep/x.log').path));
    for (const name of ['../x.log', '/x.log', '.', 'logs']) {
      this.assertRaises(UsageError, () => this.#open(name));
    }
  }
}
