import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { TestCase } from 'txtrial';
import {
  Int8StringReceiver,
  Int16StringReceiver,
  Int32StringReceiver,
  LineOnlyReceiver,
  LineReceiver,
  NetstringReceiver,
} from 'txtrial/protocols';
import { StringTransport } from 'txtrial/testing';

/** A receiver that keeps what it receives. */
interface Keeping {
  readonly received: string[];
  readonly transport: { readonly disconnecting: boolean };
  makeConnection(transport: StringTransport): void;
  dataReceived(data: Buffer): void;
}

class Lines extends LineReceiver {
  readonly received: string[] = [];
  override lineReceived(line: Buffer) {
    this.received.push(line.toString('latin1'));
  }
}

class OnlyLines extends LineOnlyReceiver {
  readonly received: string[] = [];
  override lineReceived(line: Buffer) {
    this.received.push(line.toString('latin1'));
  }
}

class Netstrings extends NetstringReceiver {
  readonly received: string[] = [];
  override stringReceived(string: Buffer) {
    this.received.push(string.toString('latin1'));
  }
}

class Int8Strings extends Int8StringReceiver {
  readonly received: string[] = [];
  override stringReceived(string: Buffer) {
    this.received.push(string.toString('latin1'));
  }
}

class Int16Strings extends Int16StringReceiver {
  readonly received: string[] = [];
  override stringReceived(string: Buffer) {
    this.received.push(string.toString('latin1'));
  }
}

class Int32Strings extends Int32StringReceiver {
  readonly received: string[] = [];
  override stringReceived(string: Buffer) {
    this.received.push(string.toString('latin1'));
  }
}

const message = fc.string({ unit: 'binary-ascii', maxLength: 200 });
const line = message.map((text) => text.replaceAll(/[\r\n]/g, ' '));

/** Cuts `data` at random places. */
function cut(data: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (data.length + 1)).sort((a, b) => a - b), data.length];
  return at.slice(1).map((end, i) => data.subarray(at[i], end));
}

export class ChunkingTests extends TestCase {
  /** What was sent is received, wherever the stream is cut. */
  check<R extends Keeping>(make: () => R, strings: fc.Arbitrary<string>, send: (receiver: R, string: string) => void) {
    fc.assert(
      fc.property(fc.array(strings, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 40 }), (sent, places) => {
        const transport = new StringTransport();
        const sender = make();
        sender.makeConnection(transport);
        for (const string of sent) send(sender, string);
        const receiver = make();
        receiver.makeConnection(new StringTransport());

        for (const piece of cut(transport.value(), places)) receiver.dataReceived(piece);

        this.assertEqual(receiver.received, sent);
        this.assertFalse(receiver.transport.disconnecting);
      }),
    );
  }

  test_lines() {
    this.check(
      () => new Lines(),
      line,
      (sender, text) => sender.sendLine(text),
    );
  }

  test_only_lines() {
    this.check(
      () => new OnlyLines(),
      line,
      (sender, text) => sender.sendLine(text),
    );
  }

  test_netstrings() {
    this.check(
      () => new Netstrings(),
      message,
      (sender, text) => sender.sendString(text),
    );
  }

  test_int8_strings() {
    this.check(
      () => new Int8Strings(),
      message,
      (sender, text) => sender.sendString(text),
    );
  }

  test_int16_strings() {
    this.check(
      () => new Int16Strings(),
      message,
      (sender, text) => sender.sendString(text),
    );
  }

  test_int32_strings() {
    this.check(
      () => new Int32Strings(),
      message,
      (sender, text) => sender.sendString(text),
    );
  }
}

