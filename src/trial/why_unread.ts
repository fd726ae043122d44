import type { Stats } from 'node:fs';
import { forgetPipe } from './character_device.js';
import { fs } from './load/node_fs.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'cannot be read: permission denied (EACCES)',
  EPERM: 'cannot be read: permission denied (EPERM)',
  EISDIR: 'is a folder, not a file',
  ELOOP: 'is a symbolic link that leads back to itself (ELOOP)',
  ENAMETOOLONG: 'cannot be read: the name is too long (ENAMETOOLONG)',
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist: what its path names as a folder is none',
  ERR_INVALID_ARG_VALUE: 'is no path: there is a null byte in it',
};

/** Why the file system refused, as the end of a sentence. */
export function whyUnread(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? `cannot be read: ${message}`;
}

/** What is wrong with something that is there and yet neither a file nor a folder, as the end of a sentence; undefined: it is not there. */
export function whyNoFile(path: string): string | undefined {
  let stat: Stats | undefined;
  try {
    stat = fs.lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    if (stat.isSymbolicLink()) {
      const target = fs.readlinkSync(path);
      stat = fs.statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) return `is a symbolic link to ${target}, which does not exist`;
    }
  } catch (error) {
    return whyUnread(error);
  }
  forgetPipe();
  if (stat.isFIFO()) return 'is a named pipe, not a file';
  if (stat.isSocket()) return 'is a socket, not a file';
  return stat.isFile() || stat.isDirectory() ? undefined : 'is a device, not a file';
}
