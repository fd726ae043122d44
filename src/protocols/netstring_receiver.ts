import type { Address, InternetAddress } from '../internet/address.js';
import { Protocol } from '../internet/protocol.js';
import type { ProtocolFactory } from '../internet/protocol_factory.js';
import type { Transport } from '../internet/stream_protocol.js';
import { ByteBuffer } from './byte_buffer.js';
import { bytesOf } from './bytes.js';
import { notOverridden } from './receiving.js';

const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const COMMA_BYTES = Buffer.from(',');

/**
 * Receives netstrings, `5:hello,`. What is no netstring closes the connection.
 *
 * @typeParam F - What `factory` is.
 * @typeParam A - What the transport's addresses are.
 * @see Twisted, basic.NetstringReceiver: there a string that is too long is no netstring, and has no method of its own; and
 * what a broken peer has sent is looked at again, so that a MAX_LENGTH set later may let it through.
 */
export class NetstringReceiver<F = ProtocolFactory, A extends Address = InternetAddress> extends Protocol<F, A> {
  /** The most bytes that a string may have. */
  MAX_LENGTH = 99999;

  /** Whether the peer has sent what is no netstring; nothing is received from it any more. */
  brokenPeer = false;

  // What has come and is not used yet.
  readonly #unused = new ByteBuffer();
  #busy = false;
  // Of the string whose payload is awaited; undefined while a length is.
  #payloadLength: number | undefined;

  override makeConnection(transport: Transport<A>): void {
    this.brokenPeer = false;
    this.#payloadLength = undefined;
    this.#unused.takeAll();
    super.makeConnection(transport);
  }

  /**
   * A string has come.
   *
   * @param _string - The bytes, the protocol's own.
   */
  stringReceived(_string: Buffer): void {
    throw notOverridden(this, 'stringReceived');
  }

  /**
   * The peer announces a string longer than `MAX_LENGTH`; closes the connection. Nothing is received from it any more.
   *
   * @param _length - How long it would be at least, in bytes: the number is not read to its end.
   */
  lengthLimitExceeded(_length: number): void {
    this.transport.loseConnection();
  }

  /** Sends a string: its length, a colon, `string`, a comma. */
  sendString(string: Uint8Array | string): void {
    const bytes = bytesOf(string);
    this.transport.write(Buffer.concat([Buffer.from(`${bytes.length}:`), bytes, COMMA_BYTES]));
  }

  override dataReceived(data: Buffer): void {
    if (this.brokenPeer) return;
    this.#unused.append(data);
    // Called from within stringReceived: the loop below goes on with it.
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#unused.length > 0 && !this.brokenPeer && this.#receive());
    } finally {
      this.#busy = false;
    }
  }

  /** @returns Whether to go on. */
  #receive(): boolean {
    const unused = this.#unused;
    this.#payloadLength ??= this.#takeLength();
    const length = this.#payloadLength;
    if (length === undefined || unused.length <= length) return false;
    if (unused.at(length) !== COMMA) {
      this.#fail();
      return false;
    }
    this.#payloadLength = undefined;
    this.stringReceived(unused.take(length, 1));
    return true;
  }

  /** @returns The length that stands at the beginning; undefined if it is not complete, or none. */
  #takeLength(): number | undefined {
    const unused = this.#unused;
    let length = 0;
    let digits = 0;
    for (; digits < unused.length; digits++) {
      const byte = unused.at(digits);
      // A length has no zero in front.
      const isDigit = byte >= ZERO && byte <= NINE && !(digits === 1 && length === 0);
      if (!isDigit) break;
      length = length * 10 + byte - ZERO;
      if (length > this.MAX_LENGTH) {
        this.#break();
        this.lengthLimitExceeded(length);
        return undefined;
      }
    }
    const complete = digits < unused.length;
    if (complete && digits > 0) {
      if (unused.at(digits) === COLON) {
        unused.skip(digits + 1);
        return length;
      }
      // As in Twisted: a newline is no mistake before something follows it.
      if (unused.at(digits) === NEWLINE && digits + 1 === unused.length) return undefined;
    }
    if (complete) this.#fail();
    return undefined;
  }

  #fail(): void {
    this.#break();
    this.transport.loseConnection();
  }

  #break(): void {
    this.brokenPeer = true;
    this.#unused.takeAll();
  }
}
