/** Pages over HTTP: every request is a Deferred, so all that Deferreds can do, requests can. */
import { existsSync, readFileSync } from 'node:fs';
import {
  CancelledError,
  Deferred,
  DeferredList,
  inlineCallbacks,
  maybeDeferred,
  reactor,
  TimeoutError,
} from 'txtrial/internet';
import { downloadPage, getPage, HTTPError } from 'txtrial/web';
import { type Answer, startHttpServer } from '../support/http_server.js';
import { ProgramTestCase } from '../support/program.js';

const MOVED: Answer = (_, response) => response.writeHead(302, { location: '/poem' }).end();

export class PageTests extends ProgramTestCase {
  /** A request is under way as soon as getPage() returns; the page comes later. */
  async test_get() {
    const { print } = this;
    const { url } = await startHttpServer(this, { '/poem': 'Roses are read.', '/old': MOVED });

    const d = getPage(`${url}/poem`)
      .addCallback((body) => body.toString())
      .addCallback((poem) => print(poem));
    print('asked');
    await d;
    await getPage(`${url}/old`).addCallback((body) => print('from its new place:', body.toString()));

    this.assertPrinted('asked', 'Roses are read.', 'from its new place: Roses are read.');
  }

  /** A server that says no is an error like any other: the errback takes those that it knows. */
  async test_an_answer_that_says_no() {
    const { print } = this;
    const { url } = await startHttpServer(this, {});

    await getPage(`${url}/nothing`)
      .addCallback(() => print('not reached'))
      .addErrback((failure) => {
        failure.trap(HTTPError);
        print(failure.getErrorMessage().replace(url, 'http://...'));
      });

    this.assertPrinted('404 Not Found: http://.../nothing');
  }

  /** Several at once. The results stand in the order in which they were asked for. */
  async test_several_at_once() {
    const { print } = this;
    const { url } = await startHttpServer(this, { '/poem': 'Roses are read.', '/old': MOVED });

    const pages = ['/poem', '/old', '/nothing'].map((path) => getPage(url + path));
    const results = await new DeferredList(pages, { consumeErrors: true });
    for (const [good, result] of results) print(good ? String(result) : result.type?.name);

    this.assertPrinted('Roses are read.', 'Roses are read.', 'HTTPError');
  }

  /** Cancelled half-way: the server sees the connection close, and what was there of the file is taken away. */
  async test_cancelled() {
    const { print } = this;
    const file = this.mktemp();
    const begun = new Deferred<void>();
    const server = await startHttpServer(this, {
      '/endless': (_, response) => void response.write('and then ', () => begun.callback()),
    });

    const d = downloadPage(`${server.url}/endless`, file);
    d.addErrback((failure) => print(failure.trap(CancelledError).name));
    await begun;
    d.cancel();
    await d;
    await server.closed();
    print('connections:', server.sockets.size, 'file:', existsSync(file));

    this.assertPrinted('CancelledError', 'connections: 0 file: false');
  }

  /** A server that never answers: addTimeout() cancels the request in time. */
  async test_a_time_limit() {
    const { print } = this;
    const server = await startHttpServer(this, { '/mute': () => {} });

    await getPage(`${server.url}/mute`)
      .addTimeout(0.05, reactor)
      .addErrback((failure) => print('gave up:', failure.trap(TimeoutError).name));
    await server.closed();

    this.assertPrinted('gave up: TimeoutError');
  }

  /** Two files, one after the other, by a generator. */
  async test_downloads() {
    const { print } = this;
    const { url } = await startHttpServer(this, { '/poem': 'Roses are read.', '/ode': 'O rose!' });
    const download = inlineCallbacks(function* (paths: readonly string[]) {
      const files: string[] = [];
      for (const path of paths) {
        const file = `${path.slice(1)}.txt`;
        yield downloadPage(url + path, file);
        files.push(file);
      }
      return files;
    });

    const files = await download(['/poem', '/ode']);
    for (const file of files) print(file, '-', readFileSync(file, 'utf8'));

    this.assertPrinted('poem.txt - Roses are read.', 'ode.txt - O rose!');
  }
}

/** Gets a page, then all that it links to, at the same time: `[link, 'ok' or what is wrong with it]` of each. */
const checkLinks = inlineCallbacks(function* (url: string) {
  const page = yield* getPage(url);
  const links = Array.from(page.toString().matchAll(/href="([^"]*)"/g), ([, link = '']) => link);
  // new URL() throws for what is none; maybeDeferred makes that one more answer.
  const answers = links.map((link) => maybeDeferred(() => getPage(new URL(link, url))));
  const results = yield* new DeferredList(answers, { consumeErrors: true });
  return results.map(([good, result], i) => [links[i], good ? 'ok' : result.getErrorMessage()] as const);
});

export class LinkCheckerTests extends ProgramTestCase {
  async test_links_good_and_broken() {
    const { print } = this;
    const { url, requests } = await startHttpServer(this, {
      '/index': '<a href="/poem">one</a> <a href="old">two</a> <a href="gone?">three</a> <a href="http://">four</a>',
      '/poem': 'Roses are read.',
      '/old': MOVED,
    });

    for (const [link, state] of await checkLinks(`${url}/index`)) print(link, '-', state.replace(url, 'http://...'));

    this.assertPrinted(
      ...['/poem - ok', 'old - ok'],
      ...['gone? - 404 Not Found: http://.../gone?', 'http:// - Invalid URL'],
    );
    this.assertEqual(requests[0], 'GET /index');
  }

  /** Without a page there are no links to check. */
  async test_no_page() {
    const { url } = await startHttpServer(this, {});

    await this.assertFailure(checkLinks(`${url}/nothing`), HTTPError);
  }
}
