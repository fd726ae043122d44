import { bytesOf } from './bytes.js';

/** The bytes of a delimiter that may be changed at any time. */
export class DelimiterBytes {
  #given: Uint8Array | string | undefined;
  #bytes: Buffer = Buffer.alloc(0);

  /** @throws RangeError if `delimiter` is empty: nothing would ever end. */
  of(delimiter: Uint8Array | string): Buffer {
    if (delimiter === this.#given) return this.#bytes;
    if (delimiter.length === 0)
      throw new RangeError('Cannot split lines by an empty delimiter: set one of a byte or more.');
    this.#bytes = bytesOf(delimiter);
    this.#given = delimiter;
    return this.#bytes;
  }
}
