/**
 * 128 bits that stand for some bytes: multiplied and rotated as in MurmurHash3, in four lanes, each of which goes into the next.
 *
 * Not cryptographic, and it need not be: who can choose what is hashed (the user's own source) can run code anyway. Loading
 * `node:crypto` would cost more (4 ms on Node 20, 6 on 26) than all else that a warm start does.
 */
export function fingerprint(data: Uint8Array | string, seed = ''): string {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  let a = 0x9e3779b9 | 0;
  let b = 0x85ebca6b | 0;
  let c = 0xc2b2ae35 | 0;
  let d = 0x27d4eb2f | 0;
  for (let i = 0; i < seed.length; i++) {
    a = Math.imul(rotate(a ^ seed.charCodeAt(i), 13), 0x1b873593);
    b = Math.imul(rotate(b + a, 17), 0xcc9e2d51);
    c = Math.imul(rotate(c ^ b, 15), 0x38b34ae5);
    d = (rotate(d + c, 18) + a) | 0;
  }
  const { length } = bytes;
  const whole = length - (length % 16);
  const words = wordsOf(bytes, whole);
  // Few operations and no calls: a file of a megabyte has 60,000 of these rounds, and most of them run before the code is
  // optimised. Each can be undone, so one word that differs still shows at the end.
  for (let i = 0; i < words.length; i += 4) {
    a = Math.imul(a ^ (words[i] ?? 0), 0x239b961b);
    a = (((a << 15) | (a >>> 17)) + b) | 0;
    b = Math.imul(b ^ (words[i + 1] ?? 0), 0xab0e9789);
    b = (((b << 16) | (b >>> 16)) + c) | 0;
    c = Math.imul(c ^ (words[i + 2] ?? 0), 0x38b34ae5);
    c = (((c << 17) | (c >>> 15)) + d) | 0;
    d = Math.imul(d ^ (words[i + 3] ?? 0), 0xa1e38b93);
    d = (((d << 14) | (d >>> 18)) + a) | 0;
  }
  for (let i = whole; i < length; i++) {
    a = Math.imul(a ^ (bytes[i] ?? 0), 0x01000193);
    b = (rotate(b, 5) + a) | 0;
    c ^= rotate(b, 11);
    d = Math.imul(d ^ c, 0x85ebca6b);
  }
  a ^= length;
  for (let round = 0; round < 2; round++) {
    a = finish((a + b + c + d) | 0);
    b = finish((b + a) | 0);
    c = finish((c + b) | 0);
    d = finish((d + c) | 0);
  }
  return hex(a) + hex(b) + hex(c) + hex(d);
}

/** The first `length` bytes, four at a time, in this machine's order: what is made of them does not leave it. */
function wordsOf(bytes: Uint8Array, length: number): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Int32Array(aligned.buffer, aligned.byteOffset, length / 4);
}

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

function finish(h: number): number {
  let x = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

function hex(x: number): string {
  return (x >>> 0).toString(16).padStart(8, '0');
}
