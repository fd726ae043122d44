import { mkdirSync, writeFileSync } from 'node:fs';
import { TestCase } from 'txtrial';
import { runningInLog } from '../../../src/trial/temp/last_run.js';

const STAMP = '2026-11-20 20:57:14+0000';

export class RunningInLogTests extends TestCase {
  #running(...lines: readonly string[]): string | undefined {
    const path = this.mktemp();
    writeFileSync(path, lines.map((line) => `${STAMP} ${line}\n`).join(''));
    return runningInLog(path);
  }

  test_the_last_test_that_was_begun(): void {
    this.assertEqual(
      this.#running('[-] Log opened.', '[-] --> m.C.test_a <--', '[-] --> m.C.test_b <--'),
      'm.C.test_b',
    );
  }

  test_what_came_after_it_does_not_matter(): void {
    const far = Array.from({ length: 10_000 }, (_, i) => `[server] line ${i}`);
    this.assertEqual(this.#running('[-] --> m.C.test_a <--', ...far), 'm.C.test_a');
  }

  test_it_is_found_wherever_it_lies(): void {
    for (let fill = 0; fill < 150; fill++) {
      const text = 'x'.repeat(64 * 1024 - 100 + fill);
      this.assertEqual(this.#running('[-] --> m.C.test_a <--', `[-] ${text}`), 'm.C.test_a', `after ${text.length}`);
    }
  }

  test_none_if_all_have_run(): void {
    this.assertEqual(this.#running('[-] --> m.C.test_a <--', '[-] All tests have run.', '[x] bye'), undefined);
  }

  test_none_before_the_first(): void {
    this.assertEqual(this.#running('[-] Log opened.'), undefined);
    this.assertEqual(this.#running(), undefined);
  }

  test_what_a_test_has_logged_is_no_mark(): void {
    this.assertEqual(this.#running('[-] --> m.C.test_a <--', '[mine] --> m.C.test_z <--'), 'm.C.test_a');
  }

  test_without_a_log(): void {
    this.assertEqual(runningInLog(this.mktemp()), undefined);
    const directory = this.mktemp();
    mkdirSync(directory);
    this.assertEqual(runningInLog(directory), undefined);
  }
}
