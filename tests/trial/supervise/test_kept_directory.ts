import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TestCase } from 'txtrial';
import { KeptDirectory } from '../../../src/trial/supervise/kept_directory.js';

const STAMP = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4}`;

export class NoteTests extends TestCase {
  /** The log after two notes, of which the first begins where the process has stopped. */
  #logAfter(before: string): string {
    const path = resolve(this.mktemp());
    const log = `${path}/test.log`;
    mkdirSync(path);
    writeFileSync(log, before);
    const directory = new KeptDirectory();
    directory.taken({ type: 'directory', path, log });

    this.assertEqual(directory.note('error in m.C.test_x', 'It died.\nAt once.'), undefined);
    this.assertEqual(directory.note('trial', 'That is all.'), undefined);

    return readFileSync(log, 'utf8');
  }

  test_each_begins_a_line_also_after_half_a_one(): void {
    const notes = `${STAMP} \\[-\\] error in m\\.C\\.test_x\n\tIt died\\.\n\tAt once\\.\n${STAMP} \\[-\\] trial\n\tThat is all\\.\n`;

    this.assertRegex(this.#logAfter(''), new RegExp(`^${notes}$`));
    this.assertRegex(this.#logAfter('one line\n'), new RegExp(`^one line\n${notes}$`));
    this.assertRegex(this.#logAfter('half a line, in ü'), new RegExp(`^half a line, in ü\n${notes}$`));
  }

  test_what_cannot_be_written_is_said(): void {
    const path = resolve(this.mktemp());
    const directory = new KeptDirectory();
    directory.taken({ type: 'directory', path, log: `${path}/test.log` });

    this.assertRegex(directory.note('trial', 'text') ?? '', /^Cannot write .*test\.log: ENOENT/);
  }
}
