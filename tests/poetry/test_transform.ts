import { TestCase } from 'txtrial';
import {
  ConnectionDone,
  ConnectionLost,
  ConnectionRefusedError,
  Deferred,
  Protocol,
  reactor,
  ServerFactory,
} from 'txtrial/internet';
import { NetstringReceiver } from 'txtrial/protocols';
import type { StringTransportWithDisconnection } from 'txtrial/testing';
import { GibberishError, TransformProxy } from '../../src/poetry/transform_client.js';
import { TransformFactory, type TransformProtocol } from '../../src/poetry/transform_server.js';
import { cummingsify, TransformService, UnknownTransformError } from '../../src/poetry/transform_service.js';
import { connect, logLines, serve, unusedPort } from '../support/poetry.js';

export class CummingsifyTests extends TestCase {
  test_lower_case_in_any_script() {
    this.assertEqual(String(cummingsify(Buffer.from('Über ALLEN Gipfeln, ΟΔΟΣ'))), 'über allen gipfeln, οδος');
  }

  /** In an encoding that is not known, the letters that nearly all encodings share. */
  test_other_bytes_stay_as_they_are() {
    this.assertEqual(
      cummingsify(Buffer.from([0x40, 0x41, 0x5a, 0x5b, 0xdc])),
      Buffer.from([0x40, 0x61, 0x7a, 0x5b, 0xdc]),
    );
  }
}

export class TransformServiceTests extends TestCase {
  test_a_name_that_nobody_has() {
    const d = new TransformService().transform('shout', Buffer.from('A'));

    const { value } = this.failureResultOf(d, UnknownTransformError);
    this.assertEqual(String(value), "UnknownTransformError: There is no transform 'shout'.");
  }
}

export class TransformProtocolTests extends TestCase {
  transport!: StringTransportWithDisconnection;

  connect(service = new TransformService()): TransformProtocol {
    const { protocol, transport } = connect(new TransformFactory(service));
    this.transport = transport;
    return protocol;
  }

  test_answers_and_closes() {
    this.connect().dataReceived(Buffer.from('28:cummingsify.HERE IS. MY POEM,'));

    this.assertEqual(this.transport.value().toString(), '16:here is. my poem,');
    this.assertFalse(this.transport.connected);
  }

  test_says_what_it_does_for_whom() {
    const log = logLines(this);

    this.connect().dataReceived(Buffer.from('28:cummingsify.HERE IS. MY POEM,'));

    this.assertEqual(log, [`transforming 16 bytes for ${this.transport.getPeer()}: cummingsify`]);
  }

  test_an_empty_poem_is_a_poem() {
    this.connect().dataReceived(Buffer.from('12:cummingsify.,'));

    this.assertEqual(this.transport.value().toString(), '0:,');
  }

  test_what_cannot_be_answered_closes_without_an_answer() {
    for (const request of [
      '5:hello,',
      '9:shout.a b,',
      '13:constructor.a,',
      '3:.ab,',
      'GET / HTTP/1.0\r\n\r\n',
      '100000:',
    ]) {
      this.connect().dataReceived(Buffer.from(request));

      this.assertEqual(this.transport.value().length, 0, request);
      this.assertFalse(this.transport.connected, request);
    }
  }

  test_says_what_it_cannot_answer() {
    const log = logLines(this);

    this.connect().dataReceived(Buffer.from('9:shout.a b,'));

    this.assertIn("There is no transform 'shout'.", log);
    log.length = 0;

    this.connect().dataReceived(Buffer.from('5:hello,'));

    this.assertEqual(log, [`closing ${this.transport.getPeer()}: a request is NAME.TEXT, this one has no dot`]);
    log.length = 0;

    this.connect().dataReceived(Buffer.from('2:.a,'));

    this.assertIn("There is no transform ''.", log);
  }

  /** A transform that fails is logged as an error, which the test has to expect. */
  test_a_failing_transform_is_logged() {
    const service = new TransformService({
      fail() {
        throw new RangeError('too sad');
      },
    });

    this.connect(service).dataReceived(Buffer.from('6:fail.x,'));

    this.assertEqual(this.transport.value().length, 0);
    this.assertFalse(this.transport.connected);
    this.assertEqual(this.flushLoggedErrors(RangeError).length, 1);
  }

  test_a_transform_may_take_its_time() {
    const answers: Deferred<string>[] = [];
    const slow = () => {
      const answer = new Deferred<string>();
      answers.push(answer);
      return answer;
    };
    // The second request is none of this connection's.
    this.connect(new TransformService({ slow })).dataReceived(Buffer.from('6:slow.x,6:slow.y,'));
    this.assertEqual(answers.length, 1);
    this.assertFalse(this.transport.disconnecting);

    answers[0]?.callback('done');

    this.assertEqual(this.transport.value().toString(), '4:done,');
  }

