import { TestCase } from 'txtrial';
import {
  type ClientFactory,
  Clock,
  ConnectionDone,
  ConnectionLost,
  Deferred,
  Failure,
  IPv4Address,
  Protocol,
  reactor,
  ServerFactory,
} from 'txtrial/internet';
import { StringTransport } from 'txtrial/testing';
import type { ServerAddress } from '../../../src/poetry/address.js';
import * as asyncAwait from '../../../src/poetry/clients/async_await.js';
import * as callbacks from '../../../src/poetry/clients/callbacks.js';
import * as cancellation from '../../../src/poetry/clients/cancellation.js';
import * as deferredChain from '../../../src/poetry/clients/deferred_chain.js';
import * as deferredList from '../../../src/poetry/clients/deferred_list.js';
import * as inlineCallbacks from '../../../src/poetry/clients/inline_callbacks.js';
import type { Poems } from '../../../src/poetry/clients/result.js';
import { FastPoetryFactory } from '../../../src/poetry/fast_server.js';
import { SlowPoetryFactory } from '../../../src/poetry/slow_server.js';
import { serve, unusedPort } from '../../support/poetry.js';

type GetPoems = (servers: readonly ServerAddress[]) => PromiseLike<Poems>;

/** The same world for each style: a slow server, one that refuses, a fast one, an empty poem. */
abstract class StyleTests extends TestCase {
  abstract readonly getPoems: GetPoems;

  async test_brings_what_can_be_had() {
    const servers = [
      serve(this, new SlowPoetryFactory('A Slow Poem', { numBytes: 2, delay: 0.001, clock: reactor })),
      { host: '127.0.0.1', port: await unusedPort() },
      serve(this, new FastPoetryFactory('Ein schnelles Gedicht: 詩')),
      serve(this, new FastPoetryFactory('')),
    ];

    const poems = await this.getPoems(servers);

    this.assertEqual(poems, ['a slow poem', undefined, 'ein schnelles gedicht: 詩', '']);
  }

  /** What has come of a poem before its connection is lost is no poem. No real connection breaks at will. */
  async test_half_a_poem_is_none() {
    const factories: ClientFactory[] = [];
    const connectTCP = (_host: string, _port: number, factory: ClientFactory) => void factories.push(factory);
    this.patch(reactor, 'connectTCP', connectTCP as unknown as typeof reactor.connectTCP);
    const poems = this.getPoems([
      { host: 'poems.example', port: 1 },
      { host: 'poems.example', port: 2 },
    ]);

    for (const [i, factory] of factories.entries()) {
      const protocol = factory.buildProtocol(new IPv4Address('TCP', 'poems.example', i)) as Protocol;
      protocol.makeConnection(new StringTransport());
      protocol.dataReceived(Buffer.from('Half'));
      protocol.connectionLost(new Failure(i === 0 ? new ConnectionLost() : new ConnectionDone()));
    }

    this.assertEqual(await poems, [undefined, 'half']);
  }
}

export class CallbacksTests extends StyleTests {
  override getPoems: GetPoems = (servers) => {
    const poems = new Deferred<Poems>();
    callbacks.getPoems(servers, (all) => poems.callback(all));
    return poems;
  };
}

export class DeferredChainTests extends StyleTests {
  override getPoems: GetPoems = deferredChain.getPoems;
}

export class InlineCallbacksTests extends StyleTests {
  override getPoems: GetPoems = inlineCallbacks.getPoems;
}

export class DeferredListTests extends StyleTests {
  override getPoems: GetPoems = deferredList.getPoems;
}

export class AsyncAwaitTests extends StyleTests {
  override getPoems: GetPoems = asyncAwait.getPoems;
}

export class CancellationTests extends StyleTests {
  override getPoems: GetPoems = (servers) => cancellation.getPoems(servers);

  /** What is not there when patience ends is missing, and its connection is closed. */
  async test_gives_up_in_time() {
    const clock = new Clock();
    const gone = new Deferred<void>();
    class Silent extends Protocol {
      override connectionMade() {
        clock.advance(5);
      }
      override connectionLost() {
        gone.callback();
      }
    }
    const servers = [serve(this, ServerFactory.forProtocol(Silent))];

    const poems = cancellation.getPoems(servers, 5, clock);

    this.assertEqual(await poems, [undefined]);
    await gone;
    this.assertEqual(clock.getDelayedCalls(), []);
  }

  test_waits_for_half_a_minute_unless_told_otherwise() {
    const clock = new Clock();
    const poems = cancellation.getPoems([serve(this, ServerFactory.forProtocol(Protocol))], undefined, clock);

    clock.advance(29.9);
    this.assertNoResult(poems);
    clock.advance(0.1);

    this.assertEqual(this.successResultOf(poems), [undefined]);
  }
}
