/**
 * 128 bits that stand for some bytes: the mixing of MurmurHash3, in four lanes.
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
  for (let i = 0; i < whole; i += 16) {
    a = (rotate(a ^ Math.imul(rotate(Math.imul(word(bytes, i), 0x239b961b), 15), 0xab0e9789), 19) + b) | 0;
    a = (Math.imul(a, 5) + 0x561ccd1b) | 0;
    b = (rotate(b ^ Math.imul(rotate(Math.imul(word(bytes, i + 4), 0xab0e9789), 16), 0x38b34ae5), 17) + c) | 0;
    b = (Math.imul(b, 5) + 0x0bcaa747) | 0;
    c = (rotate(c ^ Math.imul(rotate(Math.imul(word(bytes, i + 8), 0x38b34ae5), 17), 0xa1e38b93), 15) + d) | 0;
    c = (Math.imul(c, 5) + 0x96cd1c35) | 0;
    d = (rotate(d ^ Math.imul(rotate(Math.imul(word(bytes, i + 12), 0xa1e38b93), 18), 0x239b961b), 13) + a) | 0;
    d = (Math.imul(d, 5) + 0x32ac3b17) | 0;
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

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
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
