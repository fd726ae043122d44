import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TestCase } from 'txtrial';
import { writeLogOfDead } from '../../../src/trial/temp/log_of_dead.js';

const AT = '2026-11-21 10:00:00+0000';

export class LogOfDeadTests extends TestCase {
  #directory = '';

  override setUp(): void {
    this.#directory = resolve(this.mktemp());
    mkdirSync(this.#directory);
  }

  #logOf(id: string, text: string): string | undefined {
    const log = resolve(this.#directory, 'test.log');
    writeFileSync(log, text);
    const path = writeLogOfDead(this.#directory, log, id);
    return path === undefined ? undefined : readFileSync(path, 'utf8');
  }

  test_what_the_test_has_written_since_it_began_last(): void {
    const text = [
      `${AT} [-] --> m.C.test_a <--`,
      `${AT} [stdout] of an earlier pass`,
      `${AT} [-] --> m.C.test_b <--`,
      `${AT} [stdout] of another test`,
      `${AT} [-] --> m.C.test_a <--`,
      `${AT} [stdout] one`,
      '\ttwo',
      `${AT} [stderr of m.C.test_b] late`,
      '\tand more',
      `${AT} [Poem] three`,
      `${AT} [stdout] half a li`,
    ].join('\n');

    const written = `${AT} [stdout] one\n\ttwo\n${AT} [Poem] three\n${AT} [stdout] half a li\n`;
    this.assertEqual(this.#logOf('m.C.test_a', text), written);
  }

  test_nothing(): void {
    this.assertEqual(this.#logOf('m.C.test_a', `${AT} [-] --> m.C.test_a <--\n`), undefined);
    this.assertEqual(writeLogOfDead(this.#directory, resolve(this.#directory, 'no.log'), 'm.C.test_a'), undefined);
    this.assertFalse(existsSync(resolve(this.#directory, '_trial_logs')));
  }

  test_of_very_much_the_end(): void {
    const line = `${AT} [stdout] ${'x'.repeat(1000)}\n`;

    const written = this.#logOf('m.C.test_a', `${AT} [-] --> m.C.test_a <--\n${line.repeat(2000)}`) ?? '';

    this.assertTrue(line.repeat(1000).endsWith(written.slice(-1000)));
    this.assertRegex(written, /^2026-.*\n/);
    this.assertGreater(written.length, 1_000_000);
  }
}
