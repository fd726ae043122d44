import { TestCase } from 'txtrial';
import { Clock, Protocol, reactor } from 'txtrial/internet';
import { LineReceiver, TimeoutMixin } from 'txtrial/protocols';
import { StringTransport } from 'txtrial/testing';

class Patient extends TimeoutMixin(LineReceiver) {
  readonly clock = new Clock();
  override callLater(seconds: number, f: () => void) {
    return this.clock.callLater(seconds, f);
  }
  override lineReceived() {
    this.resetTimeout();
  }
}

export class TimeoutMixinTests extends TestCase {
  protocol!: Patient;
  transport!: StringTransport;

  override setUp() {
    this.protocol = new Patient();
    this.transport = new StringTransport();
    this.protocol.makeConnection(this.transport);
  }

  test_silence_closes() {
    this.assertNull(this.protocol.setTimeout(5));

    this.protocol.clock.advance(4.9);
    this.assertFalse(this.transport.disconnecting);

    this.protocol.clock.advance(0.2);
    this.assertTrue(this.transport.disconnecting);
  }

  test_a_sign_of_life_begins_the_time_anew() {
    this.protocol.setTimeout(5);
    this.protocol.clock.advance(4);
    this.protocol.dataReceived(Buffer.from('hello\r\n'));

    this.protocol.clock.advance(4);
    this.assertFalse(this.transport.disconnecting);

    this.protocol.clock.advance(1);
    this.assertTrue(this.transport.disconnecting);
  }

  test_null_ends_it() {
    this.protocol.setTimeout(5);

    this.assertEqual(this.protocol.setTimeout(null), 5);
    this.protocol.resetTimeout();

    this.assertEqual(this.protocol.clock.getDelayedCalls(), []);
    this.assertNull(this.protocol.timeOut);
  }

  test_another_time_takes_the_place_of_the_first() {
    this.protocol.setTimeout(5);
    this.protocol.clock.advance(4);

    this.assertEqual(this.protocol.setTimeout(2), 5);
    this.protocol.clock.advance(1.9);
    this.assertFalse(this.transport.disconnecting);
    this.protocol.clock.advance(0.2);

    this.assertTrue(this.transport.disconnecting);
  }

  test_it_can_run_again() {
    this.protocol.setTimeout(1);
    this.protocol.clock.advance(1);
    this.assertTrue(this.transport.disconnecting);
    this.transport.disconnecting = false;

    this.protocol.resetTimeout();
    this.protocol.clock.advance(10);
    this.assertFalse(this.transport.disconnecting);
    this.protocol.setTimeout(1);
    this.protocol.clock.advance(1);

    this.assertTrue(this.transport.disconnecting);
  }

  test_the_reactor_measures_the_time_unless_told_otherwise() {
    const protocol = new (TimeoutMixin(Protocol))();
    protocol.makeConnection(this.transport);

    protocol.setTimeout(60);
    this.assertEqual(reactor.getDelayedCalls().length, 1);
    protocol.setTimeout(null);

    this.assertEqual(reactor.getDelayedCalls(), []);
  }
}
