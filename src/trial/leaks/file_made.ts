/** Open files on a maker's books: descriptors, FileHandles, streams, folders. */
import fs from 'node:fs';
import { isReading } from './handle.js';
import { ignore } from './handle_made.js';
import { closeAndHold } from './held_descriptor.js';
import type { Made, State } from './made.js';
import type { Place } from './place.js';

/** The descriptors that tests have opened and not closed. */
export const open = new Map<number, DescriptorMade>();

/** Folders that have been asked to close. */
export const closedFolders = new WeakSet<object>();

/** What FileHandles and streams have in common, as far as it is used here. */
export interface OpenFile {
  readonly fd?: number | null;
  readonly path?: unknown;
  readonly autoClose?: boolean;
  readonly closed?: boolean;
  readonly destroyed?: boolean;
  readonly readableEnded?: boolean;
  readonly writableEnded?: boolean;
  readonly constructor: { readonly name: string };
  on?(event: string, listener: () => void): unknown;
  destroy?(): unknown;
  close?(): Promise<void> | undefined;
}

/** A file that is open as an object: a FileHandle or a stream. */
export class FileMade implements Made {
  readonly kind = 'file';
  readonly place: Place;
  readonly #path: unknown;
  readonly #file: OpenFile;
  readonly #streams: FileMade[] = [];
  #isAskedToClose = false;
  /** It is closed by force, and Node has not told that it is done. */
  #isHeld = false;

  constructor(file: OpenFile, path: unknown, place: Place) {
    this.#file = file;
    this.#path = path;
    this.place = place;
  }

  /** It is a FileHandle, and this a stream over it, which closes it. */
  handedTo(stream: FileMade): void {
    this.#streams.push(stream);
  }

  askedToClose(): void {
    this.#isAskedToClose = true;
  }

  state(): State {
    const { fd, closed, destroyed, readableEnded, writableEnded, autoClose } = this.#file;
    if (closed === true || fd === -1) return 'gone';
    if (destroyed === true || this.#isAskedToClose || this.#streams.some(isClosing)) return 'closing';
    if (readableEnded === true || writableEnded === true) return autoClose === false ? 'left' : 'closing';
    // It is at its end in a moment; what nobody reads, and what has no end, is not being read.
    return isReading(this.#file) && isRegular(fd ?? this.#path) ? 'closing' : 'left';
  }

  describe(): string {
    return `${this.#file.constructor.name} of ${shown(this.#path)}`;
  }

  close(): void {
    if (this.#file.destroy !== undefined) {
      this.#file.on?.('error', ignore);
      this.#file.destroy();
    } else {
      for (const stream of this.#streams) stream.close();
      const closing = this.#file.close?.();
      this.#isHeld = closing !== undefined;
      const done = () => {
        this.#isHeld = false;
      };
      closing?.then(done, done);
    }
  }

  isHeld(): boolean {
    return this.#isHeld;
  }
}

/** A file that is open by its number. */
export class DescriptorMade implements Made {
  readonly kind = 'file';
  readonly place: Place;
  readonly #path: unknown;
  #fd: number | undefined;
  #stream: FileMade | undefined;
  #state: State = 'left';

  constructor(path: unknown, place: Place) {
    this.#path = path;
    this.place = place;
  }

  opened(fd: unknown): void {
    if (typeof fd !== 'number') {
      this.#state = 'gone';
      return;
    }
    this.#fd = fd;
    open.set(fd, this);
  }

  /** A stream closes it. */
  handedTo(stream: FileMade): void {
    this.#stream = stream;
  }

  closed(): void {
    this.#state = 'gone';
  }

  state(): State {
    if (this.#state === 'left' && this.#fd !== undefined && !isDescriptor(this.#fd)) this.#state = 'gone';
    return this.#state === 'left' ? (this.#stream?.state() ?? 'left') : this.#state;
  }

  describe(): string {
    return `${shown(this.#path)}, as descriptor ${this.#fd ?? '(still opening)'}`;
  }

  close(): void {
    const fd = this.#fd;
    this.#state = 'gone';
    if (fd === undefined) return;
    open.delete(fd);
    if (this.#stream === undefined) closeAndHold(fd);
    else this.#stream.close();
  }

  isHeld(): boolean {
    return this.#stream?.state() === 'closing';
  }
}

/** A folder that is open to be read. */
export class FolderMade implements Made {
  readonly kind = 'file';
  readonly place: Place;
  readonly #folder: fs.Dir;
  #isHeld = false;

  constructor(folder: fs.Dir, place: Place) {
    this.#folder = folder;
    this.place = place;
  }

  state(): State {
    return closedFolders.has(this.#folder) ? 'gone' : 'left';
  }

  describe(): string {
    return `folder ${shown(this.#folder.path)}`;
  }

  close(): void {
    this.#isHeld = true;
    const done = () => {
      this.#isHeld = false;
    };
    this.#folder.close().then(done, done);
  }

  isHeld(): boolean {
    return this.#isHeld;
  }
}

function isClosing(made: Made): boolean {
  return made.state() === 'closing';
}

function isRegular(file: unknown): boolean {
  try {
    return (typeof file === 'number' ? fs.fstatSync(file) : fs.statSync(file as string)).isFile();
  } catch {
    // It is missing or has been closed, which its stream will hear of.
    return true;
  }
}

function isDescriptor(fd: number): boolean {
  try {
    fs.fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}

function shown(path: unknown): string {
  if (path instanceof URL || typeof path === 'string') return String(path);
  return Buffer.isBuffer(path) ? path.toString() : 'a file';
}
