import type { Address, InternetAddress } from '../internet/address.js';
import type { ProtocolFactory } from '../internet/protocol_factory.js';
import { ByteBuffer } from './byte_buffer.js';
import { bytesOf } from './bytes.js';
import { DelimiterBytes } from './delimiter.js';
import { PausableProtocol } from './pausable_protocol.js';
import { isFlooded, notOverridden } from './receiving.js';

/**
 * Receives lines, or data as it comes: `setRawMode()` and `setLineMode()` change between the two, within one read too.
 *
 * After `transport.loseConnection()` the lines that came in the same read are not received any more.
 *
 * @typeParam F - What `factory` is.
 * @typeParam A - What the transport's addresses are.
 * @example
 * class Greeter extends LineReceiver {
 *   override lineReceived(line: Buffer) { this.sendLine(`Hello, ${line}!`); }
 * }
 * @see Twisted, basic.LineReceiver
 */
export class LineReceiver<F = ProtocolFactory, A extends Address = InternetAddress> extends PausableProtocol<F, A> {
  /** What ends a line; a text stands for its UTF-8. */
  delimiter: Uint8Array | string = '\r\n';

  /** The most bytes that a line may have, the delimiter not counted. */
  MAX_LENGTH = 16384;

  readonly #delimiterBytes = new DelimiterBytes();
  #inLineMode = true;
  // What has come and is not used yet.
  readonly #unused = new ByteBuffer();
  #busy = false;

  /** Whether lines are received, not raw data. */
  get lineMode(): boolean {
    return this.#inLineMode;
  }

  /**
   * A line has come.
   *
   * @param _line - Without the delimiter; the protocol's own.
   */
  lineReceived(_line: Buffer): void {
    throw notOverridden(this, 'lineReceived');
  }

  /** Data has come in raw mode: the rest of a read, or a whole one. */
  rawDataReceived(_data: Buffer): void {
    throw notOverridden(this, 'rawDataReceived');
  }

  /**
   * A line is longer than `MAX_LENGTH`; closes the connection.
   *
   * @param _line - All that waits from the beginning of that line on.
   */
  lineLengthExceeded(_line: Buffer): void {
    this.transport.loseConnection();
  }

  /** Sends a line: `line` and the delimiter. */
  sendLine(line: Uint8Array | string): void {
    this.transport.write(Buffer.concat([bytesOf(line), this.#delimiterBytes.of(this.delimiter)]));
  }

  /** From now on data is handed to `rawDataReceived`, the rest of this read first. */
  setRawMode(): void {
    this.#inLineMode = false;
  }

  /**
   * From now on data is cut into lines.
   *
   * @param extra - Data that raw mode had too much of: it is received again, as lines.
   */
  setLineMode(extra?: Uint8Array): void {
    this.#inLineMode = true;
    if (extra !== undefined && extra.length > 0) this.dataReceived(bytesOf(extra));
  }

  /** Forgets what has come of the line that is not complete, and returns it. */
  clearLineBuffer(): Buffer {
    return this.#unused.takeAll();
  }

  override dataReceived(data: Buffer): void {
    const unused = this.#unused;
    if (isFlooded(this.#unused, this.MAX_LENGTH, this.transport)) return;
    unused.append(data);
    // Called from within lineReceived or rawDataReceived: the loop below goes on with it.
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (unused.length > 0 && !this.paused) {
        if (!this.#inLineMode) this.rawDataReceived(unused.takeAll());
        else if (!this.#receiveLine()) return;
      }
    } finally {
      this.#busy = false;
    }
  }

  /** @returns Whether to go on. */
  #receiveLine(): boolean {
    const unused = this.#unused;
    const delimiter = this.#delimiterBytes.of(this.delimiter);
    const length = unused.indexOf(delimiter);
    if (length < 0 && unused.length < this.MAX_LENGTH + delimiter.length) return false;
    if (length < 0 || length > this.MAX_LENGTH) {
      this.lineLengthExceeded(unused.takeAll());
      return false;
    }
    this.lineReceived(unused.take(length, delimiter.length));
    return this.transport?.disconnecting !== true;
  }
}
