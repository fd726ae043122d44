import { TestCase } from 'txtrial';
import { Int8StringReceiver, Int16StringReceiver, Int32StringReceiver, StringTooLongError } from 'txtrial/protocols';
import { StringTransport } from 'txtrial/testing';

class Strings extends Int8StringReceiver {
  readonly received: string[] = [];
  override stringReceived(string: Buffer) {
    this.received.push(string.toString());
  }
}

export class IntStringReceiverTests extends TestCase {
  /** What is received while a string is dealt with waits for its turn. */
  test_one_string_at_a_time() {
    const steps: string[] = [];
    class Nested extends Int8StringReceiver {
      override stringReceived(string: Buffer) {
        steps.push(`begin ${string}`);
        if (String(string) === 'a') this.dataReceived(Buffer.from('\x01b'));
        steps.push(`end ${string}`);
      }
    }
    const receiver = new Nested();
    receiver.makeConnection(new StringTransport());

    receiver.dataReceived(Buffer.from('\x01a'));

    this.assertEqual(steps, ['begin a', 'end a', 'begin b', 'end b']);
  }

  test_the_length_stands_in_front() {
    const expected = [
      [new Int8StringReceiver(), '\x02ab'],
      [new Int16StringReceiver(), '\0\x02ab'],
      [new Int32StringReceiver(), '\0\0\0\x02ab'],
    ] as const;
    for (const [sender, sent] of expected) {
      const transport = new StringTransport();
      sender.makeConnection(transport);

      sender.sendString('ab');

      this.assertEqual(transport.value().toString(), sent);
    }
  }

  test_a_length_that_cannot_be_told_is_refused() {
    const transport = new StringTransport();
    const sender = new Int8StringReceiver();
    sender.makeConnection(transport);

    sender.sendString(Buffer.alloc(255));
    this.assertRaises(StringTooLongError, () => sender.sendString(Buffer.alloc(256)));

    this.assertEqual(transport.value().length, 256);
  }

  test_pauses_between_two_strings() {
    class Pausing extends Strings {
      override stringReceived(string: Buffer) {
        super.stringReceived(string);
        this.pauseProducing();
      }
    }
    const receiver = new Pausing();
    receiver.makeConnection(new StringTransport());

    receiver.dataReceived(Buffer.from('\x01a\x01b'));
    this.assertEqual(receiver.received, ['a']);

    receiver.resumeProducing();
    this.assertEqual(receiver.received, ['a', 'b']);
  }

  /** Also when the limit is no reason to close: nothing is received a second time. */
  test_strings_before_one_that_is_too_long_come_once() {
    const lengths: number[] = [];
    class Patient extends Strings {
      override MAX_LENGTH = 3;
      override lengthLimitExceeded(length: number) {
        lengths.push(length);
      }
    }
    const receiver = new Patient();
    receiver.makeConnection(new StringTransport());

    receiver.dataReceived(Buffer.from('\x01a\x09'));
    receiver.dataReceived(Buffer.from('too long'));

    this.assertEqual(receiver.received, ['a']);
    this.assertEqual(lengths, [9, 9]);
    this.assertFalse(receiver.transport.disconnecting);
  }

  test_says_what_is_not_overridden() {
    const receiver = new Int8StringReceiver();
    receiver.makeConnection(new StringTransport());

    this.assertRaisesRegex(Error, /^Int8StringReceiver has no stringReceived/, () =>
      receiver.dataReceived(Buffer.from('\x01a')),
    );
  }
}
