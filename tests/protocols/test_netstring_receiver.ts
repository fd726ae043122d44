import { TestCase } from 'txtrial';
import { NetstringReceiver } from 'txtrial/protocols';
import { StringTransport } from 'txtrial/testing';

class Strings extends NetstringReceiver {
  readonly received: string[] = [];
  override stringReceived(string: Buffer) {
    this.received.push(string.toString());
  }
}

function connected() {
  const receiver = new Strings();
  const transport = new StringTransport();
  receiver.makeConnection(transport);
  return { receiver, transport };
}

export class NetstringReceiverTests extends TestCase {
  /** Half a length at the end of what has come is not made longer by what once stood behind it. */
  test_reads_no_bytes_of_earlier_times() {
    const { receiver } = connected();
    receiver.MAX_LENGTH = 300;
    const nines = '9'.repeat(230);

    // The last piece does not fit behind the others: the rest is moved to the front, and old nines stand behind it.
    for (const piece of ['230:9', `${nines.slice(1)},1`, '0:xxxxxxxxxx,7:yyyyyyy,31', `:${'e'.repeat(31)},`]) {
      receiver.dataReceived(Buffer.from(piece));
    }

    this.assertEqual(receiver.received, [nines, 'xxxxxxxxxx', 'yyyyyyy', 'e'.repeat(31)]);
  }

  /** What the last connection left half said is none of the next one's. */
  test_begins_anew_with_each_connection() {
    const { receiver } = connected();
    receiver.dataReceived(Buffer.from('5:ab'));

    receiver.makeConnection(new StringTransport());
    receiver.dataReceived(Buffer.from('3:abc,'));

    this.assertEqual(receiver.received, ['abc']);
  }

  test_sends_bytes_not_characters() {
    const { receiver, transport } = connected();

    receiver.sendString('Zürich');
    receiver.sendString('');

    this.assertEqual(transport.value().toString(), '7:Zürich,0:,');
  }

  test_what_is_no_netstring_closes() {
    for (const wrong of ['x', '-1:', '01:a,', '1 :a,', ':', '1:ab', '1:a;', '100000:']) {
      const { receiver, transport } = connected();

      receiver.dataReceived(Buffer.from(`2:ok,${wrong}`));
      receiver.dataReceived(Buffer.from('2:no,'));

      this.assertEqual(receiver.received, ['ok'], wrong);
      this.assertTrue(receiver.brokenPeer && transport.disconnecting, wrong);
    }
  }

  test_the_longest_string_is_received() {
    const { receiver, transport } = connected();

    receiver.dataReceived(Buffer.from(`99999:${'x'.repeat(99999)},`));

    this.assertEqual(receiver.received[0]?.length, 99999);
    this.assertFalse(transport.disconnecting);
  }

  test_a_string_that_is_too_long_is_left_to_lengthLimitExceeded() {
    const { receiver, transport } = connected();
    const lengths: number[] = [];
    receiver.MAX_LENGTH = 99;
    receiver.lengthLimitExceeded = (length) => {
      lengths.push(length);
    };

    receiver.dataReceived(Buffer.from('2:ok,1'));
    receiver.dataReceived(Buffer.from('000:'));
    receiver.dataReceived(Buffer.from('2:no,'));

    this.assertEqual(lengths, [100]);
    this.assertEqual(receiver.received, ['ok']);
    this.assertFalse(transport.disconnecting);
  }

  test_a_new_connection_begins_anew() {
    const { receiver } = connected();
    receiver.dataReceived(Buffer.from('junk'));

    receiver.makeConnection(new StringTransport());
    receiver.dataReceived(Buffer.from('1:a,'));

    this.assertEqual(receiver.received, ['a']);
  }

  test_strings_that_come_while_one_is_received_wait_their_turn() {
    class Greedy extends Strings {
      override stringReceived(string: Buffer) {
        if (string.toString() === 'a') this.dataReceived(Buffer.from('1:c,'));
        super.stringReceived(string);
      }
    }
    const receiver = new Greedy();
    receiver.makeConnection(new StringTransport());

    receiver.dataReceived(Buffer.from('1:a,1:b,'));

    this.assertEqual(receiver.received, ['a', 'b', 'c']);
  }

  test_says_what_is_not_overridden() {
    const receiver = new NetstringReceiver();
    receiver.makeConnection(new StringTransport());

    this.assertRaisesRegex(Error, /^NetstringReceiver has no stringReceived/, () =>
      receiver.dataReceived(Buffer.from('0:,')),
    );
  }
}
