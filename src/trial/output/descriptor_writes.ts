/** What is written by `fs` to the descriptors of stdout and stderr, as loggers do that go round `process.stdout`. */
import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { handOnToNode } from '../../internet/hand_on.js';
import { NativePromise, whenSettled } from '../../internet/promises.js';
import { type Method, standIn } from '../../internet/stand_in.js';
import { writeByDescriptor } from './named_handle.js';
import { descriptorNamed, flagsToAppend, OpenedByName } from './opened_by_name.js';

// Taken before any test is loaded.
const { Buffer } = globalThis;
const nextTick = process.nextTick.bind(process);
const { write: plainWrite, writeSync: plainWriteSync } = fs;

/** Stands between such writes and one descriptor. */
export interface WatchedDescriptor {
  readonly fd: 1 | 2;
  /** Whether what is about to be written is to be given to `printed` and go no further. */
  takes(): boolean;
  /** Called before something goes to the descriptor. */
  passing(): void;
  /** Told of what has been written, or has been taken. */
  printed(data: Uint8Array): void;
}

type Callback = (error: NodeJS.ErrnoException | null, written?: number, data?: unknown) => void;
type Writes = (watcher: WatchedDescriptor, original: Method, args: readonly unknown[]) => unknown;

/** What writes to a descriptor, its first argument, or to a file that it is also the name of. */
const WRITES: Readonly<Record<string, Writes>> = {
  write,
  writeSync,
  writev: write,
  writevSync: writeSync,
  writeFile: writeAll,
  writeFileSync: writeAllSync,
  appendFile: writeAll,
  appendFileSync: writeAllSync,
};
const PROMISED: Readonly<Record<string, Writes>> = { writeFile: writeAllPromised, appendFile: writeAllPromised };

/**
 * From now on `stdout` and `stderr` stand between what writes by `fs` and the descriptors 1 and 2, however it was imported:
 * `write`, `writeSync`, `writev`, `writevSync`, and `writeFile`, `appendFile` with their kin, also to `/dev/stdout` and
 * `/dev/stderr`, and to what `open` and `openSync` have made of these names. All others cost a comparison.
 *
 * @returns What ends it.
 */
export function watchDescriptors(stdout: WatchedDescriptor, stderr: WatchedDescriptor): () => void {
  let isOver = false;
  const descriptorOfProcess = (fd: unknown): number | undefined =>
    (fd === 0 || fd === 1 || fd === 2) && !isOver ? fd : undefined;
  const opened = new OpenedByName();
  const watcherOf = (target: unknown): WatchedDescriptor | undefined => {
    let fd = typeof target === 'number' ? target : descriptorNamed(target);
    if (fd !== undefined && fd > 2) fd = opened.get(fd);
    if ((fd !== 1 && fd !== 2) || isOver) return undefined;
    return fd === 1 ? stdout : stderr;
  };
  const opening = (path: unknown) => {
    const of = typeof path === 'number' || isOver ? undefined : descriptorNamed(path);
    return of === undefined ? undefined : { opened, of };
  };
  const undo = [
    ...Object.entries(WRITES).map(([name, writes]) => replace(fs, name, writes, watcherOf)),
    replace(fs, 'open', open, opening),
    replace(fs, 'openSync', openSync, opening),
    replace(fs.promises, 'open', openPromised, opening),
    ...['close', 'closeSync'].map((name) => replace(fs, name, keepOpen, descriptorOfProcess)),
    ...Object.entries(PROMISED).map(([name, writes]) => replace(fs.promises, name, writes, watcherOf)),
  ];
  syncBuiltinESMExports();
  return () => {
    isOver = true;
    for (const f of undo) f();
    syncBuiltinESMExports();
  };
}

/** Stdin, stdout and stderr are the process's: whoever closes one, as a stream does at its end, is told that it is done. */
function keepOpen(_fd: number, original: Method, args: readonly unknown[]): unknown {
  const [, callback] = args;
  if (typeof callback === 'function') nextTick(callback as Callback, null);
  else if (callback !== undefined) return original(-1, callback); // Node says what is wrong with it.
  return undefined;
}

/** What was opened, of which of the two it is the name, and who is to know of it. */
interface Opening {
  readonly opened: OpenedByName;
  readonly of: 1 | 2;
}

function openSync({ opened, of }: Opening, original: Method, args: readonly unknown[]): unknown {
  const [path, flags, ...rest] = args;
  const append = flagsToAppend(flags);
  if (append === undefined) return original(...args);
  const fd = original(path, append, ...rest);
  opened.add(fd as number, of);
  return fd;
}

function open({ opened, of }: Opening, original: Method, args: readonly unknown[]): unknown {
  const [path, flags, ...rest] = args;
  const callback = rest.pop();
  const append = flagsToAppend(flags);
  if (append === undefined || typeof callback !== 'function') return original(...args);
  return original(path, append, ...rest, (error: NodeJS.ErrnoException | null, fd: number) => {
    if (error === null) opened.add(fd, of);
    (callback as (error: NodeJS.ErrnoException | null, fd: number) => void)(error, fd);
  });
}

function openPromised({ opened, of }: Opening, original: Method, args: readonly unknown[]): unknown {
  const [path, flags, ...rest] = args;
  const append = flagsToAppend(flags);
  if (append === undefined) return original(...args);
  return new NativePromise<FileHandle>((resolve, reject) => {
    const opens = original(path, append, ...rest) as PromiseLike<FileHandle>;
    const done = (handle: FileHandle) => {
      opened.add(handle.fd, of);
      writeByDescriptor(handle);
      resolve(handle);
    };
    whenSettled(opens, done, reject);
  });
}

