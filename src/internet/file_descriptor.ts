/** Streams over file descriptors. */
import { fstatSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { nodeNet } from './late_builtins.js';

/**
 * A stream over a descriptor; for 0, 1 and 2 that of the process.
 *
 * @param fd - The number of a pipe, a terminal or a socket.
 * @throws TypeError when it is something else: a file is always ready, so that there is nothing to wait for.
 */
export function openDescriptor(fd: number): Duplex {
  if (fd === 0) return process.stdin;
  if (fd === 1) return process.stdout;
  if (fd === 2) return process.stderr;
  const { isatty, ReadStream } = process.getBuiltinModule('node:tty');
  if (isatty(fd)) return new ReadStream(fd);
  const kind = fstatSync(fd);
  if (kind.isFIFO() || kind.isSocket()) return new (nodeNet().Socket)({ fd, allowHalfOpen: true });
  throw new TypeError(`Cannot watch the file descriptor ${fd}: it is no pipe, no terminal and no socket.`);
}
