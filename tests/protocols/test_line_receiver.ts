import { TestCase } from 'txtrial';
import { LineOnlyReceiver, LineReceiver } from 'txtrial/protocols';
import { StringTransport } from 'txtrial/testing';

class Lines extends LineReceiver {
  readonly events: string[] = [];
  override lineReceived(line: Buffer) {
    this.events.push(`line ${line}`);
  }
  override rawDataReceived(data: Buffer) {
    this.events.push(`raw ${data}`);
  }
}

function connected<R extends { makeConnection(transport: StringTransport): void }>(receiver: R) {
  const transport = new StringTransport();
  receiver.makeConnection(transport);
  return { receiver, transport };
}

export class LineReceiverTests extends TestCase {
  test_sends_a_line_with_its_delimiter() {
    const { receiver, transport } = connected(new Lines());

    receiver.sendLine('one');
    receiver.sendLine(Buffer.from('two'));
    receiver.delimiter = '\n';
    receiver.sendLine(new Uint8Array([0x33]));

    this.assertEqual(transport.value().toString(), 'one\r\ntwo\r\n3\n');
  }

  test_refuses_to_send_what_is_no_text() {
    const { receiver } = connected(new Lines());

    this.assertRaises(TypeError, () => receiver.sendLine(5 as unknown as string));
  }

  test_changes_to_raw_data_and_back_within_one_read() {
    class Headed extends Lines {
      override lineReceived(line: Buffer) {
        super.lineReceived(line);
        if (line.length === 0) this.setRawMode();
      }
      override rawDataReceived(data: Buffer) {
        super.rawDataReceived(data.subarray(0, 4));
        this.setLineMode(data.subarray(4));
      }
    }
    const { receiver } = connected(new Headed());

    receiver.dataReceived(Buffer.from('head\r\n\r\nbodynext\r\n'));

    this.assertEqual(receiver.events, ['line head', 'line ', 'raw body', 'line next']);
    this.assertTrue(receiver.lineMode);
  }

  test_receives_nothing_while_paused() {
    class Pausing extends Lines {
      override lineReceived(line: Buffer) {
        super.lineReceived(line);
        this.pauseProducing();
      }
    }
    const { receiver, transport } = connected(new Pausing());

    receiver.dataReceived(Buffer.from('one\r\ntwo\r\n'));
    this.assertEqual(receiver.events, ['line one']);
    this.assertEqual(transport.producerState, 'paused');

    receiver.resumeProducing();
    this.assertEqual(receiver.events, ['line one', 'line two']);
  }

  test_stopped_it_closes() {
    const { receiver, transport } = connected(new Lines());

    receiver.stopProducing();

    this.assertTrue(receiver.paused);
    this.assertEqual(transport.producerState, 'stopped');
  }

  test_goes_on_after_an_error() {
    class Failing extends Lines {
      override lineReceived(line: Buffer) {
        super.lineReceived(line);
        if (line.toString() === 'bad') throw new Error('bad line');
      }
    }
    const { receiver } = connected(new Failing());

    this.assertRaises(Error, () => receiver.dataReceived(Buffer.from('bad\r\ngood\r\n')));
    receiver.dataReceived(Buffer.from('better\r\n'));

    this.assertEqual(receiver.events, ['line bad', 'line good', 'line better']);
  }

  test_refuses_an_empty_delimiter() {
    const { receiver } = connected(new Lines());
    receiver.delimiter = '';

    this.assertRaises(RangeError, () => receiver.dataReceived(Buffer.from('x')));
  }

  test_says_what_is_not_overridden() {
    const { receiver } = connected(new LineReceiver());
    this.assertRaisesRegex(Error, /^LineReceiver has no lineReceived/, () =>
      receiver.dataReceived(Buffer.from('\r\n')),
    );
    receiver.setRawMode();
    this.assertRaisesRegex(Error, /^LineReceiver has no rawDataReceived/, () =>
      receiver.dataReceived(Buffer.from('x')),
    );
    const { receiver: only } = connected(new LineOnlyReceiver());
    this.assertRaisesRegex(Error, /^LineOnlyReceiver has no lineReceived/, () =>
      only.dataReceived(Buffer.from('\r\n')),
    );
  }

  test_a_line_is_its_receivers_own() {
    const kept: Buffer[] = [];
    class Keeping extends LineReceiver {
      override lineReceived(line: Buffer) {
        kept.push(line);
      }
    }
    const { receiver } = connected(new Keeping());
    const read = Buffer.from('one\r\ntwo\r\n');

    receiver.dataReceived(read);
    read.fill('x');

    this.assertEqual(kept.map(String), ['one', 'two']);
  }
}
