/** Descriptors that programs open by other names of stdout and stderr, such as `/dev/stdout`. */
import fs from 'node:fs';

// Taken before any test is loaded.
const { fstatSync } = fs;
const { O_RDONLY, O_WRONLY, O_RDWR, O_APPEND, O_CREAT, O_TRUNC } = fs.constants;
const ACCESS = O_RDONLY | O_WRONLY | O_RDWR;

const NAMED = /^\/(?:dev\/std(?:(out)|err)|(?:dev|proc\/self)\/fd\/(?:(1)|2))$/;

/** Which of the two a path is another name of. */
export function descriptorNamed(path: unknown): 1 | 2 | undefined {
  const text = path instanceof URL && path.protocol === 'file:' ? path.pathname : path;
  if (typeof text !== 'string' || text[0] !== '/') return undefined;
  const match = NAMED.exec(text);
  if (match === null) return undefined;
  return match[1] === undefined && match[2] === undefined ? 2 : 1;
}

/**
 * The flags to open such a name with in order to write, given those that were asked for: nothing that was written before may be
 * lost, where it is a file. undefined: as they are.
 */
export function flagsToAppend(flags: unknown): number | undefined {
  if (typeof flags === 'string') {
    if (!/^(?:[wa]|r.?\+)/.test(flags) || flags.includes('x')) return undefined;
    return (flags.includes('+') ? O_RDWR : O_WRONLY) | O_APPEND;
  }
  if (typeof flags !== 'number' || (flags & ACCESS) === O_RDONLY) return undefined;
  return (flags & ~(O_TRUNC | O_CREAT)) | O_APPEND;
}

/** Knows those that are open. */
export class OpenedByName {
  readonly #opened = new Map<number, { readonly of: 1 | 2; readonly file: string }>();

  /** Such a name has been opened. */
  add(fd: number, of: 1 | 2): void {
    this.#opened.set(fd, { of, file: fileOf(fd) });
  }

  /** Which of the two stands behind a descriptor. */
  get(fd: number): 1 | 2 | undefined {
    if (this.#opened.size === 0) return undefined;
    const found = this.#opened.get(fd);
    if (found === undefined || found.file === fileOf(fd)) return found?.of;
    // It was closed without our knowing it, and is another file's now.
    this.#opened.delete(fd);
    return undefined;
  }
}

function fileOf(fd: number): string {
  try {
    const { dev, ino, rdev } = fstatSync(fd);
    return `${dev} ${ino} ${rdev}`;
  } catch {
    return 'closed';
  }
}
