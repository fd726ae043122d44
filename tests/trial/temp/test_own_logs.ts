import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { TestCase } from 'txtrial';
import { OwnLogs } from '../../../src/trial/temp/own_logs.js';

export class OwnLogsTests extends TestCase {
  #directory = '';
  #logs = new OwnLogs('', () => undefined);

  override setUp(): void {
    this.#directory = `${process.cwd()}/${this.mktemp()}`;
    this.#logs = new OwnLogs(this.#directory, (error) => this.fail(error.message));
  }

  #write(id: string, text: string): void {
    this.#logs.add(id, (own) => own.entry('head', text));
  }

  #read(id: string): string {
    const path = this.#logs.pathOf(id);
    this.assertNotNull(path ?? null);
    return readFileSync(path ?? '', 'utf8');
  }

  test_a_test_that_passes_has_no_file(): void {
    this.#write('m.C.test_x', 'one');
    this.#logs.passed('m.C.test_x');
    this.#logs.flush();

    this.assertEqual(this.#logs.pathOf('m.C.test_x'), undefined);
    this.assertFalse(existsSync(this.#directory));
  }

  test_a_test_that_fails_after_it_passed_has_all(): void {
    this.#write('m.C.test_x', 'one');
    this.#logs.passed('m.C.test_x');
    this.#write('m.C.test_x', 'two');
    this.#logs.failed('m.C.test_x');
    this.#write('m.C.test_x', 'three');

    this.assertEqual(this.#read('m.C.test_x'), 'head one\nhead two\nhead three\n');
  }

  test_a_test_that_writes_only_when_it_has_failed_has_a_file_at_once(): void {
    this.#logs.failed('m.C.test_x');
    this.assertTrue(this.#logs.isLate('m.C.test_x'));
    this.#write('m.C.test_x', 'one');
    this.#write('m.C.test_x', 'two');
    this.#write('m.C.test_y', 'other');

    this.assertEqual(this.#read('m.C.test_x'), 'head one\nhead two\n');
    this.assertFalse(this.#logs.isLate('m.C.test_y'));
    this.#logs.begin('m.C.test_x');
    this.assertFalse(this.#logs.isLate('m.C.test_x'));
  }

  test_a_test_that_is_not_over_is_written(): void {
    this.#write('m.C.test_x', 'one');
    this.#logs.flush();

    this.assertEqual(this.#read('m.C.test_x'), 'head one\n');
  }

  test_each_pass_begins_afresh(): void {
    for (const text of ['one', 'two']) {
      this.#logs.begin('m.C.test_x');
      this.#write('m.C.test_x', text);
      this.#logs.failed('m.C.test_x');
    }

    this.assertEqual(this.#read('m.C.test_x'), 'head two\n');
    this.assertEqual(readdirSync(this.#directory), ['m.C.test_x.log']);
  }

  test_a_file_each_also_for_names_that_no_file_may_have(): void {
    const ids = ['m.C.test_x', 'm.C.test_X', 'm.C.a/b', 'm.C.a_b', `m.C.${'é'.repeat(300)}`, `m.C.${'é'.repeat(301)}`];
    for (const id of ids) {
      this.#write(id, id);
      this.#logs.failed(id);
    }

    for (const id of ids) this.assertEqual(this.#read(id), `head ${id}\n`);
    this.assertEqual(readdirSync(this.#directory).length, ids.length);
  }

  test_what_passed_long_ago_is_forgotten(): void {
    const megabyte = 'x'.repeat(1000 * 1000);
    for (let i = 0; i < 6; i++) {
      this.#write(`m.C.test_${i}`, megabyte);
      this.#logs.passed(`m.C.test_${i}`);
    }
    this.#write('m.C.test_0', 'late');
    this.#logs.failed('m.C.test_0');
    this.#logs.failed('m.C.test_5');

    this.assertRegex(this.#read('m.C.test_0'), /^\[-\] What this test wrote before .*\nhead late\n$/);
    this.assertEqual(this.#read('m.C.test_5'), `head ${megabyte}\n`);
  }

  test_very_much_is_written_at_once(): void {
    this.#write('m.C.test_x', 'x'.repeat(2 ** 20));
    this.#logs.passed('m.C.test_x');

    this.assertEqual(this.#read('m.C.test_x').length, 2 ** 20 + 'head \n'.length);
  }

  test_a_test_may_remove_the_folder(): void {
    this.#write('m.C.test_x', 'one');
    this.#logs.failed('m.C.test_x');
    rmSync(this.#directory, { recursive: true });
    this.#write('m.C.test_x', 'two');

    this.assertEqual(this.#read('m.C.test_x'), 'head two\n');
  }

  test_a_folder_that_cannot_be_made_is_told_once(): void {
    const errors: (string | undefined)[] = [];
    writeFileSync(this.#directory, '');
    this.#logs = new OwnLogs(`${this.#directory}/logs`, ({ code }) => errors.push(code));
    for (const id of ['m.C.test_x', 'm.C.test_y']) {
      this.#write(id, 'one');
      this.#logs.failed(id);
    }

    this.assertEqual(errors, ['ENOTDIR']);
    this.assertEqual(this.#logs.pathOf('m.C.test_x'), undefined);
  }
}
