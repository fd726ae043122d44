import fs from 'node:fs';
import { promisify } from 'node:util';
import { TestCase } from 'txtrial';
import { watchDescriptors } from '../../../src/trial/output/descriptor_writes.js';

export class DescriptorWritesTests extends TestCase {
  #written: string[] = [];

  override setUp(): void {
    this.#written = [];
    const watched = (name: string) => ({
      takes: () => true,
      passing: () => this.fail('nothing passes'),
      printed: (data: Uint8Array) => void this.#written.push(name + Buffer.from(data).toString()),
    });
    this.addCleanup(watchDescriptors(watched('out: '), watched('err: ')));
  }

  test_both_descriptors(): void {
    this.assertEqual(fs.writeSync(1, 'né', null, 'latin1'), 2);
    this.assertEqual(fs.writeSync(2, Buffer.from('abcdef'), 1, 2), 2);
    this.assertEqual(fs.writevSync(1, [Buffer.from('a'), new Uint16Array([0x6362])]), 3);

    this.assertEqual(this.#written, ['out: n\ufffd', 'err: bc', 'out: abc']);
  }

  test_other_descriptors_are_left_alone(): void {
    const file = this.mktemp();
    const fd = fs.openSync(file, 'w');
    fs.writeSync(fd, 'text');
    fs.closeSync(fd);

    this.assertEqual(fs.readFileSync(file, 'utf8'), 'text');
    this.assertEqual(this.#written, []);
  }

  async test_callbacks_come_later(): Promise<void> {
    let isLater = false;
    const called = new Promise((resolve) => {
      fs.write(1, 'one', (error, count) => resolve([error, count, isLater]));
    });
    isLater = true;

    this.assertEqual(await called, [null, 3, true]);
    this.assertEqual((await promisify(fs.write)(1, Buffer.from('two'), 1, 2)).bytesWritten, 2);
    this.assertEqual(this.#written, ['out: one', 'out: wo']);
  }

  test_mistakes_are_for_node_to_tell(): void {
    this.assertRaises(RangeError, () => fs.writeSync(1, Buffer.from('a'), 2));
    this.assertRaises(TypeError, () => fs.writeSync(1, {} as never));
    this.assertRaises(TypeError, () => fs.write(1, 'a', undefined as never));

    this.assertEqual(this.#written, []);
  }
}