const MEGABYTE = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function bytesInUse(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

export class BoundsTests extends TestCase {
  /** Feeds `piece` again and again, as a transport that does not stop would; says how many were taken before the close. */
  flood(receiver: Keeping, piece: Buffer, first = piece): number {
    receiver.makeConnection(new StringTransport());
    receiver.dataReceived(first);
    let pieces = 1;
    while (!receiver.transport.disconnecting && pieces < 100_000) {
      receiver.dataReceived(piece);
      pieces++;
    }
    const before = bytesInUse();
    const large = Buffer.alloc(32 * 1024, piece);
    for (let i = 0; i < 2000; i++) receiver.dataReceived(large);
    // What is garbage is freed a little later, so the bound is a wide one.
    this.assertLess(bytesInUse() - before, 24 * MEGABYTE, 'bytes kept of 64 megabytes');
    return pieces;
  }

  /** A peer that never ends its line is cut off. */
  test_endless_line() {
    this.assertEqual(this.flood(new Lines(), Buffer.from('x')), 16384 + 2);
    this.assertEqual(this.flood(new OnlyLines(), Buffer.from('x')), 16384 + 1);
  }

  /** So is one that begins with anything but a netstring, or with one that is too long. */
  test_no_netstring() {
    this.assertEqual(this.flood(new Netstrings(), Buffer.from('x')), 1);
    this.assertEqual(this.flood(new Netstrings(), Buffer.from('9')), 6);
    this.assertEqual(this.flood(new Netstrings(), Buffer.from('0')), 2);
    this.assertEqual(this.flood(new Netstrings(), Buffer.from('x'), Buffer.from('5:')), 7);
  }

  /** So is one that announces a string longer than the limit. */
  test_too_long_string() {
    this.assertEqual(this.flood(new Int32Strings(), Buffer.from([0xff])), 4);
    const short = new Int16Strings();
    short.MAX_LENGTH = 0x0fff;
    this.assertEqual(this.flood(short, Buffer.from([0x10])), 2);
  }

  /** Lines that nobody takes any more are not kept for ever. */
  test_lines_after_the_close() {
    class OneLine extends Lines {
      override lineReceived(line: Buffer) {
        super.lineReceived(line);
        this.transport.loseConnection();
      }
    }
    this.assertEqual(this.flood(new OneLine(), Buffer.from('line\r\n')), 1);
  }
}

export class EffortTests extends TestCase {
  /** A bufferful of short lines is a loop. */
  test_many_lines_at_once() {
    const lines = new Lines();
    lines.makeConnection(new StringTransport());

    lines.dataReceived(Buffer.from('a line\r\n'.repeat(100_000)));

    this.assertEqual(lines.received.length, 100_000);
  }

  /** It is one also when each line changes the mode, and hands the rest back. */
  test_many_changes_of_mode() {
    class Changing extends Lines {
      override lineReceived(line: Buffer) {
        super.lineReceived(line);
        this.setRawMode();
      }
      override rawDataReceived(data: Buffer) {
        this.setLineMode(data);
      }
    }
    const lines = new Changing();
    lines.makeConnection(new StringTransport());

    lines.dataReceived(Buffer.from('a\r\n'.repeat(20_000)));

    this.assertEqual(lines.received.length, 20_000);
  }

  /** It is one also when each line pauses and goes on. */
  test_many_pauses() {
    class Pausing extends Lines {
      override lineReceived(line: Buffer) {
        super.lineReceived(line);
        this.pauseProducing();
        this.resumeProducing();
      }
    }
    const lines = new Pausing();
    lines.makeConnection(new StringTransport());

    lines.dataReceived(Buffer.from('a\r\n'.repeat(100_000)));

    this.assertEqual(lines.received.length, 100_000);
  }

  /** A long message in small pieces is gone through once: twice the length costs about twice as much, not four times. */
  test_many_small_pieces() {
    const makers: [() => Keeping & { MAX_LENGTH: number }, Buffer, Buffer][] = [
      [() => new Lines(), Buffer.alloc(0), Buffer.from('\r\n')],
      [() => new OnlyLines(), Buffer.alloc(0), Buffer.from('\r\n')],
      [() => new Netstrings(), Buffer.from(`${MEGABYTE}:`), Buffer.from(',')],
      [() => new Int32Strings(), Buffer.from([0, 16, 0, 0]), Buffer.alloc(0)],
    ];
    for (const [make, head, tail] of makers) {
      const receiver = make();
      // One more, as half a delimiter counts in a LineOnlyReceiver.
      receiver.MAX_LENGTH = MEGABYTE + 1;
      receiver.makeConnection(new StringTransport());
      const message = Buffer.concat([head, Buffer.alloc(MEGABYTE, 'x'), tail]);

      // A million pieces: were each to go through all that came before, it would take many minutes.
      for (let at = 0; at < message.length; at++) receiver.dataReceived(message.subarray(at, at + 1));

      this.assertEqual(receiver.received.length, 1);
      this.assertEqual(receiver.received[0]?.length, MEGABYTE);
    }
  }
}
