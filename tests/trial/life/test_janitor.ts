import { type DirtyReactorAggregateError, TestCase } from 'txtrial';
import {
  ClientFactory,
  Deferred,
  type DelayedCall,
  deferLater,
  LoopingCall,
  Protocol,
  reactor,
  ServerFactory,
} from 'txtrial/internet';
import { Boom, OutcomeTestCase, throws } from '../../support/outcomes.js';

const nothing = () => {};

function listen() {
  return reactor.listenTCP(0, new ServerFactory(), { interface: '127.0.0.1' });
}

/** Calls `callLater(0)` in so many generations, each from the one before; returns a list that each adds itself to. */
function generations(count: number, seen: number[] = []): number[] {
  reactor.callLater(0, () => {
    seen.push(count);
    if (count > 1) generations(count - 1, seen);
  });
  return seen;
}

export class DelayedCallTests extends OutcomeTestCase {
  async test_those_of_the_library_say_what_they_are_and_where_they_were_begun() {
    const { errors } = await this.outcomes(async () => {
      new LoopingCall(function poll() {}).start(100);
      const often = new LoopingCall(() => {});
      often.start(0);
      await deferLater(reactor, 0.01);
      deferLater(reactor, 200);
      new Deferred().addTimeout(300, reactor);
    }, 'error DirtyReactorAggregateError');

    const { message } = errors[0] as Error;
    for (const call of [
      '<LoopingCall every 100s poll>\\(\\)',
      '<LoopingCall every 0s \\(anonymous function\\)>\\(\\)',
      'deferLaterFires\\(\\)',
      'timeItOut\\(\\)',
    ]) {
      this.assertRegex(
        message,
        new RegExp(`<DelayedCall \\[-?[\\d.]+s\\] ${call}>, made at \\S+test_janitor\\.ts:\\d+:\\d+`),
      );
    }
  }

  async test_one_error_lists_all_with_where_they_were_made() {
    const { errors } = await this.outcomes(() => {
      reactor.callLater(100, function poll() {});
      reactor.callLater(200, nothing);
    }, 'error DirtyReactorAggregateError');

    const [error] = errors as [DirtyReactorAggregateError];
    this.assertRegex(
      error.message,
      /<DelayedCall \[[\d.]+s\] poll\(\)>, made at \S+test_janitor\.ts:\d+:\d+\n.*nothing/,
    );
    this.assertEqual(reactor.getDelayedCalls(), []);
  }

  async test_zero_delays_have_two_generations() {
    for (const count of [1, 2]) await this.outcomes(() => void generations(count), 'success');
    await this.outcomes(() => void generations(3), 'error DirtyReactorAggregateError');
  }

  async test_zero_delays_have_two_generations_after_a_wait_as_well() {
    const afterWait = (count: number) => () => {
      const d = new Deferred<void>();
      reactor.callLater(0, () => {
        d.callback();
        generations(count);
      });
      return d;
    };

    for (const count of [1, 2]) await this.outcomes(afterWait(count), 'success');
    await this.outcomes(afterWait(3), 'error DirtyReactorAggregateError');
  }

  async test_zero_delays_have_two_generations_beside_a_port_that_is_open() {
    const besidePort = (count: number) => () => {
      listen();
      generations(count);
    };
    const DIRTY = 'error DirtyReactorAggregateError';

    for (const count of [1, 2]) await this.outcomes(besidePort(count), 'success', DIRTY);
    for (const count of [3, 4]) await this.outcomes(besidePort(count), DIRTY, DIRTY);
  }

  async test_calls_from_threads_have_two_turns() {
    await this.outcomes(() => reactor.callFromThread(throws(new Boom())), 'error Boom');
    await this.outcomes(() => reactor.callFromThread(() => reactor.callFromThread(throws(new Boom()))), 'error Boom');
  }

  async test_the_calls_of_a_generation_run_in_order() {
    const seen: number[] = [];

    await this.outcomes(() => {
      for (const n of [1, 2, 3]) reactor.callLater(0, () => seen.push(n));
    }, 'success');

    this.assertEqual(seen, [1, 2, 3]);
  }

  test_what_such_a_call_throws_is_the_tests_logged_error() {
    return this.outcomes(() => void reactor.callLater(0, throws(new Boom())), 'error Boom');
  }

  test_cancelled_calls_are_clean() {
    return this.outcomes((test) => {
      reactor.callLater(100, nothing).cancel();
      const call: DelayedCall = reactor.callLater(100, nothing);
      test.addCleanup(() => call.cancel());
    }, 'success');
  }

  test_after_a_failed_set_up() {
    class Sample extends TestCase {
      override setUp() {
        reactor.callLater(100, nothing);
        listen();
        throw new Boom();
      }

      test_it() {}
    }

    return this.outcomesOf(Sample, [
      'error Boom',
      'error DirtyReactorAggregateError',
      'error DirtyReactorAggregateError',
    ]);
  }

  test_no_call_of_the_runners_own_is_visible() {
    class Sample extends TestCase {
      static timeout = 100;

      async test_it() {
        this.assertEqual(reactor.getDelayedCalls(), []);
        await null;
        this.assertEqual(reactor.getDelayedCalls(), []);
      }
    }

    return this.outcomesOf(Sample, ['success']);
  }

  async test_calls_of_the_test_around_are_left_alone() {
    const call = reactor.callLater(100, nothing);
    const port = listen();
    this.addCleanup(() => call.cancel());
    this.addCleanup(() => port.stopListening());

    await this.outcomes(() => void reactor.callLater(100, nothing), 'error DirtyReactorAggregateError');
    await this.outcomes(() => void listen(), 'success', 'error DirtyReactorAggregateError');

    this.assertTrue(call.active());
  }
}

export class SelectableTests extends OutcomeTestCase {
  async test_a_port_is_an_error_beside_the_success() {
    const { errors, causes } = await this.outcomes(() => void listen(), 'success', 'error DirtyReactorAggregateError');

    this.assertRegex(String(errors[0]), /<Port of ServerFactory on 127\.0\.0\.1:\d+>, made at \S+test_janitor\.ts:\d+/);
    this.assertEqual(causes, ['leak']);
  }

  test_calls_and_ports_are_two_errors() {
    return this.outcomes(
      () => {
        listen();
        reactor.callLater(100, nothing);
      },
      'error DirtyReactorAggregateError',
      'error DirtyReactorAggregateError',
    );
  }

  async test_what_was_asked_to_close_is_waited_for() {
    await this.outcomes(() => void listen().stopListening(), 'success');
    await this.outcomes((test) => {
      const port = listen();
      test.addCleanup(() => port.stopListening());
    }, 'success');
  }

  async test_both_ends_of_a_connection_are_found() {
    const factory = new ServerFactory();
    factory.protocol = Protocol;
    const port = reactor.listenTCP(0, factory, { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());
    const connect = (made: (protocol: Protocol) => void) => {
      const client = new ClientFactory();
      client.buildProtocol = () => {
        const protocol = new Protocol();
        protocol.connectionMade = () => made(protocol);
        return protocol;
      };
      reactor.connectTCP('127.0.0.1', port.getHost().port, client);
    };

    const { errors } = await this.outcomes(
      () => {
        const d = new Deferred<void>();
        connect(() => d.callback());
        return d;
      },
      'success',
      'error DirtyReactorAggregateError',
    );
    await this.outcomes(() => {
      const d = new Deferred<void>();
      connect((protocol) => {
        protocol.transport?.loseConnection();
        d.callback();
      });
      return d;
    }, 'success');

    this.assertRegex(String(errors[0]), /Protocol client connection/);
  }
}
