import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { TestCase } from 'txtrial';
import {
  CancelledError,
  ConnectionLost,
  ConnectionRefusedError,
  Deferred,
  DeferredList,
  type Failure,
  gatherResults,
  Protocol,
  reactor,
  ServerFactory,
  TimeoutError,
  UnknownHostError,
} from 'txtrial/internet';
import { getPage, HTTPError } from 'txtrial/web';
import { startHttpServer } from '../support/http_server.js';

/** More than the sockets at both ends can hold between them. */
const LARGE = Buffer.alloc(8 * 1024 * 1024, 'a page that goes on and on\n');

/** Fires when somebody has asked; begins an answer and never ends it. */
function halfAnswer() {
  const asked = new Deferred<ServerResponse>();
  const answer = (_request: unknown, response: ServerResponse) => {
    response.write('the first half', () => asked.callback(response));
  };
  return { asked, answer };
}

export class GetPageTests extends TestCase {
  async test_the_body_arrives_byte_for_byte() {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const { url } = await startHttpServer(this, { '/': (_, response) => response.end(bytes) });

    const page = await getPage(`${url}/`);

    this.assertIsInstance(page, Buffer);
    this.assertEqual(page, bytes);
  }

  async test_an_empty_body() {
    const { url } = await startHttpServer(this, { '/': '' });

    this.assertEqual((await getPage(`${url}/`)).length, 0);
  }

  async test_a_large_body() {
    const { url } = await startHttpServer(this, { '/': (_, response) => response.end(LARGE) });

    this.assertTrue(LARGE.equals(await getPage(new URL('/', url))));
  }

  async test_method_headers_and_body_are_sent() {
    const { url, requests } = await startHttpServer(this, {
      '/echo': async (request, response) => {
        const body = await request.toArray();
        response.end(`${request.headers['x-poet']}: ${Buffer.concat(body)}`);
      },
    });

    const page = await getPage(`${url}/echo`, { method: 'POST', headers: { 'X-Poet': 'Sappho' }, body: 'fragment' });

    this.assertEqual(page.toString(), 'Sappho: fragment');
    this.assertEqual(requests, ['POST /echo']);
  }

  async test_redirects_are_followed() {
    const { url, requests } = await startHttpServer(this, {
      '/old': (_, response) => response.writeHead(301, { location: '/new' }).end('it has moved'),
      '/new': 'here it is',
    });

    this.assertEqual(String(await getPage(`${url}/old`)), 'here it is');
    this.assertEqual(requests, ['GET /old', 'GET /new']);
  }

  async test_redirects_that_never_end_are_an_error() {
    const { url } = await startHttpServer(this, {
      '/ring': (_, response) => response.writeHead(302, { location: '/ring' }).end(),
    });

    const error = await this.assertFailure(getPage(`${url}/ring`), TypeError);

    this.assertEqual(error.message, `Cannot get ${url}/ring: redirect count exceeded.`);
  }

  async test_the_connection_is_closed_after_each_request() {
    const server = await startHttpServer(this, { '/': 'x' });

    await getPage(`${server.url}/`);
    await server.closed();

    this.assertEqual(server.sockets.size, 0);
  }

  /** What is open when a test is over is an error of that test: here nothing may be. */
  async test_nothing_is_left_of_a_server_of_the_reactor() {
    class OnePage extends Protocol {
      override dataReceived() {
        this.transport.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
      }
    }
    const port = reactor.listenTCP(0, ServerFactory.forProtocol(OnePage), { interface: '127.0.0.1' });
    this.addCleanup(() => port.stopListening());

    this.assertEqual(String(await getPage(`http://127.0.0.1:${port.getHost().port}/`)), 'hello');
  }

  async test_a_dispatcher_of_the_callers_is_used() {
    const { url } = await startHttpServer(this, { '/': 'x' });
    const paths: unknown[] = [];
    const refusing = {
      dispatch(options: { readonly path: string }) {
        paths.push(options.path);
        throw new RangeError('not today');
      },
    };

    const dispatcher = refusing as unknown as NonNullable<RequestInit['dispatcher']>;
    await this.assertFailure(getPage(`${url}/page`, { dispatcher }), RangeError, TypeError);

    this.assertEqual(paths, ['/page']);
  }

  async test_several_at_once() {
    const { url } = await startHttpServer(this, { '/a': 'first', '/c': 'third' });

    const results = await new DeferredList(
      ['/a', '/b', '/c'].map((path) => getPage(url + path)),
      { consumeErrors: true },
    );

    const texts = results.map(([good, result]) => (good ? String(result) : result.getErrorMessage()));
    this.assertEqual(texts, ['first', `404 Not Found: ${url}/b`, 'third']);
  }

  async test_hundred_at_once() {
    const { url } = await startHttpServer(this, { '/': 'x' });

    const pages = await gatherResults(Array.from({ length: 100 }, () => getPage(`${url}/`)));

    this.assertEqual(pages.map(String), Array(100).fill('x'));
  }
}

