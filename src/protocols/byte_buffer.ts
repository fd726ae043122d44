/** Bytes that have come and are not used yet. */

const EMPTY = Buffer.alloc(0);
const LEAST_CAPACITY = 256;

/**
 * A queue of bytes: `append` at the end, `take` at the beginning.
 *
 * Any number of small pieces costs time in proportion to the bytes: the store doubles when it is full, moves its rest to
 * the front only when that is the smaller part, and a search goes on where the one before had to stop.
 */
export class ByteBuffer {
  #store: Buffer = EMPTY;
  // Whether the store is this object's alone, and may be written to. A piece that came whole is not copied.
  #owned = false;
  #start = 0;
  #end = 0;
  #sought: Buffer | undefined;
  #searched = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  append(data: Buffer): void {
    if (data.length === 0) return;
    if (this.length === 0) {
      // All else is as #forget() has left it.
      this.#store = data;
      this.#end = data.length;
      return;
    }
    this.#makeRoom(data.length);
    data.copy(this.#store, this.#end);
    this.#end += data.length;
  }

  /** The byte at `index`, which must be below `length`. */
  at(index: number): number {
    return this.#store[this.#start + index] as number;
  }

  readUInt(bytes: number): number {
    return this.#store.readUIntBE(this.#start, bytes);
  }

  /** Where `pattern` begins, or -1. */
  indexOf(pattern: Buffer): number {
    if (pattern !== this.#sought) {
      this.#sought = pattern;
      this.#searched = 0;
    }
    // The end of the store may hold bytes of earlier times.
    const bytes = this.#store.subarray(this.#start, this.#end);
    const index = bytes.indexOf(pattern, this.#searched);
    this.#searched = index < 0 ? Math.max(0, bytes.length - pattern.length + 1) : index;
    return index;
  }

  /** Takes `length` bytes from the beginning and leaves `gap` more out. What it returns is the caller's own. */
  take(length: number, gap = 0): Buffer {
    const taken = Buffer.from(this.#store.subarray(this.#start, this.#start + length));
    this.skip(length + gap);
    return taken;
  }

  skip(length: number): void {
    this.#start += length;
    this.#searched = 0;
    if (this.#start === this.#end) this.#forget();
  }

  /** All bytes, which stay where they are. */
  peekAll(): Buffer {
    return Buffer.from(this.#store.subarray(this.#start, this.#end));
  }

  /** Takes all bytes. */
  takeAll(): Buffer {
    const taken = this.#store.subarray(this.#start, this.#end);
    this.#forget();
    return taken;
  }

  #forget(): void {
    this.#store = EMPTY;
    this.#owned = false;
    this.#start = 0;
    this.#end = 0;
    this.#searched = 0;
  }

  #makeRoom(room: number): void {
    const { length } = this;
    const needed = length + room;
    if (this.#owned && this.#end + room <= this.#store.length) return;
    if (this.#owned && this.#start >= length && needed <= this.#store.length) {
      this.#store.copyWithin(0, this.#start, this.#end);
    } else {
      const store = Buffer.allocUnsafeSlow(Math.max(needed, 2 * length, LEAST_CAPACITY));
      this.#store.copy(store, 0, this.#start, this.#end);
      this.#store = store;
      this.#owned = true;
    }
    this.#start = 0;
    this.#end = length;
  }
}
