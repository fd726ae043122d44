/** What `fs.promises.open` makes of other names of stdout and stderr. */
import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { NativePromise } from '../../internet/promises.js';

type Method = (...args: readonly unknown[]) => unknown;
type Told = (error: NodeJS.ErrnoException | null, written?: number, data?: unknown) => void;

/** By these it writes past `fs`; given what of `fs` does the same, and what comes of it. */
const METHODS = {
  write: (bytesWritten: unknown, buffer: unknown) => ({ bytesWritten, buffer }),
  writev: (bytesWritten: unknown, buffers: unknown) => ({ bytesWritten, buffers }),
  writeFile: () => undefined,
  appendFile: () => undefined,
} as const;

/** Has it write by the functions of `fs` that take its descriptor: those are stood between. */
export function writeByDescriptor(handle: FileHandle): void {
  for (const [name, resultOf] of Object.entries(METHODS)) {
    const original = Reflect.get(handle, name) as Method;
    const value = (...args: readonly unknown[]): unknown => {
      const [data] = args;
      // Streams and the like are for handles only.
      const isKnown = typeof data === 'string' || ArrayBuffer.isView(data) || Array.isArray(data);
      if (!isKnown || handle.fd < 0) return Reflect.apply(original, handle, args);
      return new NativePromise((resolve, reject) => {
        const told: Told = (error, written) => (error ? reject(error) : resolve(resultOf(written, data)));
        Reflect.apply(Reflect.get(fs, name) as Method, fs, [handle.fd, ...args, told]);
      });
    };
    Object.defineProperty(handle, name, { value, configurable: true, writable: true });
  }
}
