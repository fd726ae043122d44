/** What protocols write, as bytes. */

/** The bytes of `data`, text as UTF-8. */
export function bytesOf(data: Uint8Array | string): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof Uint8Array) return Buffer.from(data);
  throw new TypeError('Cannot write this: pass a Buffer, a Uint8Array or a string.');
}
