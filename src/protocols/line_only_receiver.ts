import type { Address, InternetAddress } from '../internet/address.js';
import { Protocol } from '../internet/protocol.js';
import type { ProtocolFactory } from '../internet/protocol_factory.js';
import { ByteBuffer } from './byte_buffer.js';
import { bytesOf } from './bytes.js';
import { DelimiterBytes } from './delimiter.js';
import { isFlooded, notOverridden } from './receiving.js';

/**
 * Receives lines and nothing else: without raw mode and pauses, and so a little faster than a LineReceiver.
 *
 * After `transport.loseConnection()` the lines that came in the same read are not received any more.
 *
 * @typeParam F - What `factory` is.
 * @typeParam A - What the transport's addresses are.
 * @see Twisted, basic.LineOnlyReceiver
 */
export class LineOnlyReceiver<F = ProtocolFactory, A extends Address = InternetAddress> extends Protocol<F, A> {
  /** What ends a line; a text stands for its UTF-8. */
  delimiter: Uint8Array | string = '\r\n';

  /** The most bytes that a line may have, the delimiter not counted. */
  MAX_LENGTH = 16384;

  // What has come and is not used yet.
  readonly #unused = new ByteBuffer();
  readonly #delimiterBytes = new DelimiterBytes();

  /**
   * A line has come.
   *
   * @param _line - Without the delimiter; the protocol's own.
   */
  lineReceived(_line: Buffer): void {
    throw notOverridden(this, 'lineReceived');
  }

  /**
   * A line is longer than `MAX_LENGTH`, or will be; closes the connection.
   *
   * @param _line - What has come of it.
   */
  lineLengthExceeded(_line: Buffer): void {
    this.transport.loseConnection();
  }

  /** Sends a line: `line` and the delimiter. */
  sendLine(line: Uint8Array | string): void {
    this.transport.writeSequence([bytesOf(line), this.#delimiterBytes.of(this.delimiter)]);
  }

  override dataReceived(data: Buffer): void {
    const unused = this.#unused;
    if (isFlooded(this.#unused, this.MAX_LENGTH, this.transport)) return;
    unused.append(data);
    for (const line of this.#takeLines()) {
      if (this.transport?.disconnecting) return;
      if (line.length > this.MAX_LENGTH) {
        this.lineLengthExceeded(line);
        return;
      }
      this.lineReceived(line);
    }
    if (unused.length > this.MAX_LENGTH) this.lineLengthExceeded(unused.peekAll());
  }

  // All at once, as in Twisted: lines that are not received any more are gone.
  #takeLines(): Buffer[] {
    const delimiter = this.#delimiterBytes.of(this.delimiter);
    const lines: Buffer[] = [];
    for (;;) {
      const length = this.#unused.indexOf(delimiter);
      if (length < 0) return lines;
      lines.push(this.#unused.take(length, delimiter.length));
    }
  }
}
