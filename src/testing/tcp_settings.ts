/** What protocols set of TCP, where there is none. */

/** The part of a transport in memory that keeps what `setTcpNoDelay` and `setTcpKeepAlive` were told. */
export abstract class TCPSettings {
  #noDelay = false;
  #keepAlive = false;

  /** What `getTcpNoDelay()` returns from now on. */
  setTcpNoDelay(enabled: boolean): void {
    this.#noDelay = enabled;
  }

  /** What `setTcpNoDelay` was told last; false before. */
  getTcpNoDelay(): boolean {
    return this.#noDelay;
  }

  /** What `getTcpKeepAlive()` returns from now on. */
  setTcpKeepAlive(enabled: boolean): void {
    this.#keepAlive = enabled;
  }

  /** What `setTcpKeepAlive` was told last; false before. */
  getTcpKeepAlive(): boolean {
    return this.#keepAlive;
  }
}
