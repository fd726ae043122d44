import { TestCase } from 'txtrial';
import { CancelledError, Clock, ConnectionLost, Deferred, succeed } from 'txtrial/internet';
import { getPoetryBytes } from '../../src/poetry/client.js';
import { FastPoetryFactory } from '../../src/poetry/fast_server.js';
import { PoetryProxyFactory } from '../../src/poetry/proxy_server.js';
import { ProxyService } from '../../src/poetry/proxy_service.js';
import { connect, logLines, serve } from '../support/poetry.js';

const POEM = Buffer.from('A poem that came a long way\n');

export class ProxyServiceTests extends TestCase {
  clock!: Clock;
  fetches!: Deferred<Buffer>[];
  cancelled!: number;
  service!: ProxyService;
  log!: string[];

  override setUp() {
    this.clock = new Clock();
    this.fetches = [];
    this.cancelled = 0;
    this.log = logLines(this);
    this.service = new ProxyService(
      () => {
        const fetch = new Deferred<Buffer>(() => void this.cancelled++);
        this.fetches.push(fetch);
        return fetch;
      },
      { ttl: 10, clock: this.clock },
    );
  }

  test_one_fetch_serves_all_who_wait() {
    const waiting = [this.service.getPoem(), this.service.getPoem(), this.service.getPoem()];
    this.assertEqual(this.fetches.length, 1);

    this.fetches[0]?.callback(POEM);

    for (const poem of waiting) this.assertEqual(this.successResultOf(poem), POEM);
    this.assertEqual(this.log, ['Fetching poem from server.']);
  }

  test_a_poem_is_kept_for_its_time_and_no_longer() {
    const first = this.service.getPoem();
    this.clock.advance(5);
    this.fetches[0]?.callback(POEM);
    this.successResultOf(first);

    this.clock.advance(9.9);
    this.assertEqual(this.successResultOf(this.service.getPoem()), POEM);
    this.clock.advance(0.1);
    this.assertNoResult(this.service.getPoem());

    this.assertEqual(this.log, ['Fetching poem from server.', 'Using cached poem.', 'Fetching poem from server.']);
  }

  test_a_poem_is_kept_for_two_hours_unless_told_otherwise() {
    const service = new ProxyService(() => succeed(POEM), { clock: this.clock });
    this.successResultOf(service.getPoem());

    for (const seconds of [7199, 1]) {
      this.clock.advance(seconds);
      this.successResultOf(service.getPoem());
    }

    this.assertEqual(this.log, ['Fetching poem from server.', 'Using cached poem.', 'Fetching poem from server.']);
  }

  test_a_failure_goes_to_all_who_wait_and_is_not_kept() {
    const waiting = [this.service.getPoem(), this.service.getPoem()];

    this.fetches[0]?.errback(new ConnectionLost('the server died'));

    for (const poem of waiting) this.failureResultOf(poem, ConnectionLost);
    const next = this.service.getPoem();
    this.assertEqual(this.fetches.length, 2);
    this.fetches[1]?.callback(POEM);
    this.assertEqual(this.successResultOf(next), POEM);
    this.assertEqual(this.log[1], 'The poem download failed. the server died');
  }

  test_one_who_leaves_disturbs_nobody() {
    const impatient = this.service.getPoem();
    const patient = this.service.getPoem();

    impatient.cancel();
    this.failureResultOf(impatient, CancelledError);
    this.assertEqual(this.cancelled, 0);
    this.fetches[0]?.callback(POEM);

    this.assertEqual(this.successResultOf(patient), POEM);
  }

  test_the_last_one_who_leaves_ends_the_fetch() {
    const waiting = [this.service.getPoem(), this.service.getPoem()];

    for (const poem of waiting) poem.cancel();
    for (const poem of waiting) this.failureResultOf(poem, CancelledError);

    this.assertEqual(this.cancelled, 1);
    this.assertEqual(this.log, ['Fetching poem from server.', 'Canceling poem download.']);
    this.assertNoResult(this.service.getPoem());
    this.assertEqual(this.fetches.length, 2);
  }

  /** A fetch that does not listen and brings its poem all the same brings it to nobody. */
  test_what_comes_after_the_end_is_dropped() {
    const stubborn = () => new Deferred<Buffer>((d) => d.callback(POEM));
    const service = new ProxyService(stubborn, { clock: this.clock });
    const poem = service.getPoem();

    poem.cancel();

    this.failureResultOf(poem, CancelledError);
    this.assertNoResult(service.getPoem());
  }
}

export class ProxyProtocolTests extends TestCase {
  connect(service: ProxyService) {
    return connect(new PoetryProxyFactory(service)).transport;
  }

  test_sends_the_poem_and_closes() {
    const log = logLines(this);
    const fetch = new Deferred<Buffer>();
    const transport = this.connect(new ProxyService(() => fetch, { clock: new Clock() }));
    this.assertEqual(transport.value().length, 0);

    fetch.callback(POEM);

    this.assertEqual(transport.value(), POEM);
    this.assertFalse(transport.connected && !transport.disconnected);
    this.assertIn(`sending ${POEM.length} bytes of poetry to ${transport.getPeer()}`, log);
  }

  /** A clean close would pass for an empty poem. */
  test_a_failure_resets_the_connection() {
    const fetch = new Deferred<Buffer>();
    const transport = this.connect(new ProxyService(() => fetch, { clock: new Clock() }));

    fetch.errback(new ConnectionLost('the server died'));

    this.assertEqual(transport.value().length, 0);
    this.assertTrue(transport.disconnected);
  }

  test_a_client_that_leaves_is_not_waited_for() {
    let cancelled = false;
    const fetch = new Deferred<Buffer>(() => {
      cancelled = true;
    });
    const transport = this.connect(new ProxyService(() => fetch, { clock: new Clock() }));

    transport.loseConnection();

    this.assertTrue(cancelled);
  }

  /** Once over real connections: through the proxy it is the same poem. */
  async test_over_tcp() {
    const origin = serve(this, new FastPoetryFactory(POEM));
    const service = new ProxyService(() => getPoetryBytes(origin.host, origin.port), { clock: new Clock() });
    const proxy = serve(this, new PoetryProxyFactory(service));

    this.assertEqual(await getPoetryBytes(proxy.host, proxy.port), POEM);
    this.assertEqual(await getPoetryBytes(proxy.host, proxy.port), POEM);
  }
}
