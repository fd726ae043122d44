import type { Address, InternetAddress } from '../internet/address.js';
import type { ProtocolFactory } from '../internet/protocol_factory.js';
import { ByteBuffer } from './byte_buffer.js';
import { bytesOf } from './bytes.js';
import { PausableProtocol } from './pausable_protocol.js';
import { isFlooded, notOverridden } from './receiving.js';

/** A string is too long for the bytes that tell its length. */
export class StringTooLongError extends RangeError {
  override readonly name = 'StringTooLongError';
}

/**
 * Receives strings, each with its length in front as a number in network byte order. The base of Int8StringReceiver,
 * Int16StringReceiver and Int32StringReceiver.
 *
 * @typeParam F - What `factory` is.
 * @typeParam A - What the transport's addresses are.
 * @see Twisted, basic.IntNStringReceiver: there, what comes after a string that is too long has the strings that came
 * together with it received once more.
 */
export abstract class IntNStringReceiver<
  F = ProtocolFactory,
  A extends Address = InternetAddress,
> extends PausableProtocol<F, A> {
  /** How many bytes tell the length. */
  abstract readonly prefixLength: number;

  /** The most bytes that a string may have. */
  MAX_LENGTH = 99999;

  // What has come and is not used yet.
  readonly #unused = new ByteBuffer();
  #busy = false;

  /**
   * A string has come.
   *
   * @param _string - The bytes, the protocol's own.
   */
  stringReceived(_string: Buffer): void {
    throw notOverridden(this, 'stringReceived');
  }

  /**
   * The peer announces a string longer than `MAX_LENGTH`; closes the connection.
   *
   * @param _length - How long it would be, in bytes.
   */
  lengthLimitExceeded(_length: number): void {
    this.transport.loseConnection();
  }

  /**
   * Sends a string, with its length in front.
   *
   * @throws StringTooLongError if so many bytes cannot tell its length.
   */
  sendString(string: Uint8Array | string): void {
    const bytes = bytesOf(string);
    const { prefixLength } = this;
    const most = 2 ** (8 * prefixLength) - 1;
    if (bytes.length > most) {
      throw new StringTooLongError(`Cannot send a string of ${bytes.length} bytes: the most is ${most}.`);
    }
    const message = Buffer.allocUnsafe(prefixLength + bytes.length);
    message.writeUIntBE(bytes.length, 0, prefixLength);
    bytes.copy(message, prefixLength);
    this.transport.write(message);
  }

  override dataReceived(data: Buffer): void {
    const { prefixLength } = this;
    const unused = this.#unused;
    if (isFlooded(this.#unused, this.MAX_LENGTH, this.transport)) return;
    unused.append(data);
    // Called from within stringReceived: the loop below goes on with it.
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (unused.length >= prefixLength && !this.paused) {
        const length = unused.readUInt(prefixLength);
        if (length > this.MAX_LENGTH) {
          this.lengthLimitExceeded(length);
          return;
        }
        if (unused.length < prefixLength + length) return;
        unused.skip(prefixLength);
        this.stringReceived(unused.take(length));
      }
    } finally {
      this.#busy = false;
    }
  }
}

/**
 * Receives strings of up to 255 bytes, each with its length in front in one byte.
 *
 * @see Twisted, basic.Int8StringReceiver
 */
export class Int8StringReceiver<F = ProtocolFactory, A extends Address = InternetAddress> extends IntNStringReceiver<
  F,
  A
> {
  readonly prefixLength = 1;
}

/**
 * Receives strings of up to 65535 bytes, each with its length in front in two bytes.
 *
 * @see Twisted, basic.Int16StringReceiver
 */
export class Int16StringReceiver<F = ProtocolFactory, A extends Address = InternetAddress> extends IntNStringReceiver<
  F,
  A
> {
  readonly prefixLength = 2;
}

/**
 * Receives strings of up to `MAX_LENGTH` bytes, each with its length in front in four bytes.
 *
 * @see Twisted, basic.Int32StringReceiver
 */
export class Int32StringReceiver<F = ProtocolFactory, A extends Address = InternetAddress> extends IntNStringReceiver<
  F,
  A
> {
  readonly prefixLength = 4;
}
