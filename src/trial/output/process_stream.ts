import fs from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { NativePromise } from '../../internet/promises.js';
import { isCharacterDevice } from '../character_device.js';

// Taken before any test is loaded: a test that replaces them changes its own world, not the report.
const { writeSync } = fs;
const { Buffer } = globalThis;
const nextTick = process.nextTick.bind(process);

type Write = NodeJS.WriteStream['write'];

/** Hears of what tests write to one stream. */
interface StreamListener {
  /** Whether what is about to be written is to be given to `printed` and go no further. */
  takes(): boolean;
  printed(text: string): void;
}

/**
 * `process.stdout` or `process.stderr`, with the runner between it and the tests.
 *
 * What the runner writes goes straight to the descriptor. What tests write can be taken before it gets there. The
 * stream of Node's own is not made before a test asks for it: on a pipe that alone takes two milliseconds.
 */
export class ProcessStream {
  /** Of the descriptor. */
  readonly fd: 1 | 2;
  readonly #getStream: () => NodeJS.WriteStream;
  readonly #decoder = new StringDecoder('utf8');
  #stream: NodeJS.WriteStream | undefined;
  /** Node's own `write`, bound. */
  #write: Write | undefined;
  #listener: StreamListener | undefined;
  /** While Node writes what was written to the stream: to a file it does so by `fs`. */
  #passing = false;
  #before: (() => void) | undefined;
  #error: NodeJS.ErrnoException | undefined;

  constructor(name: 'stdout' | 'stderr') {
    this.fd = name === 'stdout' ? 1 : 2;
    const property = Object.getOwnPropertyDescriptor(process, name);
    this.#getStream = (property?.get ?? (() => property?.value)).bind(process);
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => this.#open() });
  }

  /** What went wrong with writing: from then on nothing is written any more. A reader that has gone is EPIPE. */
  get error(): NodeJS.ErrnoException | undefined {
    return this.#error;
  }

  /** Whether it is a terminal; elsewhere Node's stream need not be made to find out. */
  get isTerminal(): boolean {
    try {
      return isCharacterDevice(this.fd) && this.#open().isTTY === true;
    } catch {
      return false;
    }
  }

  /** From now on `listener` hears of what tests write to the stream; undefined: no more. */
  listen(listener: StreamListener | undefined): void {
    this.#listener = listener;
  }

  /** From now on `before` is called before anything that tests write to the stream. */
  announce(before: () => void): void {
    this.#before = before;
  }

  /** Writes all of `text`; what a slow reader has no room for waits in Node's stream, and all that follows behind it. */
  write(text: string): void {
    if (this.#error !== undefined || text === '') return;
    if (this.#stream !== undefined && this.#stream.writableLength > 0) {
      this.#pass(text);
      return;
    }
    const rest = this.#writeText(text);
    if (rest === undefined) return;
    // Somebody has set the descriptor to not block, and it is full.
    this.#open();
    this.#pass(rest);
  }

  /** Writes all of `text` before it returns, waiting for a slow reader: for the last moments of a process. */
  writeBlocking(text: string): void {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    let rest: Buffer | undefined = Buffer.from(text);
    while (rest !== undefined && this.#error === undefined) {
      rest = this.#writeNow(rest);
      if (rest !== undefined) Atomics.wait(pause, 0, 0, 1);
    }
  }

  /** Fires when all that was written has left the process, or cannot. */
  async drain(): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined || stream.writableLength === 0 || this.#error !== undefined) return;
    await new NativePromise<void>((resolve) => {
      stream.once('error', () => resolve());
      this.#write?.('', () => resolve());
    });
  }

  #open(): NodeJS.WriteStream {
    if (this.#stream !== undefined) return this.#stream;
    const stream = this.#getStream();
    this.#stream = stream;
    this.#write = stream.write.bind(stream) as Write;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#error ??= error;
    });
    const write = (chunk: unknown, encoding?: unknown, callback?: unknown): boolean =>
      this.#written(chunk, encoding, callback);
    Object.defineProperty(stream, 'write', { value: write, writable: true, configurable: true });
    Object.defineProperty(stream, 'end', { value: this.#ended, writable: true, configurable: true });
    return stream;
  }

  /** A test, or a library that it uses, has written to the stream. */
  #written(chunk: unknown, encoding: unknown, callback: unknown): boolean {
    const isText = typeof chunk === 'string' || chunk instanceof Uint8Array;
    if (isText && this.takes()) {
      this.printed(chunk, encoding);
      const done = typeof encoding === 'function' ? encoding : callback;
      if (typeof done === 'function') nextTick(done as () => void);
      return this.#stream?.writableNeedDrain !== true;
    }
    if (isText) this.printed(chunk, encoding);
    this.#before?.();
    return this.#pass(chunk, encoding, callback);
  }

  /** As Node does with `destroy` of these streams: they are the process's, and go on for the report and the other tests. */
  readonly #ended = (...args: readonly unknown[]): unknown => {
    const [chunk, encoding] = args;
    const done = args.findLast((argument) => typeof argument === 'function') as (() => void) | undefined;
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') this.#written(chunk, encoding, undefined);
    nextTick(() => {
      this.#stream?.emit('finish');
      done?.();
    });
    return this.#stream;
  };

  /** Whether what is about to be written to the descriptor is to be given to `printed` and go no further. */
  takes(): boolean {
    return !this.#passing && this.#listener?.takes() === true;
  }

  /** Something is about to be written to the descriptor past the stream. */
  passing(): void {
    if (!this.#passing) this.#before?.();
  }

  /** Tells of something that a test has written. */
  printed(chunk: string | Uint8Array, encoding?: unknown): void {
    if (!this.#passing) this.#listener?.printed(this.#asText(chunk, encoding));
  }

  #pass(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    this.#passing = true;
    try {
      return this.#write?.(chunk as string, encoding as BufferEncoding, callback as () => void) ?? true;
    } finally {
      this.#passing = false;
    }
  }

  #asText(chunk: string | Uint8Array, encoding: unknown): string {
    if (typeof chunk !== 'string')
      return this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    if (typeof encoding !== 'string' || encoding === 'utf8' || encoding === 'utf-8') return chunk;
    return this.#decoder.write(Buffer.from(chunk, encoding as BufferEncoding));
  }

  /** As `#writeNow`; without a Buffer where all of it goes at once, as it nearly always does. */
  #writeText(text: string): Buffer | undefined {
    let written = 0;
    try {
      written = writeSync(this.fd, text);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') return Buffer.from(text);
      if (code !== 'EINTR') {
        this.#error = error as NodeJS.ErrnoException;
        return undefined;
      }
    }
    return written === Buffer.byteLength(text) ? undefined : this.#writeNow(Buffer.from(text).subarray(written));
  }

  /** @returns what there was no room for. */
  #writeNow(data: Buffer): Buffer | undefined {
    let from = 0;
    while (from < data.length) {
      try {
        from += writeSync(this.fd, data, from);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EINTR') continue;
        if (code === 'EAGAIN') return data.subarray(from);
        this.#error = error as NodeJS.ErrnoException;
        return undefined;
      }
    }
    return undefined;
  }
}
