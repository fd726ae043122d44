import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { TestCase } from 'txtrial';
import { Lock } from '../../../src/trial/temp/lock.js';

export class LockTests extends TestCase {
  #path = '';

  override setUp(): void {
    this.#path = this.mktemp();
  }

  test_only_one_has_it(): void {
    const lock = Lock.take(this.#path);

    this.assertNotIdentical(lock, undefined);
    this.assertIdentical(Lock.take(this.#path), undefined);
    lock?.release();
    this.assertFalse(existsSync(this.#path));
    this.assertNotIdentical(Lock.take(this.#path), undefined);
  }

  test_a_dead_owner_does_not_keep_it(): void {
    writeFileSync(this.#path, '999999999 1\n');

    this.assertNotIdentical(Lock.take(this.#path), undefined);
    this.assertEqual(readFileSync(this.#path, 'utf8').split(' ')[0], String(process.pid));
  }

  test_a_living_process_that_has_got_the_pid_of_a_dead_owner(): void {
    if (process.platform !== 'linux') this.skipTest('Only Linux says when a process was started.');
    writeFileSync(this.#path, `${process.pid} 1\n`);

    this.assertNotIdentical(Lock.take(this.#path), undefined);
  }

  test_an_owner_that_has_not_written_its_name_yet_keeps_it(): void {
    writeFileSync(this.#path, '');
    this.assertIdentical(Lock.take(this.#path), undefined);

    utimesSync(this.#path, 1, 1);
    this.assertNotIdentical(Lock.take(this.#path), undefined);
  }

  test_a_takeover_that_was_never_finished(): void {
    writeFileSync(this.#path, '999999999 1\n');
    mkdirSync(`${this.#path}.takeover`);
    utimesSync(`${this.#path}.takeover`, 1, 1);

    this.assertNotIdentical(Lock.take(this.#path), undefined);
  }

  test_another_ones_is_not_released(): void {
    const lock = Lock.take(this.#path);
    writeFileSync(this.#path, '1 1\n');

    lock?.release();

    this.assertTrue(existsSync(this.#path));
  }
}