  test_a_client_that_leaves_is_not_waited_for() {
    let cancelled = false;
    const slow = new Deferred<string>(() => {
      cancelled = true;
    });
    this.connect(new TransformService({ slow: () => slow })).dataReceived(Buffer.from('6:slow.x,'));

    this.transport.loseConnection();

    this.assertTrue(cancelled);
  }
}

/** Says something as soon as it is called. */
function saying(text: string): ServerFactory {
  return ServerFactory.forProtocol(
    class Saying extends Protocol {
      override connectionMade() {
        this.transport.write(text);
      }
    },
  );
}

export class TransformProxyTests extends TestCase {
  // A connection that nobody closes would have the test wait.
  static timeout = 30;

  async test_the_server_does_it() {
    const proxy = new TransformProxy(serve(this, new TransformFactory(new TransformService())));

    this.assertEqual(await proxy.xform('cummingsify', Buffer.from('A. B.')), Buffer.from('a. b.'));
  }

  async test_no_answer() {
    const proxy = new TransformProxy(serve(this, new TransformFactory(new TransformService())));

    const failed = await this.assertFailure(proxy.xform('shout', Buffer.from('A')), ConnectionDone);

    this.assertEqual(failed.message, 'The transform server closed the connection without an answer.');
  }

  /** What the system says of it is more than that there is no answer. */
  async test_reset_instead_of_an_answer() {
    class Rude extends Protocol {
      override dataReceived() {
        this.transport.abortConnection();
      }
    }
    const proxy = new TransformProxy(serve(this, ServerFactory.forProtocol(Rude)));

    await this.assertFailure(proxy.xform('shout', Buffer.from('A')), ConnectionLost);
  }

  async test_no_server() {
    const proxy = new TransformProxy({ host: '127.0.0.1', port: await unusedPort() });

    await this.assertFailure(proxy.xform('cummingsify', Buffer.from('A')), ConnectionRefusedError);
  }

  async test_gibberish() {
    const proxy = new TransformProxy(serve(this, saying('Once upon a midnight dreary')));

    const failed = await this.assertFailure(proxy.xform('cummingsify', Buffer.from('A')), GibberishError);

    this.assertEqual(String(failed), 'GibberishError: The transform server answered gibberish.');
  }

  /** It is over at once, and not only when a server that does not listen has taken the whole poem. */
  async test_gibberish_from_one_who_does_not_listen() {
    const poem = Buffer.alloc(16 * 1024 * 1024, 'A');
    const gone = new Deferred<number>();
    let connection: Protocol | undefined;
    class Deaf extends Protocol {
      #bytes = 0;
      override connectionMade() {
        connection = this;
        this.transport.write('la la la');
        this.transport.pauseProducing();
      }
      override dataReceived(data: Buffer) {
        this.#bytes += data.length;
      }
      override connectionLost() {
        gone.callback(this.#bytes);
      }
    }
    const proxy = new TransformProxy(serve(this, ServerFactory.forProtocol(Deaf)));

    await this.assertFailure(proxy.xform('cummingsify', poem), GibberishError);

    connection?.transport.resumeProducing();
    this.assertLess(await gone, poem.length);
  }

  /** The client closes, whether the server does or not. */
  async test_closes_when_it_has_its_answer() {
    const gone = new Deferred<void>();
    class Waiting extends NetstringReceiver {
      override stringReceived() {
        this.transport.write('6:ans');
        // In a read of its own, or nearly always.
        reactor.callLater(0.05, () => this.transport.write('wer,'));
      }
      override connectionLost() {
        gone.callback();
      }
    }
    const proxy = new TransformProxy(serve(this, ServerFactory.forProtocol(Waiting)));

    this.assertEqual(String(await proxy.xform('cummingsify', Buffer.from('A'))), 'answer');
    await gone;
  }

  async test_cancelled() {
    const gone = new Deferred<void>();
    const proxy = new TransformProxy(
      serve(
        this,
        ServerFactory.forProtocol(
          class Mute extends Protocol {
            override dataReceived() {
              answer.cancel();
            }
            override connectionLost() {
              gone.callback();
            }
          },
        ),
      ),
    );

    const answer = proxy.xform('cummingsify', Buffer.from('A'));
    answer.addErrback((failure) => void failure.trap(Error));

    await answer;
    await gone;
  }
}
