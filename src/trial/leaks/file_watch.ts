/** Sees files being opened and closed: descriptors, FileHandles and streams. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { book, type Made, type Maker, type State } from './made.js';
import { capturePlace, type Place } from './place.js';

/** Of the methods that are replaced. */
type Method = (...args: readonly unknown[]) => unknown;

let currentMaker: () => Maker | undefined = () => undefined;
let undo: (() => void)[] = [];
/** The descriptors that tests have opened and not closed. */
const open = new Map<number, DescriptorMade>();

/** Begins to watch. @param maker - Whose context it is. */
export function beginFileWatch(maker: () => Maker | undefined): void {
  currentMaker = maker;
  replace(fs, 'openSync', watchOpenSync);
  replace(fs, 'open', watchOpen);
  replace(fs, 'closeSync', watchClose);
  replace(fs, 'close', watchClose);
  replace(fs, 'createReadStream', watchStream);
  replace(fs, 'createWriteStream', watchStream);
  replace(fs.promises, 'open', watchPromisedOpen);
  syncBuiltinESMExports();
}

/** Ends what `beginFileWatch` began. */
export function endFileWatch(): void {
  for (const back of undo) back();
  undo = [];
  open.clear();
  syncBuiltinESMExports();
}

/** A file that is open by its number. */
class DescriptorMade implements Made {
  readonly kind = 'file';
  readonly place: Place;
  readonly #path: unknown;
  #fd: number | undefined;
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

  closed(): void {
    this.#state = 'gone';
  }

  state(): State {
    if (this.#state === 'left' && this.#fd !== undefined && !isDescriptor(this.#fd)) this.#state = 'gone';
    return this.#state;
  }

  describe(): string {
    return `${shown(this.#path)}, as descriptor ${this.#fd ?? '(still opening)'}`;
  }

  close(): void {
    const fd = this.#fd;
    this.#state = 'gone';
    if (fd === undefined) return;
    open.delete(fd);
    fs.closeSync(fd);
  }
}

/** A file that is open as an object: a FileHandle or a stream. */
class FileMade implements Made {
  readonly kind = 'file';
  readonly place: Place;
  readonly #path: unknown;
  readonly #file: OpenFile;

  constructor(file: OpenFile, path: unknown, place: Place) {
    this.#file = file;
    this.#path = path;
    this.place = place;
  }

  state(): State {
    const { fd, closed, destroyed, readableEnded, writableEnded } = this.#file;
    if (closed === true || fd === -1) return 'gone';
    return destroyed === true || readableEnded === true || writableEnded === true ? 'closing' : 'left';
  }

  describe(): string {
    return `${this.#file.constructor.name} of ${shown(this.#path)}`;
  }

  close(): void {
    if (this.#file.destroy !== undefined) {
      this.#file.on?.('error', ignore);
      this.#file.destroy();
    } else {
      this.#file.close?.()?.then(ignore, ignore);
    }
  }
}

interface OpenFile {
  readonly fd?: number | null;
  readonly closed?: boolean;
  readonly destroyed?: boolean;
  readonly readableEnded?: boolean;
  readonly writableEnded?: boolean;
  readonly constructor: { readonly name: string };
  on?(event: string, listener: () => void): unknown;
  destroy?(): unknown;
  close?(): Promise<void> | undefined;
}

function isStandard(fd: number | null | undefined): boolean {
  return typeof fd === 'number' && fd <= 2;
}

function watchOpenSync(openSync: Method): Method {
  return function openSyncWatched(this: unknown, ...args) {
    const fd = Reflect.apply(openSync, this, args);
    const maker = currentMaker();
    if (maker !== undefined) note(maker, args[0], openSyncWatched)?.opened(fd);
    return fd;
  };
}

function watchOpen(original: Method): Method {
  return function openWatched(this: unknown, ...args) {
    const maker = currentMaker();
    const callback = args.at(-1);
    const made = maker === undefined || typeof callback !== 'function' ? undefined : note(maker, args[0], openWatched);
    if (made === undefined) return Reflect.apply(original, this, args);
    return Reflect.apply(original, this, [
      ...args.slice(0, -1),
      function opened(this: unknown, error: unknown, fd: unknown) {
        made.opened(fd);
        return Reflect.apply(callback as Method, this, [error, fd]);
      },
    ]);
  };
}

/** Node opens files for itself as well, through the same functions; it closes them, or the stream that it does it for is known. */
function note(maker: Maker, path: unknown, above: Method): DescriptorMade | undefined {
  const place = capturePlace(6, above);
  if (!place.isDirect) return undefined;
  const made = new DescriptorMade(path, place);
  book(maker, made);
  return made;
}

function watchClose(close: Method): Method {
  return function closeWatched(this: unknown, ...args) {
    const [fd] = args;
    if (typeof fd === 'number') {
      open.get(fd)?.closed();
      open.delete(fd);
    }
    return Reflect.apply(close, this, args);
  };
}

function watchStream(create: Method): Method {
  return function createStreamWatched(this: unknown, ...args) {
    const stream = Reflect.apply(create, this, args);
    const maker = currentMaker();
    // One over stdin, stdout or stderr is the process's, and the run's: to close it would end the report.
    if (maker !== undefined && !isStandard((stream as OpenFile).fd))
      book(maker, new FileMade(stream as OpenFile, args[0], capturePlace(8, createStreamWatched)));
    return stream;
  };
}

function watchPromisedOpen(original: Method): Method {
  return async function openWatched(this: unknown, ...args) {
    const maker = currentMaker();
    const place = maker === undefined ? undefined : capturePlace(8, openWatched);
    const handle = await Reflect.apply(original, this, args);
    if (maker !== undefined && place !== undefined) book(maker, new FileMade(handle as OpenFile, args[0], place));
    return handle;
  };
}

/** Puts another function in the place of one, which looks the same. */
function replace(object: object, name: string, watch: (original: Method) => Method): void {
  const original = Reflect.get(object, name) as Method;
  const watched = watch(original);
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor !== undefined && key !== 'prototype') Object.defineProperty(watched, key, descriptor);
  }
  Reflect.set(object, name, watched);
  undo.push(() => {
    // One that a test has put in its place, and not taken back, stays.
    if (Reflect.get(object, name) === watched) Reflect.set(object, name, original);
  });
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

function ignore(): undefined {
  return undefined;
}
