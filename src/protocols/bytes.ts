/** Data as users give it: bytes, or text that stands for its UTF-8. */
import { inspect } from 'node:util';

/**
 * The bytes of `data`; what are bytes already is not copied.
 *
 * @throws TypeError if it is neither bytes nor text.
 */
export function bytesOf(data: Uint8Array | string): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  if (Buffer.isBuffer(data)) return data;
  if (data instanceof Uint8Array) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  throw new TypeError(`Cannot send ${inspect(data, { depth: 0 })}: pass a Buffer, a Uint8Array or a string.`);
}
