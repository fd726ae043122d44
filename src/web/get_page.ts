/** A page as bytes. */
import type { Deferred } from '../internet/deferred.js';
import { type PageOptions, request } from './request.js';

/**
 * Gets what stands at a URL.
 *
 * Redirects are followed. Each request has a connection of its own, which is closed at its end. Cancelling closes it at
 * once.
 *
 * @param url - With `http:`, `https:` or `data:`.
 * @param options - As `fetch` takes them. With a `dispatcher` of undici's, connections are that one's business.
 * @returns A Deferred of the body. It fails with HTTPError for a status of 400 or more; with ConnectionRefusedError,
 * UnknownHostError and so on when no connection is made; with ConnectionLost when it ends too early; with TypeError for
 * an unusable URL and everything else that `fetch` refuses.
 * @example
 * getPage('http://127.0.0.1:8000/').addCallback((body) => console.log(body.toString()));
 * @see Twisted, web.client.getPage
 */
export function getPage(url: string | URL, options: PageOptions = {}): Deferred<Buffer> {
  return request(url, options, async (response) => Buffer.from(await response.arrayBuffer()));
}