/** Has `writes` called instead of a method where it is for a watcher. Returns what ends that. */
function replace<T>(
  object: object,
  name: string,
  writes: (watcher: T, original: Method, args: readonly unknown[]) => unknown,
  watcherOf: (target: unknown) => T | undefined,
): () => void {
  return standIn(object, name, (original) => {
    return function watched(this: unknown, ...args) {
      const watcher = watcherOf(args[0]);
      return watcher === undefined ? handOnToNode(original, this, args) : writes(watcher, original, args);
    };
  });
}

function writeSync(watcher: WatchedDescriptor, original: Method, args: readonly unknown[]): unknown {
  const data = dataOf(args.slice(1));
  if (data === undefined) return original(...args);
  if (watcher.takes()) {
    watcher.printed(data);
    return data.length;
  }
  watcher.passing();
  const count = unlessUnread(data.length, () => Number(original(watcher.fd, ...args.slice(1))));
  if (count > 0) watcher.printed(data.subarray(0, count));
  return count;
}

/** Nobody reads the report any more, as of `trial | head`: that makes no test fail. */
function isUnread(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EPIPE';
}

function unlessUnread<T>(written: T, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (isUnread(error)) return written;
    throw error;
  }
}

function write(watcher: WatchedDescriptor, original: Method, args: readonly unknown[]): unknown {
  const callbackAt = args.findLastIndex((argument) => typeof argument === 'function');
  const data = callbackAt === -1 ? undefined : dataOf(args.slice(1, callbackAt));
  const callback = args[callbackAt] as Callback;
  if (data === undefined) return original(...args);
  if (watcher.takes()) {
    watcher.printed(data);
    nextTick(callback, null, data.length, args[1]);
    return undefined;
  }
  watcher.passing();
  const told: Callback = (error, count = 0, given) => {
    if (error !== null && isUnread(error)) {
      told(null, data.length, args[1]);
      return;
    }
    if (error === null && count > 0) watcher.printed(data.subarray(0, count));
    callback(error, count, given);
  };
  return original(watcher.fd, ...args.slice(1, callbackAt), told);
}

// What writes a whole file may do so by what writes a part of it: then it would be heard of twice.

function writeAllSync(watcher: WatchedDescriptor, original: Method, args: readonly unknown[]): unknown {
  const data = wholeOf(args[1], args[2]);
  if (data === undefined) return original(...args);
  if (!watcher.takes()) {
    watcher.passing();
    for (let from = 0; from < data.length; ) {
      const rest = data.subarray(from);
      from += unlessUnread(rest.length, () => plainWriteSync(watcher.fd, rest));
    }
  }
  watcher.printed(data);
  return undefined;
}

function writeAll(watcher: WatchedDescriptor, original: Method, args: readonly unknown[]): unknown {
  const callback = args.at(-1) as Callback;
  const data = typeof callback === 'function' && args.length > 2 ? wholeOf(args[1], args[2]) : undefined;
  if (data === undefined) return original(...args);
  writeWhole(watcher, data, callback);
  return undefined;
}

function writeAllPromised(watcher: WatchedDescriptor, original: Method, args: readonly unknown[]): unknown {
  const data = wholeOf(args[1], args[2]);
  if (data === undefined) return original(...args);
  return new NativePromise<void>((resolve, reject) => {
    writeWhole(watcher, data, (error) => (error === null ? resolve() : reject(error)));
  });
}

function writeWhole(watcher: WatchedDescriptor, data: Uint8Array, callback: Callback): void {
  if (watcher.takes()) {
    watcher.printed(data);
    nextTick(callback, null);
    return;
  }
  watcher.passing();
  let from = 0;
  const written = (failure: NodeJS.ErrnoException | null, count: number): void => {
    const error = failure !== null && isUnread(failure) ? null : failure;
    from += error === failure ? count : data.length;
    if (error === null && from < data.length) {
      plainWrite(watcher.fd, data, from, written);
      return;
    }
    if (error === null) watcher.printed(data);
    callback(error);
  };
  plainWrite(watcher.fd, data, written);
}

/** All that is written to a file, given what and how; undefined if it is refused. */
function wholeOf(data: unknown, options: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(data)) return bytesOf(data);
  if (typeof data !== 'string') return undefined;
  const encoding: unknown =
    typeof options === 'object' && options !== null ? Reflect.get(options, 'encoding') : options;
  const name = typeof encoding === 'string' ? encoding : 'utf8';
  return Buffer.isEncoding(name) ? Buffer.from(data, name) : undefined;
}

/** What such arguments write; undefined if they are refused, or name a place in a file. */
function dataOf([data, second, third, fourth]: readonly unknown[]): Uint8Array | undefined {
  try {
    if (typeof data === 'string') return isPlace(second) ? undefined : Buffer.from(data, encodingOf(third));
    if (Array.isArray(data)) return isPlace(second) ? undefined : Buffer.concat(data.map(bytesOf));
    if (!ArrayBuffer.isView(data)) return undefined;
    const where =
      typeof second === 'object' && second !== null ? second : { offset: second, length: third, position: fourth };
    const { offset, length, position } = where as { offset?: unknown; length?: unknown; position?: unknown };
    const from = numberOr(offset, 0);
    const count = numberOr(length, data.byteLength - from);
    if (isPlace(position) || from < 0 || count < 0 || from + count > data.byteLength) return undefined;
    return new Uint8Array(data.buffer, data.byteOffset + from, count);
  } catch {
    // Node says what is wrong with them.
    return undefined;
  }
}

/** Whether Node takes it for a place in a file: all else, as the encoding that sonic-boom gives there, is none to it. */
function isPlace(position: unknown): boolean {
  return typeof position === 'number' && position >= 0;
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function encodingOf(value: unknown): BufferEncoding {
  return typeof value === 'string' ? (value as BufferEncoding) : 'utf8';
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
