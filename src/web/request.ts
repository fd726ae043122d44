/** One request, cancellable, with errors as the rest of the core has them. */
import { abortable } from '../internet/abort_signal.js';
import type { Deferred, Settled } from '../internet/deferred.js';
import { HTTPError } from './http_error.js';
import { ownDispatcher } from './own_dispatcher.js';
import { requestError } from './request_error.js';

/** What Node's `fetch` takes: `method`, `headers`, `body`, `redirect`, `signal`, `dispatcher` and so on. */
export type PageOptions = Readonly<RequestInit>;

/**
 * Sends a request and hands a good answer on.
 *
 * @param take - Is given the answer when its status is below 400; the body has not been read then.
 * @returns What `take` makes of it. A cancel closes the connection.
 */
export function request<R>(
  url: string | URL,
  options: PageOptions,
  take: (response: Response) => Promise<R>,
): Deferred<Settled<R>> {
  const own = options.dispatcher === undefined ? ownDispatcher() : undefined;
  const d = abortable(async (cancelled) => {
    try {
      const signal = options.signal ? AbortSignal.any([cancelled, options.signal]) : cancelled;
      const response = await fetch(url, { ...options, ...(own && { dispatcher: own }), signal });
      if (response.status >= 400) throw await refusal(response);
      return await take(response);
    } catch (error) {
      throw requestError(error, url);
    }
  });
  return d.addBoth((result) => {
    void own?.destroy();
    return result;
  }) as Deferred<unknown> as Deferred<Settled<R>>;
}

async function refusal(response: Response): Promise<HTTPError> {
  const { status, statusText, url } = response;
  const body = Buffer.from(await response.arrayBuffer());
  return new HTTPError(status, `${`${status} ${statusText}`.trim()}: ${url}`, body);
}
