import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pathToFileURL } from 'node:url';
import { TestCase } from 'txtrial';
import { CancelledError, ConnectionLost, Deferred, deferLater, type Failure, reactor } from 'txtrial/internet';
import { downloadPage, HTTPError } from 'txtrial/web';
import { startHttpServer } from '../support/http_server.js';

const LARGE = Buffer.alloc(8 * 1024 * 1024, 'a page that goes on and on\n');

/** Sends a first half and waits. */
async function startHalfServer(test: TestCase) {
  const asked = new Deferred<ServerResponse>();
  const server = await startHttpServer(test, {
    '/': (_, response) => {
      response.writeHead(200, { 'content-length': LARGE.length * 2 });
      response.write(LARGE, () => asked.callback(response));
    },
  });
  return { server, asked };
}

/** Waits until a file has some bytes. */
async function hasGrown(file: string): Promise<void> {
  while (!existsSync(file) || statSync(file).size === 0) await deferLater(reactor, 0.005);
}

export class DownloadPageTests extends TestCase {
  readonly file = this.mktemp();

  async test_the_file_holds_the_page() {
    const { url } = await startHttpServer(this, { '/': 'Zeile eins\nZeile zwei — Ende\n' });

    this.assertEqual(await downloadPage(`${url}/`, this.file), undefined);

    this.assertEqual(readFileSync(this.file, 'utf8'), 'Zeile eins\nZeile zwei — Ende\n');
  }

  async test_a_large_page_into_a_file_named_by_url() {
    const { url } = await startHttpServer(this, { '/': (_, response) => response.end(LARGE) });

    await downloadPage(`${url}/`, pathToFileURL(this.file));

    this.assertTrue(LARGE.equals(readFileSync(this.file)));
  }

  async test_an_answer_without_a_body() {
    const { url } = await startHttpServer(this, { '/': (_, response) => response.writeHead(204).end() });

    await downloadPage(`${url}/`, this.file);

    this.assertEqual(readFileSync(this.file).length, 0);
  }

  async test_what_was_in_the_file_is_replaced() {
    writeFileSync(this.file, 'a much longer text than the new one');
    const { url } = await startHttpServer(this, { '/': 'new' });

    await downloadPage(`${url}/`, this.file);

    this.assertEqual(readFileSync(this.file, 'utf8'), 'new');
  }

  async test_a_404_touches_no_file() {
    writeFileSync(this.file, 'kept');
    const { url } = await startHttpServer(this, {});

    await this.assertFailure(downloadPage(`${url}/`, this.file), HTTPError);

    this.assertEqual(readFileSync(this.file, 'utf8'), 'kept');
  }

  async test_a_file_that_cannot_be_written() {
    const server = await startHttpServer(this, { '/': (_, response) => response.end(LARGE) });

    const error = await this.assertFailure(downloadPage(`${server.url}/`, `${this.file}/no/such/folder`), Error);

    this.assertEqual(Reflect.get(error, 'code'), 'ENOENT');
    await server.closed();
  }

  async test_of_a_page_that_ends_too_early_nothing_is_left() {
    const { server, asked } = await startHalfServer(this);
    asked.addCallback((response) => void response.socket?.destroy());

    await this.assertFailure(downloadPage(`${server.url}/`, this.file), ConnectionLost);

    this.assertFalse(existsSync(this.file));
  }

  async test_cancelled_half_way_the_socket_is_gone_and_the_file_too() {
    const { server } = await startHalfServer(this);
    const d = downloadPage(`${server.url}/`, this.file);
    await hasGrown(this.file);

    d.cancel();

    await this.assertFailure(d, CancelledError);
    this.assertFalse(existsSync(this.file));
    await server.closed();
    this.assertEqual(server.sockets.size, 0);
  }

  async test_cancelled_before_the_answer_no_file_is_made() {
    const asked = new Deferred<void>();
    const server = await startHttpServer(this, { '/': () => asked.callback() });
    const d = downloadPage(`${server.url}/`, this.file);
    await asked;

    d.cancel();

    await this.assertFailure(d, CancelledError);
    await server.closed();
    this.assertFalse(existsSync(this.file));
  }

  /** Whenever the cancel comes, also between the answer and the opening of the file, no file stays. */
  async test_cancelled_at_any_moment() {
    const { url } = await startHttpServer(this, { '/': (_, response) => response.end(LARGE) });
    const left: number[] = [];
    for (let turns = 0; turns < 30; turns++) {
      const d = downloadPage(`${url}/`, this.file);
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      d.cancel();
      const outcome: unknown = await d.addErrback((failure: Failure) => failure.trap(CancelledError));
      if (outcome !== undefined && existsSync(this.file)) left.push(turns);
    }

    this.assertEqual(left, []);
  }
}
