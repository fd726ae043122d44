/** An answer that says no. */

/**
 * The server answered with a status of 400 or more.
 *
 * Its message is status, reason and URL, as in `404 Not Found: http://127.0.0.1:8000/missing`.
 *
 * @see Twisted, web.error.Error: there `status` is text, and `message` is the reason alone.
 */
export class HTTPError extends Error {
  /** Such as 404. */
  readonly status: number;
  /** What the server sent with it. */
  readonly response: Buffer;

  /**
   * @param status - Such as 404.
   * @param message - What went wrong, for people.
   * @param response - The body of the answer.
   */
  constructor(status: number, message: string, response: Buffer) {
    super(message);
    this.status = status;
    this.response = response;
  }

  /** Stays the same in every version. */
  get code(): string {
    return 'TXTRIAL_HTTPError';
  }

  override get name(): string {
    return this.constructor.name;
  }
}