export class RefusalTests extends TestCase {
  async test_404() {
    const { url } = await startHttpServer(this, {});

    const error = (await this.assertFailure(getPage(`${url}/missing`), HTTPError)) as HTTPError;

    this.assertEqual(error.status, 404);
    this.assertEqual(error.message, `404 Not Found: ${url}/missing`);
    this.assertEqual(String(error.response), 'no such page');
    this.assertEqual(`${error.name} ${error.code}`, 'HTTPError TXTRIAL_HTTPError');
  }

  async test_each_status_from_400_on_is_a_failure_and_no_other() {
    const { url } = await startHttpServer(
      this,
      Object.fromEntries(
        [200, 204, 299, 304, 399, 400, 503].map((status) => [
          `/${status}`,
          (_: unknown, response: ServerResponse) => response.writeHead(status, '').end(),
        ]),
      ),
    );
    const outcome = (status: number) =>
      getPage(`${url}/${status}`).addCallbacks(
        () => 'page',
        (failure) => failure.trap(HTTPError) && failure.getErrorMessage(),
      );

    const outcomes = await gatherResults([200, 204, 299, 304, 399, 400, 503].map(outcome));

    this.assertEqual(outcomes, ['page', 'page', 'page', 'page', 'page', `400: ${url}/400`, `503: ${url}/503`]);
  }

  async test_nobody_listens() {
    const port = reactor.listenTCP(0, new ServerFactory(), { interface: '127.0.0.1' });
    const { port: number } = port.getHost();
    await port.stopListening();

    const error = await this.assertFailure(getPage(`http://127.0.0.1:${number}/`), ConnectionRefusedError);

    this.assertEqual(error.message, `Connecting to 127.0.0.1:${number} was refused: ECONNREFUSED.`);
  }

  async test_no_such_host() {
    const error = await this.assertFailure(getPage('http://nobody.invalid/'), UnknownHostError);

    this.assertSubstring('nobody.invalid', error.message);
  }

  async test_the_server_hangs_up_before_it_answers() {
    const { url } = await startHttpServer(this, { '/': (request) => void request.socket.destroy() });

    await this.assertFailure(getPage(`${url}/`), ConnectionLost);
  }

  async test_the_server_hangs_up_half_way() {
    const { asked, answer } = halfAnswer();
    const { url } = await startHttpServer(this, { '/': answer });
    asked.addCallback((response) => void response.socket?.destroy());

    await this.assertFailure(getPage(`${url}/`), ConnectionLost);
  }

  async test_an_unusable_url_is_a_failure_and_not_thrown() {
    const error = await this.assertFailure(getPage('nonsense'), TypeError);

    this.assertEqual(error.message, 'Cannot get nonsense: Invalid URL.');
  }

  async test_an_unusable_header_is_a_failure_and_not_thrown() {
    await this.assertFailure(getPage('http://127.0.0.1/', { headers: { 'no good': 'x' } }), TypeError);
  }
}

export class CancelTests extends TestCase {
  async test_before_the_answer() {
    const asked = new Deferred<void>();
    const server = await startHttpServer(this, { '/': () => asked.callback() });
    const d = getPage(`${server.url}/`);
    await asked;

    d.cancel();

    this.failureResultOf(d, CancelledError);
    await server.closed();
    this.assertEqual(server.sockets.size, 0);
  }

  async test_half_way_the_socket_is_gone_and_no_other_one_comes() {
    const { asked, answer } = halfAnswer();
    const server = await startHttpServer(this, { '/': answer });
    const d = getPage(`${server.url}/`);
    const response = await asked;
    const gone = once(response, 'close');

    d.cancel();

    this.failureResultOf(d, CancelledError);
    await gone;
    // By the time that another request has made its way, a connection made in between would be known to the server.
    const other = await startHttpServer(this, { '/': 'x' });
    await getPage(`${other.url}/`);
    this.assertEqual(server.connections, 1);
    this.assertEqual(server.sockets.size, 0);
  }

  async test_at_once() {
    const server = await startHttpServer(this, {});
    const d = getPage(`${server.url}/`);

    d.cancel();

    this.failureResultOf(d, CancelledError);
  }

  async test_after_the_end_it_changes_nothing() {
    const { url } = await startHttpServer(this, { '/': 'x' });
    const texts: (string | Failure)[] = [];
    const d = getPage(`${url}/`).addCallback((page) => void texts.push(String(page)));
    await d;

    d.cancel();

    this.assertEqual(texts, ['x']);
  }

  async test_a_timeout() {
    const server = await startHttpServer(this, { '/': () => {} });

    const d = getPage(`${server.url}/`).addTimeout(0.05, reactor);

    await this.assertFailure(d, TimeoutError);
    await server.closed();
  }

  async test_a_signal_of_the_callers() {
    const { asked, answer } = halfAnswer();
    const server = await startHttpServer(this, { '/': answer });
    const controller = new AbortController();
    const d = getPage(`${server.url}/`, { signal: controller.signal });
    await asked;

    controller.abort(new RangeError('enough'));

    await this.assertFailure(d, RangeError);
    await server.closed();
  }
}
