import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { TestCase } from 'txtrial';
import { watchDescriptors } from '../../../src/trial/output/descriptor_writes.js';
import { runProject } from '../../support/project.js';

export class DescriptorWritesTests extends TestCase {
  #written: string[] = [];

  override setUp(): void {
    this.#written = [];
    const watched = (fd: 1 | 2, name: string) => ({
      fd,
      takes: () => true,
      passing: () => this.fail('nothing passes'),
      printed: (data: Uint8Array) => void this.#written.push(name + Buffer.from(data).toString()),
    });
    this.addCleanup(watchDescriptors(watched(1, 'out: '), watched(2, 'err: ')));
  }

  test_both_descriptors(): void {
    this.assertEqual(fs.writeSync(1, 'né', null, 'latin1'), 2);
    this.assertEqual(fs.writeSync(2, Buffer.from('abcdef'), 1, 2), 2);
    this.assertEqual(fs.writevSync(1, [Buffer.from('a'), new Uint16Array([0x6362])]), 3);

    this.assertEqual(this.#written, ['out: n\ufffd', 'err: bc', 'out: abc']);
  }

  /** sonic-boom, with which pino writes, gives the encoding where the place in the file belongs. */
  async test_what_node_takes_for_no_place_in_the_file(): Promise<void> {
    const writeSync = fs.writeSync as (...args: unknown[]) => number;
    const write = promisify(fs.write as (fd: number, data: string, place: unknown, callback: () => void) => void);

    this.assertEqual(writeSync(1, 'né', 'utf8'), 3);
    this.assertEqual(writeSync(1, 'a', -1), 1);
    this.assertEqual(writeSync(1, Buffer.from('bcd'), 1, 1, 'utf8'), 1);
    await write(1, 'ë', 'utf8');

    this.assertEqual(this.#written, ['out: né', 'out: a', 'out: c', 'out: ë']);
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

  async test_whole_files(): Promise<void> {
    fs.writeFileSync(1, 'né', 'latin1');
    fs.appendFileSync(2, Buffer.from('b'));
    fs.writeFileSync('/dev/stdout', 'c', { encoding: 'utf8', flag: 'a' });
    fs.appendFileSync(new URL('file:///proc/self/fd/2'), 'd');
    await new Promise((done) => fs.writeFile(2, 'e', done));
    await promisify(fs.appendFile)('/dev/fd/1', 'f', 'utf8');
    await fs.promises.writeFile('/dev/stderr', 'g');
    await fs.promises.appendFile('/dev/stdout', new Uint8Array([0x68]));

    const written = ['out: n\ufffd', 'err: b', 'out: c', 'err: d', 'err: e', 'out: f', 'err: g', 'out: h'];
    this.assertEqual(this.#written, written);
  }

  async test_what_is_opened_by_other_names() {
    if (process.platform === 'win32') this.skipTest('there are no such names');
    // What the tests are run with may be a socket, which cannot be opened.
    const opens = (path: string) => {
      try {
        fs.closeSync(fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_APPEND));
        return true;
      } catch {
        return false;
      }
    };
    if (!opens('/dev/stdout') || !opens('/dev/stderr')) this.skipTest('stdout or stderr cannot be opened here');

    const fd = fs.openSync('/dev/stdout', 'w');
    fs.writeSync(fd, 'a');
    fs.closeSync(fd);
    const file = this.mktemp();
    const other = fs.openSync(file, 'w');
    fs.writeSync(other, 'not ours');
    fs.closeSync(other);
    const stream = fs.createWriteStream('/proc/self/fd/2', { flags: 'a' });
    await new Promise<void>((done) => stream.end('b', done));
    fs.closeSync(fs.openSync('/dev/stdout', 'r'));
    const handle = await fs.promises.open('/dev/stdout', 'w');
    const text = Buffer.from('c');
    this.assertEqual(await handle.write(text), { bytesWritten: 1, buffer: text });
    await handle.write('d', null, 'latin1');
    this.assertEqual((await handle.writev([text, text])).bytesWritten, 2);
    await handle.writeFile('e');
    await handle.appendFile('f');
    await new Promise<void>((done) => handle.createWriteStream().end('g', done));
    await this.assertFailure(handle.write('h'), Error);

    const written = ['out: a', 'err: b', 'out: c', 'out: d', 'out: cc', 'out: e', 'out: f', 'out: g'];
    this.assertEqual(this.#written, written);
    this.assertEqual(fs.readFileSync(file, 'utf8'), 'not ours');
  }

  test_mistakes_are_for_node_to_tell(): void {
    this.assertRaises(RangeError, () => fs.writeSync(1, Buffer.from('a'), 2));
    this.assertRaises(TypeError, () => fs.writeSync(1, {} as never));
    this.assertRaises(TypeError, () => fs.write(1, 'a', undefined as never));
    this.assertRaises(TypeError, () => fs.writeFileSync(1, {} as never));
    this.assertRaises(TypeError, () => fs.appendFileSync(1, 'a', 'no encoding' as never));
    this.assertRaises(TypeError, () => fs.writeFile(1, 'a', undefined as never));

    this.assertEqual(this.#written, []);
  }
}

export class UnreadTests extends TestCase {
  /** `trial | head` makes no test fail. */
  async test_what_nobody_reads_any_more_is_written_all_the_same(): Promise<void> {
    if (process.platform === 'win32') this.skipTest('there are no such pipes');
    const path = this.mktemp();
    execFileSync('mkfifo', [path]);
    const reader = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const fd = fs.openSync(path, 'w');
    this.addCleanup(() => fs.closeSync(fd));
    fs.closeSync(reader);
    this.assertRaises(Error, () => fs.writeSync(fd, 'x'));
    const written: string[] = [];
    const watched = {
      fd: fd as 2,
      takes: () => false,
      passing: () => {},
      printed: (data: Uint8Array) => void written.push(Buffer.from(data).toString()),
    };
    this.addCleanup(watchDescriptors(watched, watched));

    this.assertEqual(fs.writeSync(2, 'ab'), 2);
    this.assertEqual((await promisify(fs.write)(2, Buffer.from('cd'))).bytesWritten, 2);
    fs.writeFileSync(2, 'ef');
    await fs.promises.writeFile('/dev/stderr', 'gh');

    this.assertEqual(written, ['ab', 'cd', 'ef', 'gh']);
  }
}

export class ClosedDescriptorTests extends TestCase {
  async test_the_report_is_whole_when_a_test_closes_the_descriptors_of_the_process() {
    const source = `import fs from 'node:fs';
      import { once } from 'node:events';
      export class SampleTests extends TestCase {
        test_a_sync() { for (const fd of [0, 1, 2]) fs.closeSync(fd); }
        async test_b_callback() { for (const fd of [0, 1, 2]) await new Promise((done) => fs.close(fd, done)); }
        async test_c_stream() { await once(fs.createWriteStream('', { fd: 1 }).end(), 'close'); }
        test_d() {}
      }`;

    const { outcomes, status, stderr } = await runProject(this, source);

    this.assertEqual(Object.values(outcomes).flat(), ['success', 'success', 'success', 'success']);
    this.assertEqual([status, stderr], [0, '']);
  }
}
