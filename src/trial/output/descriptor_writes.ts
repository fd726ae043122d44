/** What is written by `fs` to the descriptors of stdout and stderr, as loggers do that go round `process.stdout`. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

// Taken before any test is loaded.
const { Buffer } = globalThis;
const nextTick = process.nextTick.bind(process);

/** Stands between such writes and one descriptor. */
export interface WatchedDescriptor {
  /** Whether what is about to be written is to be given to `printed` and go no further. */
  takes(): boolean;
  /** Called before something goes to the descriptor. */
  passing(): void;
  /** Told of what has been written, or has been taken. */
  printed(data: Uint8Array): void;
}

type Callback = (error: NodeJS.ErrnoException | null, written: number, data: unknown) => void;
type Name = 'write' | 'writeSync' | 'writev' | 'writevSync';
type Write = (fd: number, ...rest: readonly unknown[]) => number | undefined;

const NAMES: readonly Name[] = ['write', 'writeSync', 'writev', 'writevSync'];

/**
 * From now on `stdout` and `stderr` stand between `fs.write`, `fs.writeSync`, `fs.writev`, `fs.writevSync` and the descriptors 1
 * and 2, however they were imported. All other descriptors cost a comparison.
 *
 * @returns What ends it.
 */
export function watchDescriptors(stdout: WatchedDescriptor, stderr: WatchedDescriptor): () => void {
  let isOver = false;
  const patched = fs as unknown as Record<Name, Write>;
  const undo = NAMES.map((name) => {
    const original = patched[name];
    const watched = name.endsWith('Sync') ? writeSync : write;
    const replacement: Write = {
      [name](fd: number, ...rest: unknown[]) {
        if ((fd !== 1 && fd !== 2) || isOver) return original(fd, ...rest);
        return watched(fd === 1 ? stdout : stderr, original, fd, rest);
      },
    }[name] as Write;
    // With the symbol by which util.promisify knows its results.
    const properties = Object.getOwnPropertyDescriptors(original);
    delete (properties as { prototype?: unknown }).prototype;
    Object.defineProperties(replacement, properties);
    patched[name] = replacement;
    return () => {
      // Somebody else may have replaced it meanwhile, and call ours.
      if (patched[name] === replacement) patched[name] = original;
    };
  });
  syncBuiltinESMExports();
  return () => {
    isOver = true;
    for (const f of undo) f();
    syncBuiltinESMExports();
  };
}

function writeSync(watcher: WatchedDescriptor, original: Write, fd: number, rest: readonly unknown[]): number {
  const data = dataOf(rest);
  if (data === undefined) return original(fd, ...rest) ?? 0;
  if (watcher.takes()) {
    watcher.printed(data);
    return data.length;
  }
  watcher.passing();
  const count = original(fd, ...rest) ?? 0;
  if (count > 0) watcher.printed(data.subarray(0, count));
  return count;
}

function write(watcher: WatchedDescriptor, original: Write, fd: number, rest: readonly unknown[]): undefined {
  const callbackAt = rest.findLastIndex((argument) => typeof argument === 'function');
  const data = callbackAt === -1 ? undefined : dataOf(rest.slice(0, callbackAt));
  const callback = rest[callbackAt] as Callback;
  if (data === undefined) {
    original(fd, ...rest);
  } else if (watcher.takes()) {
    watcher.printed(data);
    nextTick(callback, null, data.length, rest[0]);
  } else {
    watcher.passing();
    const told: Callback = (error, count, given) => {
      if (error === null && count > 0) watcher.printed(data.subarray(0, count));
      callback(error, count, given);
    };
    original(fd, ...rest.slice(0, callbackAt), told);
  }
}

/** What such arguments write; undefined if they are refused, or name a place in a file. */
function dataOf([data, second, third, fourth]: readonly unknown[]): Uint8Array | undefined {
  try {
    if (typeof data === 'string') {
      return second === undefined || second === null ? Buffer.from(data, encodingOf(third)) : undefined;
    }
    if (Array.isArray(data))
      return second === undefined || second === null ? Buffer.concat(data.map(bytesOf)) : undefined;
    if (!ArrayBuffer.isView(data)) return undefined;
    const where =
      typeof second === 'object' && second !== null ? second : { offset: second, length: third, position: fourth };
    const { offset, length, position } = where as { offset?: unknown; length?: unknown; position?: unknown };
    const from = numberOr(offset, 0);
    const count = numberOr(length, data.byteLength - from);
    if (typeof position === 'number' || from < 0 || count < 0 || from + count > data.byteLength) return undefined;
    return new Uint8Array(data.buffer, data.byteOffset + from, count);
  } catch {
    // Node says what is wrong with them.
    return undefined;
  }
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
